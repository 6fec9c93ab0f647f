import { keepPreviousData } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { api, client } from '../../app/api.ts';
import { createPages, type Pages } from './pages.ts';
import type { Row } from './row-words.ts';
import { filterKey, type ListFilter, type ListState } from './search-params.ts';

/** Rows of the first answer; it is asked for again when something happens. */
export const FIRST_PAGE = 100;
/** Rows of the pages after it; the most that the API gives at once. */
const NEXT_PAGE = 200;

/** As many can be selected at once by their number. */
export const MOST_SELECTED = 5_000;

/** A row, and how near its meaning is to what was looked for. */
export type ListRow = Row & { similarity?: number };

let last: Pages<Row> | undefined;

/** The pages of a list; those last seen are still there after a look at another screen. */
function pagesOf(filter: ListFilter, sort: ListState['sort']): Pages<Row> {
  const key = `${sort} ${filterKey(filter)}`;
  if (last?.key === key) return last;
  last = createPages<Row>(key, async (cursor) => {
    const query = { ...filter, sort, limit: NEXT_PAGE, cursor };
    const { data } = await client.GET('/api/v1/properties/search', { params: { query } });
    return { items: data?.properties ?? [], next: data?.next_cursor ?? null };
  });
  return last;
}

/**
 * The list of the state (nothing is asked while it is held): its first page as the cache has it (renewed at events), further pages as they are asked for,
 * kept outside of the cache: a hundred thousand rows are neither renewed at each event nor written to the disk.
 */
export function useList({ filter, sort, meaning }: Pick<ListState, 'filter' | 'sort' | 'meaning'>, isHeld = false) {
  const isByMeaning = meaning !== undefined;
  const first = api.useQuery(
    'get',
    '/api/v1/properties/search',
    { params: { query: { ...filter, sort, limit: FIRST_PAGE } } },
    { placeholderData: keepPreviousData, enabled: !isByMeaning && !isHeld },
  );
  const near = api.useQuery(
    'get',
    '/api/v1/properties/semantic',
    { params: { query: { ...filter, semantic: meaning ?? '', limit: 100 } } },
    { placeholderData: keepPreviousData, enabled: isByMeaning && !isHeld },
  );
  const pages = pagesOf(filter, sort);
  const more = useSyncExternalStore(pages.subscribe, pages.read);
  const answer = first.data;
  const isOwn = !first.isPlaceholderData;
  const rows: readonly ListRow[] = useMemo(() => {
    if (isByMeaning) return (near.data?.properties ?? []).map(({ property, similarity }) => bare(property, similarity));
    if (answer === undefined) return [];
    return isOwn ? pages.after(answer.properties, more.rows) : answer.properties;
  }, [isByMeaning, near.data, answer, isOwn, pages, more.rows]);
  const query = isByMeaning ? near : first;
  return {
    rows,
    total: isByMeaning ? rows.length : answer?.total_count,
    isEstimate: !isByMeaning && answer?.total_count_is_estimate === true,
    isPending: query.isPending,
    /** What is shown belongs to other filters; the answer is under way. */
    isRenewing: query.isPlaceholderData,
    isFetching: query.isFetching,
    error: query.error,
    updatedAt: query.dataUpdatedAt,
    refetch: () => {
      pages.clear();
      void query.refetch();
    },
    hasMore: !isByMeaning && isOwn && more.hasMore(answer?.next_cursor ?? null),
    moreError: more.error,
    /** Since further pages came, the first has other rows: what is below may have moved. */
    hasMoved: isOwn && answer !== undefined && pages.hasMoved(answer.properties),
    /** Every id of the list, up to `MOST_SELECTED`; pages that are not here yet are asked for. */
    loadIds: async (): Promise<string[]> => {
      if (isByMeaning || !isOwn || answer === undefined) return rows.map(({ id }) => id);
      const below = await pages.loadAll(answer.properties, answer.next_cursor, MOST_SELECTED);
      const all = pages.after(answer.properties, below);
      return all.slice(0, MOST_SELECTED).map(({ id }) => id);
    },
    loadMore: () => {
      if (!isByMeaning && isOwn && answer !== undefined) pages.load(answer.properties, answer.next_cursor);
    },
  };
}

type Near = Omit<Row, 'apn' | 'score_confidence' | 'simulated_fields' | 'top_reason' | 'value_high' | 'value_low'>;

/** A property that was found by its meaning: its answer has no score in short. */
function bare(property: Near, similarity: number): ListRow {
  const none = { apn: null, score_confidence: null, top_reason: null, value_high: null, value_low: null };
  return { ...property, ...none, simulated_fields: 0, similarity };
}
