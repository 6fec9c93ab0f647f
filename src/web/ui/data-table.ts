/** A sort as the API takes it: `price` rising, `-price` falling. */
export type Sort = string;

/** The column of a sort, and whether it falls. */
export function readSort(sort: Sort | undefined): { column: string; isFalling: boolean } | null {
  if (!sort) return null;
  return sort.startsWith('-') ? { column: sort.slice(1), isFalling: true } : { column: sort, isFalling: false };
}

/** The sort after a press on a column's header: `first` says which way a column begins. */
export function nextSort(sort: Sort | undefined, column: string, first: 'rising' | 'falling' = 'rising'): Sort {
  const now = readSort(sort);
  if (now?.column === column) return now.isFalling ? column : `-${column}`;
  return first === 'falling' ? `-${column}` : column;
}

/** What `aria-sort` says of a column. */
export function ariaSort(sort: Sort | undefined, column: string): 'ascending' | 'descending' | 'none' {
  const now = readSort(sort);
  if (now?.column !== column) return 'none';
  return now.isFalling ? 'descending' : 'ascending';
}

/** The row a key leads to; null for keys that move nowhere. `page` is how many rows are seen at once. */
export function rowAfterKey(key: string, index: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const bounded = (value: number) => Math.min(count - 1, Math.max(0, value));
  switch (key) {
    case 'ArrowDown':
      return bounded(index + 1);
    case 'ArrowUp':
      return bounded(index - 1);
    case 'PageDown':
      return bounded(index + Math.max(1, page - 1));
    case 'PageUp':
      return bounded(index - Math.max(1, page - 1));
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** The set with the id added or taken away. */
export function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** The set with every id from one place to another, both included, as Shift and a click select. */
export function withRange(
  selected: ReadonlySet<string>,
  ids: readonly string[],
  from: number,
  to: number,
): ReadonlySet<string> {
  return new Set([...selected, ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)]);
}

/** `grid-template-columns` of columns: each at least its width, and growing by its share. */
export function gridTemplate(columns: ReadonlyArray<{ width?: number; grow?: number }>): string {
  return columns
    .map(({ width = 120, grow = 0 }) => (grow > 0 ? `minmax(${width}px, ${grow}fr)` : `${width}px`))
    .join(' ');
}
