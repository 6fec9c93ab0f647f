interface PagesState<T> {
  rows: readonly T[];
  error: unknown;
  isLoading: boolean;
  /** Whether there are more, where the first page ends at this cursor. */
  hasMore: (firstCursor: string | null) => boolean;
}

/** Pages after the first one, each asked for once. */
export interface Pages<T> {
  readonly key: string;
  read: () => PagesState<T>;
  subscribe: (listener: () => void) => () => void;
  /** Asks for the page after the last; nothing while one is under way, or when there is none. */
  load: (first: readonly T[], firstCursor: string | null) => void;
  /** Asks for one page after the other until `most` rows are there, or the last page; rejects with what went wrong. */
  loadAll: (first: readonly T[], firstCursor: string | null, most: number) => Promise<readonly T[]>;
  /** Forgets all of them. */
  clear: () => void;
  /** The first page and what comes after it; a row that moved between them is there once. */
  after: (first: readonly T[], more: readonly T[]) => readonly T[];
  /** Whether the first page has other rows than when the second was asked for. */
  hasMoved: (first: readonly T[]) => boolean;
}

/** Rows of a list page after page, kept for as long as the list is the same. */
export function createPages<T extends { id: string }>(
  key: string,
  ask: (cursor: string) => Promise<{ items: readonly T[]; next: string | null }>,
): Pages<T> {
  const listeners = new Set<() => void>();
  let cursor: string | null | undefined;
  let firstIds = '';
  let generation = 0;
  const hasMore = (firstCursor: string | null) => (cursor === undefined ? firstCursor : cursor) !== null;
  let state: PagesState<T> = { rows: [], error: null, isLoading: false, hasMore };
  const set = (next: Partial<PagesState<T>>) => {
    state = { ...state, ...next, hasMore: (firstCursor) => hasMore(firstCursor) };
    for (const listener of listeners) listener();
  };
  let underWay: Promise<void> | null = null;
  const next = (first: readonly T[], firstCursor: string | null): Promise<void> => {
    const from = cursor === undefined ? firstCursor : cursor;
    if (underWay !== null) return underWay;
    if (from === null) return Promise.resolve();
    if (cursor === undefined) firstIds = idsOf(first);
    const mine = generation;
    set({ isLoading: true, error: null });
    const work = ask(from).then(
      (page) => {
        if (mine !== generation) return;
        underWay = null;
        cursor = page.next;
        set({ rows: [...state.rows, ...page.items], isLoading: false });
      },
      (error: unknown) => {
        if (mine !== generation) return;
        underWay = null;
        set({ isLoading: false, error });
      },
    );
    underWay = work;
    return work;
  };
  return {
    key,
    read: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load: (first, firstCursor) => {
      void next(first, firstCursor);
    },
    loadAll: async (first, firstCursor, most) => {
      while (hasMore(firstCursor) && first.length + state.rows.length < most) {
        await next(first, firstCursor);
        if (state.error !== null) throw state.error;
      }
      return state.rows;
    },
    clear: () => {
      generation += 1;
      underWay = null;
      cursor = undefined;
      firstIds = '';
      set({ rows: [], isLoading: false, error: null });
    },
    after: (first, more) => {
      if (more.length === 0) return first;
      const seen = new Set(first.map(({ id }) => id));
      const all = [...first];
      for (const row of more) {
        if (seen.has(row.id)) continue;
        seen.add(row.id);
        all.push(row);
      }
      return all;
    },
    hasMoved: (first) => firstIds !== '' && firstIds !== idsOf(first),
  };
}

const idsOf = (rows: ReadonlyArray<{ id: string }>) => rows.map(({ id }) => id).join(' ');
