import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './simple-table.module.css';

/** A column of a table: `cell` draws its part of a row. */
export interface SimpleColumn<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Least width in px. */
  width?: number;
  /** Figures stand at the end. */
  align?: 'end';
  /** The header is read out, not shown: columns of buttons. */
  isHeaderHidden?: boolean;
}

interface SimpleTableProps<T> {
  /** What the table lists, for screen readers. */
  label: string;
  columns: ReadonlyArray<SimpleColumn<T>>;
  rows: readonly T[];
  getRowId: (row: T) => string;
  /** Shown in place of rows when there are none. */
  empty?: ReactNode;
  /** The id of the row that is marked. */
  markedId?: string | undefined;
}

/** A table of at most some hundred rows; on phones each row is a list, headed by its first column. */
export function SimpleTable<T>({ label, columns, rows, getRowId, empty, markedId }: SimpleTableProps<T>) {
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map(({ id, header, width, align, isHeaderHidden }) => (
              <th key={id} scope="col" className={align && styles.end} style={width ? { minWidth: width } : undefined}>
                {isHeaderHidden ? <span className="visually-hidden">{header}</span> : header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const rowId = getRowId(row);
            return (
              <tr key={rowId} className={classNames(rowId === markedId && styles.marked)}>
                {columns.map(({ id, header, cell, align, isHeaderHidden }) => (
                  <td key={id} className={align && styles.end} data-header={isHeaderHidden ? undefined : header}>
                    <div className={styles.cell}>{cell(row)}</div>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
