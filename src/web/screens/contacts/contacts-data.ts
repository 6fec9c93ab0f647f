import { useInfiniteQuery } from '@tanstack/react-query';
import { take } from '../../../sdk/client.ts';
import { api, client } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';
import type { ContactKind } from './contact-draft.ts';

const PAGE = 200;

/** What the list is narrowed to. */
export interface ContactFilter {
  kind?: ContactKind | undefined;
  status?: 'active' | 'archived' | undefined;
  tag?: string | undefined;
  address?: string | undefined;
  /** Words that the server looks for in what is sealed. */
  q?: string | undefined;
}

/** Contacts, page after page. */
export function useContacts(filter: ContactFilter) {
  return useInfiniteQuery({
    queryKey: ['get', '/api/v1/contacts', { params: { query: filter } }, 'pages'],
    queryFn: ({ pageParam: cursor, signal }) =>
      take(client.GET('/api/v1/contacts', { params: { query: { ...filter, cursor, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  });
}

/** One contact. */
export function useContact(id: string) {
  return api.useQuery('get', '/api/v1/contacts/{id}', { params: { path: { id } } });
}

/** Has everything about contacts asked again, after something was changed. */
export function refreshContacts(): void {
  const roots = ['/api/v1/contacts', '/api/v1/buy-boxes', '/api/v1/suppressions'];
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => roots.some((root) => String(queryKey[1]).startsWith(root)),
  });
}
