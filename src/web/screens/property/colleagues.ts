import { keepPreviousData } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import type { Person } from './mention-text.ts';

/** The active users whose name begins like this, 8 at most; all names for ''. */
export function useColleagues(query: string, enabled = true): Person[] {
  const { data } = api.useQuery(
    'get',
    '/api/v1/colleagues',
    { params: { query: { limit: 8, ...(query !== '' && { q: query }) } } },
    { staleTime: 300_000, enabled, placeholderData: keepPreviousData },
  );
  return data?.items ?? [];
}
