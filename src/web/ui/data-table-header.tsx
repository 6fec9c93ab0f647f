// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, which a table's own elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid around the rows holds the focus
import { ArrowDown, ArrowUp } from 'lucide-react';
import { classNames } from './class-names.ts';
import styles from './data-table.module.css';
import { ariaSort, type Sort } from './data-table.ts';
import type { DataColumn } from './data-table-row.tsx';

interface HeaderProps<T> {
  columns: ReadonlyArray<DataColumn<T>>;
  sort: Sort | undefined;
  onSort: ((column: string, first: 'rising' | 'falling' | undefined) => void) | undefined;
  /** How many rows are selected; undefined where rows are not selected. */
  all: 'none' | 'some' | 'all' | undefined;
  onAll: (isAll: boolean) => void;
  /** Shown only while the focus is in it. */
  isHidden: boolean;
}

/** The names of the columns; those that sort are buttons. */
export function DataHeader<T>({ columns, sort, onSort, all, onAll, isHidden }: HeaderProps<T>) {
  const offset = all === undefined ? 1 : 2;
  return (
    <div role="rowgroup" className={isHidden ? styles.hiddenHead : styles.head}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        {all !== undefined && (
          <div role="columnheader" aria-colindex={1} className={styles.check}>
            <input
              type="checkbox"
              aria-label="Select every row that is loaded"
              checked={all === 'all'}
              ref={(input) => {
                if (input) input.indeterminate = all === 'some';
              }}
              onChange={() => onAll(all !== 'all')}
            />
          </div>
        )}
        {columns.map(({ id, header, align, sortable, firstSort, about }, index) => {
          const key = typeof sortable === 'string' ? sortable : id;
          const state = ariaSort(sort, key);
          return (
            <div
              key={id}
              role="columnheader"
              aria-colindex={index + offset}
              aria-sort={sortable && onSort ? state : undefined}
              className={classNames(styles.headCell, align && styles.end)}
              title={about}
            >
              {sortable && onSort ? (
                <button type="button" className={styles.sort} onClick={() => onSort(key, firstSort)}>
                  {header}
                  {state === 'ascending' && <ArrowUp size={13} aria-hidden="true" />}
                  {state === 'descending' && <ArrowDown size={13} aria-hidden="true" />}
                </button>
              ) : (
                header
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
