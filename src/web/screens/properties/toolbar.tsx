import { useQuery } from '@tanstack/react-query';
import { Keyboard, Search, SlidersHorizontal, Sparkles, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { chipsOf, type Names } from './filter-words.ts';
import { focusWhenLost } from './focus-when-lost.ts';
import { countFilters, type ListFilter, type ListSort, type ListState, SORTS } from './search-params.ts';
import styles from './toolbar.module.css';
import { useSyncedText } from './use-synced-text.ts';
import { ViewSwitch } from './view-switch.tsx';

interface ToolbarProps {
  state: ListState;
  names: Names;
  isPhone: boolean;
  onFilter: (change: Partial<ListFilter>) => void;
  onState: (change: Partial<ListState>) => void;
  /** Shows or hides the filters. */
  onFilters: () => void;
  areFiltersShown: boolean;
  onKeys: () => void;
}

/** Words, place, order, view; below them what the list is narrowed by. */
export function Toolbar({
  state,
  names,
  isPhone,
  onFilter,
  onState,
  onFilters,
  areFiltersShown,
  onKeys,
}: ToolbarProps) {
  const { filter, sort, view, meaning } = state;
  const canMean = useCanSearchByMeaning();
  const chips = chipsOf(filter, names);
  const count = countFilters(filter);
  const bar = useRef<HTMLDivElement>(null);
  // What was pressed is gone: the keys go on at the next that is left, or at the button of the filters.
  const goOn = () =>
    focusWhenLost(() => bar.current?.querySelector<HTMLElement>('ul button') ?? bar.current?.querySelector('button'));
  return (
    <div ref={bar} className={styles.toolbar}>
      <div className={styles.line}>
        <Button
          icon={<SlidersHorizontal size={16} />}
          aria-expanded={areFiltersShown}
          aria-label={count === 0 ? 'Filters' : `Filters, ${count} set`}
          onClick={onFilters}
        >
          {isPhone ? count || null : `Filters${count > 0 ? ` · ${count}` : ''}`}
        </Button>
        {meaning === undefined ? (
          <WordsField
            key="words"
            label="Words of address, owner, parcel number or remarks"
            placeholder="Words, owner, parcel number"
            value={filter.q ?? ''}
            most={300}
            hasKey
            onCommit={(q) => onFilter({ q: q || undefined })}
          />
        ) : (
          <WordsField
            key="meaning"
            label="What you look for, in plain words"
            placeholder="Such as: quiet street, needs work, large garden"
            value={meaning}
            most={500}
            hasKey
            onCommit={(text) => onState({ meaning: text || undefined })}
          />
        )}
        {canMean && (
          <Button
            aria-pressed={meaning !== undefined}
            variant={meaning === undefined ? 'quiet' : 'secondary'}
            icon={<Sparkles size={16} />}
            onClick={() => {
              if (meaning === undefined) onState({ meaning: filter.q ?? 'home', filter: { ...filter, q: undefined } });
              else onState({ meaning: undefined, filter: { ...filter, q: meaning } });
            }}
          >
            By meaning
          </Button>
        )}
        {!isPhone && (
          <WordsField
            label="City, City ST, ZIP code or state"
            placeholder="City, ZIP or state"
            value={filter.location ?? ''}
            most={100}
            onCommit={(location) => onFilter({ location: location || undefined })}
          />
        )}
        {meaning === undefined && (
          <SelectField
            label="Order"
            isLabelHidden
            value={sort}
            onChange={(event) => onState({ sort: event.target.value as ListSort })}
          >
            {SORTS.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </SelectField>
        )}
        <ViewSwitch view={view} isPhone={isPhone} onView={(next) => onState({ view: next })} />
        {!isPhone && (
          <Button
            variant="quiet"
            icon={<Keyboard size={18} />}
            aria-label="Keys of this screen"
            title="Keys of this screen (?)"
            onClick={onKeys}
          />
        )}
      </div>
      {chips.length > 0 && (
        <ul className={styles.chips} aria-label="The list is narrowed by">
          {chips.map(({ text, without }) => (
            <li key={text}>
              <button
                type="button"
                className={styles.chip}
                onClick={() => {
                  onFilter(without);
                  goOn();
                }}
              >
                <span className="cut">{text}</span>
                <X size={13} aria-hidden="true" />
                <span className="visually-hidden">: take away</span>
              </button>
            </li>
          ))}
          <li>
            <Button
              size="small"
              variant="quiet"
              onClick={() => {
                onState({ filter: {}, saved: undefined });
                goOn();
              }}
            >
              Clear all
            </Button>
          </li>
        </ul>
      )}
    </div>
  );
}

interface WordsFieldProps {
  label: string;
  placeholder: string;
  value: string;
  most: number;
  hasKey?: boolean;
  onCommit: (text: string) => void;
}

/** Takes what was typed after a short pause, at once with Enter. */
function WordsField({ label, placeholder, value, most, hasKey, onCommit }: WordsFieldProps) {
  const { text, setText, give } = useSyncedText(value);
  const input = useRef<HTMLInputElement>(null);
  const commit = useRef(onCommit);
  commit.current = (given) => {
    give(given);
    onCommit(given);
  };
  useShortcuts(hasKey ? { s: () => input.current?.focus() } : {});
  const hasFocus = useRef(false);
  useEffect(() => {
    if (text.trim() === value || !hasFocus.current) return;
    const timer = setTimeout(() => commit.current(text.trim()), 600);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <div className={styles.words}>
      <Search size={15} aria-hidden="true" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        title={label}
        placeholder={placeholder}
        maxLength={most}
        value={text}
        onFocus={() => {
          hasFocus.current = true;
        }}
        onBlur={() => {
          hasFocus.current = false;
        }}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit.current(text.trim());
          if (event.key === 'Escape') input.current?.blur();
        }}
      />
    </div>
  );
}

/** Whether this installation has a model that understands descriptions. */
function useCanSearchByMeaning(): boolean {
  const { data } = useQuery({
    queryKey: ['settings', '/dashboard.json'],
    queryFn: async () => (await (await fetch('/dashboard.json')).json()) as { semantic_search?: boolean },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data?.semantic_search === true;
}
