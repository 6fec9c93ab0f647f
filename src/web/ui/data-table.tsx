// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, which a table's own elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid around the rows holds the focus
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useId, useRef } from 'react';
import { classNames } from './class-names.ts';
import styles from './data-table.module.css';
import { gridTemplate, nextSort, rowAfterKey } from './data-table.ts';
import { DataHeader } from './data-table-header.tsx';
import { allOf, useActions, useActiveRow, useEndReached, useShownColumns } from './data-table-hooks.ts';
import type { DataTableProps } from './data-table-props.ts';
import { DataRow } from './data-table-row.tsx';

export type { Selection } from './data-table-props.ts';
export type { DataColumn } from './data-table-row.tsx';

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
    overscan: 6,
    scrollPaddingStart: 36,
    useFlushSync: false,
  });
  const active = useActiveRow(props, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  const actions = useActions(props, active.move);
  const items = virtual.getVirtualItems();
  // A row that comes into sight takes the place of one that left: changing its text costs less than making it anew.
  const slots = useRef(1);
  slots.current = Math.max(slots.current, items.length);
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
  const columnCount = shown.length + (selection ? 1 : 0);
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={(props.totalCount ?? rows.length) + 1}
      aria-colcount={columnCount}
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
                key={index % slots.current}
                domId={`${gridId}-${index}`}
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
        {props.footer && (
          <div role="row" className={styles.footer}>
            <div role="gridcell" aria-colspan={columnCount}>
              {props.footer}
            </div>
          </div>
        )}
      </div>
    </div>
  );
}
