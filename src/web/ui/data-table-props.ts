import type { ReactNode } from 'react';
import type { Sort } from './data-table.ts';
import type { DataColumn } from './data-table-row.tsx';

/** Which rows are selected, and how that changes. */
export interface Selection {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
}

/** What a virtual table shows, and what it tells. */
export interface DataTableProps<T> {
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
