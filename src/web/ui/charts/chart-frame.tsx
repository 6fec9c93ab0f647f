import { type ReactNode, useState } from 'react';
import { Button } from '../button.tsx';
import styles from './charts.module.css';

interface ChartFrameProps {
  label: string;
  /** The unit in words, behind the label. */
  unit?: string;
  /** A sentence under the chart: what it is of, how many, as of when. */
  note?: ReactNode;
  legend?: ReactNode;
  /** The same figures as a table: header and rows. */
  columns: readonly string[];
  rows: ReadonlyArray<readonly ReactNode[]>;
  children: ReactNode;
  /** Something in place of the chart when it has no figures. */
  empty?: ReactNode;
}

/** What is around every chart: its title and unit, its legend, and the same figures as a table. */
export function ChartFrame({ label, unit, note, legend, columns, rows, children, empty }: ChartFrameProps) {
  const [isTable, setTable] = useState(false);
  return (
    <figure className={styles.frame}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{label}</span>
        {unit && <span className={styles.unit}>{unit}</span>}
        {rows.length > 0 && (
          <Button
            variant="quiet"
            size="small"
            className={styles.toggle}
            aria-label={isTable ? `Show as chart: ${label}` : `Show as table: ${label}`}
            onClick={() => setTable(!isTable)}
          >
            {isTable ? 'Show as chart' : 'Show as table'}
          </Button>
        )}
      </figcaption>
      {rows.length === 0 ? (
        <p className={styles.nothing}>{empty ?? 'There are no figures to draw yet.'}</p>
      ) : isTable ? (
        <ChartTable label={label} columns={columns} rows={rows} />
      ) : (
        <>
          {children}
          {legend}
        </>
      )}
      {note && <p className={styles.note}>{note}</p>}
    </figure>
  );
}

function ChartTable({ label, columns, rows }: Pick<ChartFrameProps, 'label' | 'columns' | 'rows'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.tableArea} tabIndex={0} aria-label={`${label}, as a table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have a fixed order
            <tr key={index}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={columns[at]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={columns[at]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
