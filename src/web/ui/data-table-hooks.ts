import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { toggled, withRange } from './data-table.ts';
import type { DataTableProps, Selection } from './data-table-props.ts';
import type { DataColumn } from './data-table-row.tsx';

const features = tableFeatures({ columnVisibilityFeature });
const NO_ROWS: never[] = [];
/** More is asked for when fewer rows than this are left below. */
const ROWS_AHEAD = 240;

/**
 * The columns that are shown, by TanStack Table. It is given no rows: building its model of them anew for every page
 * that is appended would take longer than a frame from some ten thousand rows on.
 */
export function useShownColumns<T>(columns: ReadonlyArray<DataColumn<T>>, hidden: readonly string[] | undefined) {
  const helper = useMemo(() => createColumnHelper<typeof features, { id: string }>(), []);
  const defs = useMemo(
    () => helper.columns(columns.map(({ id, header }) => helper.display({ id, header }))),
    [columns, helper],
  );
  const visibility = useMemo(() => Object.fromEntries((hidden ?? []).map((id) => [id, false])), [hidden]);
  const table = useTable({ features, columns: defs, data: NO_ROWS, state: { columnVisibility: visibility } });
  const key = table
    .getVisibleLeafColumns()
    .map(({ id }) => id)
    .join(' ');
  return useMemo(() => {
    const ids = new Set(key.split(' '));
    return columns.filter(({ id }) => ids.has(id));
  }, [columns, key]);
}

/** How many of the rows are selected. */
export function allOf<T>(
  rows: readonly T[],
  getRowId: (row: T) => string,
  { selected }: Selection,
): 'none' | 'some' | 'all' {
  if (selected.size === 0) return 'none';
  // Fewer selected than there are rows: no need to look at each.
  if (selected.size < rows.length) return 'some';
  return rows.every((row) => selected.has(getRowId(row))) ? 'all' : 'some';
}

/** The row that the keys act on: the screen's, or one's own. */
export function useActiveRow<T>(
  { rows, getRowId, activeId, onActive }: DataTableProps<T>,
  show: (index: number) => void,
) {
  const [ownId, setOwnId] = useState<string | null>(null);
  const id = activeId === undefined ? ownId : activeId;
  const index = useMemo(() => (id === null ? -1 : rows.findIndex((row) => getRowId(row) === id)), [rows, getRowId, id]);
  const showRef = useRef(show);
  showRef.current = show;
  useEffect(() => {
    if (index >= 0) showRef.current(index);
  }, [index]);
  const move = (next: number) => {
    const row = rows[next];
    if (row === undefined) return;
    setOwnId(getRowId(row));
    onActive?.(getRowId(row));
  };
  return { index, move };
}

/** What rows and keys do; the same functions at every drawing, so that rows need not be drawn anew. */
export function useActions<T>(props: DataTableProps<T>, move: (index: number) => void) {
  const now = useRef({ props, move });
  now.current = { props, move };
  const anchor = useRef(0);
  return useMemo(() => {
    const open = (index: number) => {
      const row = now.current.props.rows[index];
      if (row !== undefined) now.current.props.onOpen?.(row);
    };
    const select = (index: number, isRange: boolean) => {
      const { rows, getRowId, selection } = now.current.props;
      const row = rows[index];
      if (row === undefined || selection === undefined) return;
      selection.onChange(
        isRange
          ? withRange(selection.selected, rows.map(getRowId), anchor.current, index)
          : toggled(selection.selected, getRowId(row)),
      );
      anchor.current = index;
      now.current.move(index);
    };
    const press = (index: number, event: MouseEvent) => {
      if ((event.target as Element).closest('a, button, input, label, select')) return;
      if (event.shiftKey && now.current.props.selection) {
        select(index, true);
        return;
      }
      now.current.move(index);
      open(index);
    };
    const selectAll = (isAll: boolean) => {
      const { rows, getRowId, selection } = now.current.props;
      selection?.onChange(isAll ? new Set(rows.map(getRowId)) : new Set());
    };
    return { open, select, press, selectAll };
  }, []);
}

/** Asks for more while there are still some screens of rows below. */
export function useEndReached(lastIndex: number, count: number, onEndReached: (() => void) | undefined): void {
  const isNear = count > 0 && lastIndex >= count - ROWS_AHEAD;
  const ask = useRef(onEndReached);
  ask.current = onEndReached;
  useEffect(() => {
    if (isNear && count > 0) ask.current?.();
  }, [isNear, count]);
}
