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
  return {
    key,
    read: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load: (first, firstCursor) => {
      const from = cursor === undefined ? firstCursor : cursor;
      if (state.isLoading || from === null) return;
      if (cursor === undefined) firstIds = idsOf(first);
      const mine = generation;
      set({ isLoading: true, error: null });
      ask(from).then(
        ({ items, next }) => {
          if (mine !== generation) return;
          cursor = next;
          set({ rows: [...state.rows, ...items], isLoading: false });
        },
        (error: unknown) => {
          if (mine === generation) set({ isLoading: false, error });
        },
      );
    },
    clear: () => {
      generation += 1;
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
