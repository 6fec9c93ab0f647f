import { CircleCheck, CircleDashed } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';
import { SelectField } from '../../ui/field.tsx';
import type { SimpleColumn } from '../../ui/simple-table.tsx';
import { ColumnTable } from './column-table.tsx';
import { type ColumnRow, choose, chooseUnit, type Draft, sureness } from './columns.ts';
import { FIELD_GROUPS, fieldLabel, type Need, unitLabel, unitsOf } from './fields.ts';
import styles from './upload.module.css';

interface MappingProps {
  rows: readonly ColumnRow[];
  draft: Draft;
  isReadOnly: boolean;
  onChange: (draft: Draft) => void;
}

const OTHERS = [
  { value: 'keep', text: 'Keep as published' },
  { value: 'ignore', text: 'Leave out' },
];

/** Each column of the file: its values, what it is taken for and in which unit, and how sure that is. */
export function Mapping({ rows, draft, isReadOnly, onChange }: MappingProps) {
  const unit: SimpleColumn<ColumnRow> = {
    id: 'unit',
    header: 'Written in',
    width: 160,
    cell: (row) => (
      <UnitChoice row={row} isReadOnly={isReadOnly} onChoose={(unit) => onChange(chooseUnit(draft, row, unit))} />
    ),
  };
  return (
    <ColumnTable
      rows={rows}
      fixed={(row) => (isReadOnly ? <ReadAs row={row} /> : null)}
      chosen={(row) => (row.isIgnored ? 'ignore' : (row.field ?? 'keep'))}
      onChoose={(row, what) => onChange(choose(draft, row, what))}
      others={OTHERS}
      groups={FIELD_GROUPS}
      labelOf={fieldLabel}
      sureness={(row) => <Sureness row={row} />}
      more={[unit]}
    />
  );
}

function ReadAs({ row }: { row: ColumnRow }) {
  if (row.isIgnored) return <span className="muted">left out</span>;
  return row.field === null ? <span className="muted">kept as published</span> : fieldLabel(row.field);
}

interface ChoiceProps {
  row: ColumnRow;
  isReadOnly: boolean;
  onChoose: (value: string) => void;
}

function UnitChoice({ row, isReadOnly, onChoose }: ChoiceProps) {
  const units = unitsOf(row.field);
  const known = row.unit !== null && !units.includes(row.unit) ? [row.unit, ...units] : units;
  if (isReadOnly || row.isIgnored || known.length === 0) {
    return <span className="muted">{row.unit === null || row.isIgnored ? '' : unitLabel(row.unit)}</span>;
  }
  return (
    <SelectField
      label={`How “${row.column}” is written`}
      isLabelHidden
      value={row.unit ?? ''}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">as usual</option>
      {known.map((unit) => (
        <option key={unit} value={unit}>
          {unitLabel(unit)}
        </option>
      ))}
    </SelectField>
  );
}

function Sureness({ row }: { row: ColumnRow }) {
  const { text, tone, about } = sureness(row);
  return (
    <Badge tone={tone} title={about}>
      {text}
    </Badge>
  );
}

/** What a record of this kind needs, and which column holds it. */
export function Needs({ kind, needs }: { kind: string | null; needs: ReadonlyArray<Pick<Need, 'label' | 'columns'>> }) {
  if (needs.length === 0) return null;
  return (
    <div>
      <h3>What a {kind} needs</h3>
      <ul className={styles.needs}>
        {needs.map(({ label, columns }) => (
          <li key={label} data-missing={columns.length === 0 || undefined}>
            {columns.length > 0 ? (
              <CircleCheck size={16} aria-hidden="true" />
            ) : (
              <CircleDashed size={16} aria-hidden="true" />
            )}
            <span>
              {label}: {columns.length > 0 ? columns.join(', ') : 'no column yet. Choose it below.'}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
