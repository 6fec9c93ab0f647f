import { CircleCheck, CircleDashed } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';
import { SelectField } from '../../ui/field.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { type ColumnRow, choose, chooseUnit, type Draft, sureness } from './columns.ts';
import { FIELD_GROUPS, fieldLabel, type Need, unitLabel, unitsOf } from './fields.ts';
import styles from './upload.module.css';

interface MappingProps {
  rows: readonly ColumnRow[];
  draft: Draft;
  isReadOnly: boolean;
  onChange: (draft: Draft) => void;
}

/** Each column of the file: its values, what it is taken for, and how sure that is. */
export function Mapping({ rows, draft, isReadOnly, onChange }: MappingProps) {
  const columns: ReadonlyArray<SimpleColumn<ColumnRow>> = [
    { id: 'column', header: 'Column in the file', width: 150, cell: (row) => <strong>{row.column}</strong> },
    { id: 'examples', header: 'Values', width: 170, cell: (row) => <Examples texts={row.examples} /> },
    {
      id: 'field',
      header: 'Is read as',
      width: 220,
      cell: (row) => (
        <FieldChoice row={row} isReadOnly={isReadOnly} onChoose={(what) => onChange(choose(draft, row, what))} />
      ),
    },
    {
      id: 'unit',
      header: 'Written in',
      width: 160,
      cell: (row) => (
        <UnitChoice row={row} isReadOnly={isReadOnly} onChoose={(unit) => onChange(chooseUnit(draft, row, unit))} />
      ),
    },
    { id: 'sure', header: 'How sure', width: 140, cell: (row) => <Sureness row={row} /> },
  ];
  return (
    <div className={styles.mapping}>
      <SimpleTable label="Columns of the file" columns={columns} rows={rows} getRowId={({ column }) => column} />
    </div>
  );
}

function Examples({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return <span className="muted">no values</span>;
  return (
    <span className={styles.examples}>
      {texts.map((text) => (
        <code key={text}>{text}</code>
      ))}
    </span>
  );
}

interface ChoiceProps {
  row: ColumnRow;
  isReadOnly: boolean;
  onChoose: (value: string) => void;
}

function FieldChoice({ row, isReadOnly, onChoose }: ChoiceProps) {
  if (isReadOnly) {
    if (row.isIgnored) return <span className="muted">left out</span>;
    return row.field === null ? <span className="muted">kept as published</span> : fieldLabel(row.field);
  }
  const isKnown = FIELD_GROUPS.some(({ fields }) => row.field !== null && fields.includes(row.field));
  return (
    <SelectField
      label={`What “${row.column}” holds`}
      isLabelHidden
      value={row.isIgnored ? 'ignore' : (row.field ?? 'keep')}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="keep">Keep as published</option>
      <option value="ignore">Leave out</option>
      {row.field !== null && !isKnown && <option value={row.field}>{fieldLabel(row.field)}</option>}
      {FIELD_GROUPS.map(({ label, fields }) => (
        <optgroup key={label} label={label}>
          {fields.map((field) => (
            <option key={field} value={field}>
              {fieldLabel(field)}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
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
export function Needs({ kind, needs }: { kind: string | null; needs: readonly Need[] }) {
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
