import type { ReactNode } from 'react';
import { SelectField } from '../../ui/field.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import styles from './upload.module.css';

/** A column of somebody's file, with some of its values. */
export interface FileColumn {
  column: string;
  examples: readonly string[];
}

interface ColumnTableProps<T extends FileColumn> {
  rows: readonly T[];
  /** What is said in place of the choice; null leaves the choice to the person. */
  fixed?: (row: T) => ReactNode;
  chosen: (row: T) => string;
  onChoose: (row: T, value: string) => void;
  /** What a column can be besides a field. */
  others: ReadonlyArray<{ value: string; text: string }>;
  groups: ReadonlyArray<{ label: string; fields: readonly string[] }>;
  labelOf: (field: string) => string;
  /** How it came to be read so. */
  sureness: (row: T) => ReactNode;
  /** Columns between what it is read as and how sure that is. */
  more?: ReadonlyArray<SimpleColumn<T>>;
}

/** Each column of a file: its values, what it is taken for, and how sure that is. */
export function ColumnTable<T extends FileColumn>(props: ColumnTableProps<T>) {
  const columns: ReadonlyArray<SimpleColumn<T>> = [
    { id: 'column', header: 'Column in the file', width: 150, cell: (row) => <strong>{row.column}</strong> },
    { id: 'examples', header: 'Values', width: 170, cell: (row) => <Examples texts={row.examples} /> },
    {
      id: 'field',
      header: 'Is read as',
      width: 220,
      cell: (row) => props.fixed?.(row) ?? <FieldChoice {...props} row={row} />,
    },
    ...(props.more ?? []),
    { id: 'sure', header: 'How sure', width: 140, cell: props.sureness },
  ];
  return (
    <div className={styles.mapping}>
      <SimpleTable label="Columns of the file" columns={columns} rows={props.rows} getRowId={({ column }) => column} />
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

function FieldChoice<T extends FileColumn>({
  row,
  chosen,
  onChoose,
  others,
  groups,
  labelOf,
}: ColumnTableProps<T> & { row: T }) {
  const value = chosen(row);
  const isKnown = others.some((other) => other.value === value) || groups.some(({ fields }) => fields.includes(value));
  return (
    <SelectField
      label={`What “${row.column}” holds`}
      isLabelHidden
      value={value}
      onChange={({ target }) => onChoose(row, target.value)}
    >
      {others.map((other) => (
        <option key={other.value} value={other.value}>
          {other.text}
        </option>
      ))}
      {!isKnown && <option value={value}>{labelOf(value)}</option>}
      {groups.map(({ label, fields }) => (
        <optgroup key={label} label={label}>
          {fields.map((field) => (
            <option key={field} value={field}>
              {labelOf(field)}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}
