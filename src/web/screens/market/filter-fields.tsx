import { SelectField } from '../../ui/field.tsx';
import { SEVERITIES, sentence } from './market-words.ts';
import type { Address } from './use-address.ts';

interface FilterProps {
  address: Address;
  change: (values: Address) => void;
}

/** Which part of the market is looked at: all of it, or one of its segments. */
export function SegmentField({ segments, address, change }: FilterProps & { segments: readonly string[] }) {
  return (
    <SelectField
      label="Segment"
      value={address.segment ?? 'all'}
      onChange={({ target }) => change({ segment: target.value === 'all' ? '' : target.value })}
    >
      {segments.map((one) => (
        <option key={one} value={one}>
          {one === 'all' ? 'The whole market' : one}
        </option>
      ))}
    </SelectField>
  );
}

/** How severe what is shown must be. */
export function SeverityField({ address, change }: FilterProps) {
  return (
    <SelectField
      label="Severity"
      value={address.severity ?? ''}
      onChange={({ target }) => change({ severity: target.value })}
    >
      <option value="">All severities</option>
      {SEVERITIES.map((one) => (
        <option key={one} value={one}>
          {sentence(one.toLowerCase())}
        </option>
      ))}
    </SelectField>
  );
}
