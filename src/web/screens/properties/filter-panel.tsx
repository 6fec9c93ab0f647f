import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, humanise } from '../../lib/format.ts';
import { placeName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FacetChoice } from './facet-choice.tsx';
import { bandWords, byPrice } from './filter-words.ts';
import styles from './filters.module.css';
import { focusWhenLost } from './focus-when-lost.ts';
import { useCounties, useTags } from './names.ts';
import { QueueChoice } from './queue-choice.tsx';
import { RangeFields } from './range-fields.tsx';
import { bandPrices, countFilters, type ListFilter, STATUSES } from './search-params.ts';
import { useSyncedText } from './use-synced-text.ts';

interface FilterPanelProps {
  filter: ListFilter;
  onChange: (change: Partial<ListFilter>) => void;
  onClear: () => void;
  /** The list is there: counts may be asked for. */
  isReady: boolean;
  /** There is no room for the place beside the words: it stands here. */
  isPhone: boolean;
  /** A dialog around it has the title already. */
  isTitled?: boolean;
  /** Narrows to what a search by meaning can be narrowed by; its counts are of all that fit the filters. */
  note?: ReactNode;
}

/** Everything that narrows the list, with how many fit each choice. */
export function FilterPanel({ filter, onChange, onClear, isReady, isPhone, isTitled, note }: FilterPanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  const facets = useFacets(filter, isReady);
  const counties = useCounties();
  const status = facets?.status ?? [];
  const band = byPrice(facets?.price_band ?? []);
  return (
    <div ref={panel} className={styles.panel}>
      <div className="row spread">
        {isTitled ? <span /> : <h2>Filters</h2>}
        {countFilters(filter) > 0 && (
          <Button
            size="small"
            variant="quiet"
            onClick={() => {
              onClear();
              // The button goes away with the last filter: the keys go on at the first choice.
              focusWhenLost(() => panel.current?.querySelector<HTMLElement>('fieldset button'));
            }}
          >
            Clear all
          </Button>
        )}
      </div>
      {note}
      <QueueChoice filter={filter} onChange={onChange} />
      {isPhone && (
        <WordField
          label="City, ZIP or state"
          most={100}
          value={filter.location}
          onChange={(location) => onChange({ location })}
        />
      )}
      <FacetChoice
        label="Status"
        counts={status}
        order={STATUSES}
        chosen={filter.status}
        write={humanise}
        onChoose={(value) => onChange({ status: STATUSES.find((one) => one === value) })}
      />
      <RangeFields filter={filter} onChange={onChange}>
        <FacetChoice
          label="List price bands"
          isLabelHidden
          counts={band}
          chosen={band.find(({ value }) => isBand(filter, value))?.value}
          write={bandWords}
          isFixed={(value) => bandPrices(value) === null}
          onChoose={(value) =>
            onChange({ min_price: undefined, max_price: undefined, ...(value === undefined ? {} : bandPrices(value)) })
          }
        />
      </RangeFields>
      <FacetChoice
        label="City"
        counts={facets?.city ?? []}
        chosen={filter.city}
        write={placeName}
        onChoose={(city) => onChange({ city })}
      />
      <SelectField
        label="County"
        value={filter.county ?? ''}
        onChange={(event) => onChange({ county: event.target.value || undefined })}
      >
        <option value="">Any county</option>
        {counties.data?.items.map(({ fips, name, state }) => (
          <option key={fips} value={fips}>
            {name}, {state}
          </option>
        ))}
        {filter.county && !counties.data?.items.some(({ fips }) => fips === filter.county) && (
          <option value={filter.county}>County {filter.county}</option>
        )}
      </SelectField>
      <WordField
        label="ZIP code"
        inputMode="numeric"
        most={20}
        value={filter.zip_code}
        onChange={(zip_code) => onChange({ zip_code })}
      />
      <FacetChoice
        label="Type"
        counts={facets?.property_type ?? []}
        chosen={filter.property_type}
        write={(value) => value}
        onChoose={(property_type) => onChange({ property_type })}
      />
      <TagFilter filter={filter} onChange={onChange} />
    </div>
  );
}

/** Counts by facet; those of the filters before stay until the new ones are there. */
function useFacets(filter: ListFilter, isReady: boolean) {
  const options = api.queryOptions('get', '/api/v1/properties/search', {
    params: { query: { ...filter, facets: true, limit: 1 } },
  });
  const query = useQuery({
    ...options,
    enabled: isReady,
    staleTime: 30_000,
    placeholderData: (before) => before,
  });
  return query.data?.facets;
}

function isBand(filter: ListFilter, band: string): boolean {
  const prices = bandPrices(band);
  return prices !== null && prices.min_price === filter.min_price && prices.max_price === filter.max_price;
}

interface WordFieldProps {
  label: string;
  value: string | undefined;
  most: number;
  inputMode?: 'numeric' | 'text';
  onChange: (value: string | undefined) => void;
}

/** Taken when it is left, or with Enter. */
function WordField({ label, value, most, inputMode = 'text', onChange }: WordFieldProps) {
  const { text, setText, give } = useSyncedText(value ?? '');
  const commit = () => {
    const next = text.trim() || undefined;
    if (next === value) return;
    give(next ?? '');
    onChange(next);
  };
  return (
    <TextField
      label={label}
      inputMode={inputMode}
      autoComplete="off"
      maxLength={most}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

function TagFilter({ filter, onChange }: Pick<FilterPanelProps, 'filter' | 'onChange'>) {
  const may = useMay();
  const tags = useTags();
  if (!may('timeline:read') || tags.data === undefined || tags.data.items.length === 0) return null;
  const chosen = new Set(filter.tags?.split(','));
  const press = (id: string) => {
    const next = chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id].slice(0, 50);
    onChange({ tags: next.join(',') || undefined });
  };
  return (
    <fieldset className={styles.group}>
      <legend>
        Tags <span className="muted small">any of those chosen, of {formatCount(tags.data.items.length)}</span>
      </legend>
      <ul className={styles.tags}>
        {tags.data.items.map(({ id, name }) => (
          <li key={id}>
            <button type="button" className={styles.tag} aria-pressed={chosen.has(id)} onClick={() => press(id)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
