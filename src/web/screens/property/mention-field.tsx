import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { TextAreaField } from '../../ui/field.tsx';
import { useColleagues } from './colleagues.ts';
import type { Draft } from './draft.ts';
import { type Person, typedMention, withMention } from './mention-text.ts';
import styles from './timeline.module.css';

interface MentionFieldProps extends Draft {
  label: string;
  isFocused: boolean;
  error: string | undefined;
  onChange: (draft: Draft) => void;
  /** Ctrl or Cmd with Enter. */
  onSend: () => void;
}

/** Lines of text in which `@` offers colleagues: arrow keys choose, Enter or Tab puts the name in, Escape does not. */
export function MentionField({ label, text, people, isFocused, error, onChange, onSend }: MentionFieldProps) {
  const frame = useRef<HTMLDivElement>(null);
  const listId = useId();
  const [caret, setCaret] = useState(text.length);
  const [chosen, setChosen] = useState(0);
  const [isDismissed, setDismissed] = useState(false);
  const typed = isDismissed ? null : typedMention(text, caret);
  const found = useColleagues(typed?.query ?? '', typed !== null);
  const offered = typed === null ? [] : found;
  const active = Math.min(chosen, offered.length - 1);
  /** Where the caret goes when the name that was put in is shown. */
  const caretToCome = useRef<number | null>(null);
  const area = () => frame.current?.querySelector('textarea') ?? null;

  useEffect(() => {
    const field = frame.current?.querySelector('textarea');
    if (!isFocused || !field) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }, [isFocused]);

  const put = (person: Person) => {
    if (typed === null) return;
    const next = withMention(text, caret, typed.start, person);
    onChange({ text: next.text, people: [...people.filter(({ id }) => id !== person.id), person] });
    setCaret(next.caret);
    setChosen(0);
    caretToCome.current = next.caret;
    area()?.focus();
  };

  // At once with the text: a frame later the focus may have gone on to the button, and must not be taken back.
  useLayoutEffect(() => {
    const at = caretToCome.current;
    if (at === null || text.length < at) return;
    caretToCome.current = null;
    frame.current?.querySelector('textarea')?.setSelectionRange(at, at);
  }, [text]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
      return;
    }
    if (offered.length === 0) return;
    const acts: Record<string, () => void> = {
      ArrowDown: () => setChosen((active + 1) % offered.length),
      ArrowUp: () => setChosen((active + offered.length - 1) % offered.length),
      Enter: () => put(offered[active]!),
      Tab: () => put(offered[active]!),
      Escape: () => setDismissed(true),
    };
    const act = acts[event.key];
    if (act === undefined || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the field within
    <div ref={frame} className={styles.field} onKeyDown={onKeyDown}>
      <TextAreaField
        label={label}
        hint="@ names a colleague, who is told. Ctrl and Enter sends."
        error={error}
        value={text}
        maxLength={9_000}
        aria-autocomplete="list"
        aria-controls={offered.length > 0 ? listId : undefined}
        aria-activedescendant={offered.length > 0 ? `${listId}-${active}` : undefined}
        onChange={(event) => {
          setDismissed(false);
          setCaret(event.target.selectionStart);
          onChange({ text: event.target.value, people });
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
      />
      {offered.length > 0 && (
        <div role="listbox" id={listId} aria-label="Colleagues" className={styles.people}>
          {offered.map((person, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and its arrow keys choose
            <div
              key={person.id}
              role="option"
              id={`${listId}-${index}`}
              aria-selected={index === active}
              tabIndex={-1}
              className={styles.person}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => put(person)}
            >
              {person.name}
            </div>
          ))}
        </div>
      )}
      <span className="visually-hidden" aria-live="polite">
        {offered.length > 0 && `${offered.length} colleagues; arrow keys choose`}
      </span>
    </div>
  );
}
