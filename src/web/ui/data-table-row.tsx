// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, which a table's own elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid around the rows holds the focus
import { type MouseEvent, memo, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './data-table.module.css';

/** A column of a virtual table. */
export interface DataColumn<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Width in px, 120 unless told. */
  width?: number;
  /** Share of the room that is left; 0: the column keeps its width. */
  grow?: number;
  align?: 'end';
  /** `true`: sorted by the column's id; a text: the name the sort has in the API. */
  sortable?: boolean | string;
  /** Which way a first press sorts. */
  firstSort?: 'rising' | 'falling';
  /** What the column means, in the header's tooltip. */
  about?: string;
}

interface RowProps<T> {
  domId: string;
  row: T;
  index: number;
  top: number;
  height: number;
  columns: ReadonlyArray<DataColumn<T>>;
  isActive: boolean;
  /** Undefined where rows are not selected. */
  isSelected: boolean | undefined;
  rowLabel: string | undefined;
  onPress: (index: number, event: MouseEvent) => void;
  onSelect: (index: number, isRange: boolean) => void;
}

function Row<T>(props: RowProps<T>) {
  const { domId, row, index, top, height, columns, isActive, isSelected, rowLabel, onPress, onSelect } = props;
  const offset = isSelected === undefined ? 1 : 2;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
    <div
      role="row"
      id={domId}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classNames(styles.row, isActive && styles.active, isSelected && styles.selected)}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={(event) => onPress(index, event)}
    >
      {isSelected !== undefined && (
        <div role="gridcell" aria-colindex={1} className={styles.check}>
          <input
            type="checkbox"
            checked={isSelected}
            aria-label={`Select ${rowLabel ?? `row ${index + 1}`}`}
            tabIndex={-1}
            onChange={(event) => {
              onSelect(index, (event.nativeEvent as globalThis.MouseEvent).shiftKey);
              // The box may soon stand for another row: the keys go on from the grid.
              event.currentTarget.closest<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
            }}
          />
        </div>
      )}
      {columns.map(({ id, cell, align }, column) => (
        <div
          key={id}
          role="gridcell"
          aria-colindex={column + offset}
          className={classNames(styles.cell, align && styles.end)}
        >
          {cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A row is drawn anew only when something of it changed. */
export const DataRow = memo(Row) as typeof Row;
