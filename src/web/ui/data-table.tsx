// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, which a table's own elements do not allow
import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { classNames } from './class-names.ts';
import styles from './data-table.module.css';
import { gridTemplate, nextSort, rowAfterKey, type Sort, toggled, withRange } from './data-table.ts';
import { DataHeader } from './data-table-header.tsx';
import { type DataColumn, DataRow } from './data-table-row.tsx';

export type { DataColumn } from './data-table-row.tsx';

/** Which rows are selected, and how that changes. */
export interface Selection {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
}

interface DataTableProps<T> {
  /** What the table lists, for screen readers. */
  label: string;
  rows: readonly T[];
  /** Keep its identity between renders (a constant or `useMemo`): rows are drawn anew when it changes. */
  columns: ReadonlyArray<DataColumn<T>>;
  getRowId: (row: T) => string;
  /** Enter, or a press on a row. */
  onOpen?: (row: T) => void;
  selection?: Selection;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  /** Height of every row in px, 44 unless told. */
  rowHeight?: number;
  /** Called when fewer than some screens of rows are left below. */
  onEndReached?: () => void;
  /** The row the keys act on, where the screen holds it. */
  activeId?: string | null | undefined;
  onActive?: (id: string) => void;
  /** The header is read out, not shown: lists of one column. */
  hasHiddenHeader?: boolean;
  /** Ids of columns that are not shown. */
  hiddenColumns?: readonly string[];
  /** Names a row for screen readers. */
  rowLabel?: (row: T) => string;
  /** How many rows there are in all, where not all are here. */
  totalCount?: number | undefined;
  /** The rows are being renewed: they are shown dimmed. */
  isRenewing?: boolean;
  /** Under the last row: that more is loading, or that this is the end. */
  footer?: ReactNode;
  /** `fill`: as high as what it is in; a CSS length otherwise. */
  height?: string;
}

const features = tableFeatures({ columnVisibilityFeature });
const NO_ROWS: never[] = [];
/** More is asked for when fewer rows than this are left below. */
const ROWS_AHEAD = 120;

/**
 * Any number of rows, of which those in sight are in the page: a grid with one row active, moved by the arrow keys,
 * Home, End, Page up and down; Enter opens, Space selects, Shift and a press select a range.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, rows, columns, getRowId, selection, rowHeight = 44, height = 'min(70vh, 640px)' } = props;
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useShownColumns(columns, props.hiddenColumns);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: 36,
    useFlushSync: false,
  });
  const active = useActiveRow(props, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  const actions = useActions(props, active.move);
  const items = virtual.getVirtualItems();
  useEndReached(items.at(-1)?.index ?? 0, rows.length, props.onEndReached);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1;
    const next = rowAfterKey(event.key, active.index, rows.length, page);
    if (next !== null) active.move(next);
    else if (event.key === 'Enter' && props.onOpen) actions.open(Math.max(0, active.index));
    else if (event.key === ' ' && selection) actions.select(Math.max(0, active.index), event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const activeRow = rows[active.index];
  const activeDomId = items.some(({ index }) => index === active.index) && activeRow !== undefined;
  const template = `${selection ? '40px ' : ''}${gridTemplate(shown)}`;
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={(props.totalCount ?? rows.length) + 1}
      aria-colcount={shown.length + (selection ? 1 : 0)}
      aria-multiselectable={selection ? true : undefined}
      aria-busy={props.isRenewing || undefined}
      aria-activedescendant={activeDomId ? `${gridId}-${active.index}` : undefined}
      tabIndex={0}
      className={classNames(styles.grid, props.isRenewing && styles.renewing)}
      style={{ height: height === 'fill' ? '100%' : undefined, maxHeight: height === 'fill' ? undefined : height }}
      onKeyDown={onKeyDown}
    >
      <div className={styles.content} style={{ '--columns': template } as Record<string, string>}>
        <DataHeader
          columns={shown}
          sort={props.sort}
          onSort={props.onSort && ((column, first) => props.onSort?.(nextSort(props.sort, column, first)))}
          all={selection && rows.length > 0 ? allOf(rows, getRowId, selection) : selection && 'none'}
          onAll={actions.selectAll}
          isHidden={props.hasHiddenHeader === true}
        />
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const rowId = getRowId(row);
            return (
              <DataRow
                key={rowId}
                domId={`${gridId}-${index}`}
                rowId={rowId}
                row={row}
                index={index}
                top={start}
                height={rowHeight}
                columns={shown}
                isActive={index === active.index}
                isSelected={selection?.selected.has(rowId)}
                rowLabel={selection && props.rowLabel?.(row)}
                onPress={actions.press}
                onSelect={actions.select}
              />
            );
          })}
        </div>
      </div>
      {props.footer && <div className={styles.footer}>{props.footer}</div>}
    </div>
  );
}

/**
 * The columns that are shown, by TanStack Table. It is given no rows: building its model of them anew for every page
 * that is appended would take longer than a frame from some ten thousand rows on.
 */
function useShownColumns<T>(columns: ReadonlyArray<DataColumn<T>>, hidden: readonly string[] | undefined) {
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

function allOf<T>(rows: readonly T[], getRowId: (row: T) => string, { selected }: Selection): 'none' | 'some' | 'all' {
  if (selected.size === 0) return 'none';
  // Fewer selected than there are rows: no need to look at each.
  if (selected.size < rows.length) return 'some';
  return rows.every((row) => selected.has(getRowId(row))) ? 'all' : 'some';
}

/** The row that the keys act on: the screen's, or one's own. */
function useActiveRow<T>({ rows, getRowId, activeId, onActive }: DataTableProps<T>, show: (index: number) => void) {
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
function useActions<T>(props: DataTableProps<T>, move: (index: number) => void) {
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
function useEndReached(lastIndex: number, count: number, onEndReached: (() => void) | undefined): void {
  const isNear = count > 0 && lastIndex >= count - ROWS_AHEAD;
  const ask = useRef(onEndReached);
  ask.current = onEndReached;
  useEffect(() => {
    if (isNear && count > 0) ask.current?.();
  }, [isNear, count]);
}
