import { type ReactNode, useState } from 'react';
import { TextField } from '../../ui/field.tsx';
import styles from './filters.module.css';
import { type ListFilter, RANGES, type RangeName } from './search-params.ts';
import { useSyncedText } from './use-synced-text.ts';

interface RangeFieldsProps {
  filter: ListFilter;
  onChange: (change: Partial<ListFilter>) => void;
  /** Shown under the first range, the price. */
  children: ReactNode;
}

/** Least and most of each figure; taken when the field is left or Enter is pressed. */
export function RangeFields({ filter, onChange, children }: RangeFieldsProps) {
  return RANGES.map((range) => (
    <fieldset key={range.key} className={styles.group}>
      <legend>
        {range.label} {range.unit && <span className="muted small">{range.unit}</span>}
      </legend>
      <div className={styles.range}>
        <Bound
          name={`min_${range.key}`}
          label={`${range.label} from`}
          range={range}
          filter={filter}
          onChange={onChange}
        />
        <span aria-hidden="true">–</span>
        <Bound
          name={`max_${range.key}`}
          label={`${range.label} to`}
          range={range}
          filter={filter}
          onChange={onChange}
        />
      </div>
      {range.key === 'price' && children}
    </fieldset>
  ));
}

interface BoundProps {
  name: RangeName;
  label: string;
  range: (typeof RANGES)[number];
  filter: ListFilter;
  onChange: (change: Partial<ListFilter>) => void;
}

function Bound({ name, label, range, filter, onChange }: BoundProps) {
  const value = filter[name];
  const { text, setText, give } = useSyncedText(value === undefined ? '' : String(value));
  const [error, setError] = useState<string>();
  const commit = () => {
    const next = text.replace(/[$,\s]/g, '') === '' ? undefined : Number(text.replace(/[$,\s]/g, ''));
    if (next !== undefined && !(next >= 0 && next <= range.most)) {
      setError(`A number from 0 to ${range.most.toLocaleString('en-US')}`);
      return;
    }
    setError(undefined);
    const whole = next !== undefined && range.key === 'year' ? Math.round(next) : next;
    if (whole === value) return;
    give(whole === undefined ? '' : String(whole));
    onChange({ [name]: whole });
  };
  return (
    <TextField
      label={label}
      isLabelHidden
      inputMode="decimal"
      autoComplete="off"
      placeholder={name.startsWith('min') ? 'from' : 'to'}
      value={text}
      error={error}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
