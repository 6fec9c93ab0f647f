import { type UseQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { take } from '../../../sdk/client.ts';
import { api, client, type Schemas } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';

export type Campaign = Schemas['Campaign'];
export type CampaignMetrics = Schemas['CampaignMetrics'];
export type OutboxMessage = Schemas['OutboxMessage'];

const PAGE = 100;

/** The figures of one campaign. */
export function useMetrics(campaignId: string) {
  return api.useQuery('get', '/api/v1/campaigns/{id}/metrics', { params: { path: { id: campaignId } } });
}

/** Messages with whom they are to, the newest first, page after page. */
export function useOutbox(filter: { status?: string | undefined; campaign_id?: string | undefined }) {
  return useInfiniteQuery({
    queryKey: ['get', '/api/v1/outbox', { params: { query: filter } }, 'pages'],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(client.GET('/api/v1/outbox', { params: { query: { ...filter, cursor, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  });
}

/** Has everything about outreach asked again, after something was changed. */
export function refreshOutreach(): void {
  const roots = ['/api/v1/campaigns', '/api/v1/messages', '/api/v1/outreach', '/api/v1/outbox'];
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => roots.some((root) => String(queryKey[1]).startsWith(root)),
  });
}

type Listed<T> = Pick<UseQueryResult<T, unknown>, 'data' | 'error' | 'isPending' | 'dataUpdatedAt' | 'refetch'>;

/** A query of pages as one of rows, for `QueryView`. */
export function asRows<T>(
  query: { error: unknown; isPending: boolean; dataUpdatedAt: number; refetch: () => Promise<unknown> },
  rows: T | undefined,
): Listed<T> {
  const { error, isPending, dataUpdatedAt, refetch } = query;
  return { data: rows, error, isPending, dataUpdatedAt, refetch } as Listed<T>;
}
