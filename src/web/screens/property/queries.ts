import { keepPreviousData, type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiProblem } from '../../../sdk/problem.ts';
import { onEvent } from '../../app/live.ts';

/** What only a comment, a message or an assignment changes; everything else stays as it was. */
const LIGHT = new Set(['timeline', 'comments', 'messages', 'assignees', 'tags', 'detail', 'lead']);
const COALESCE_MS = 1_000;

/**
 * An answer of the API about one property. It is asked again when an event of this property arrives, not at those of
 * all others. `ask` gives the data; `name` tells answers of the same property apart.
 */
export function usePropertyAnswer<T>(
  propertyId: string,
  name: readonly unknown[],
  ask: () => Promise<T>,
  { enabled = true, keepsPrevious = false }: { enabled?: boolean; keepsPrevious?: boolean } = {},
) {
  return useQuery({
    queryKey: answerKey(propertyId, name),
    queryFn: ask,
    enabled,
    staleTime: 60_000,
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
    retry: (failures: number, error: unknown) => failures < 2 && !(error instanceof ApiProblem && error.status < 500),
  });
}

/** The key of an answer about a property. */
export function answerKey(propertyId: string, name: readonly unknown[] = []): QueryKey {
  return ['property', propertyId, ...name];
}

/** Asks the answers of a property again: all, or those of these names. */
export function useRefreshProperty(propertyId: string): (...names: string[]) => void {
  const client = useQueryClient();
  return (...names) => {
    if (names.length === 0) void client.invalidateQueries({ queryKey: answerKey(propertyId) });
    for (const name of names) void client.invalidateQueries({ queryKey: answerKey(propertyId, [name]) });
  };
}

/** Keeps the answers of a property fresh while it is on the screen. */
export function useLiveProperty(propertyId: string): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    let isAll = false;
    const flush = () => {
      timer = undefined;
      last = Date.now();
      const every = isAll;
      isAll = false;
      void client.invalidateQueries({
        queryKey: answerKey(propertyId),
        predicate: ({ queryKey }) => every || LIGHT.has(String(queryKey[2])),
      });
    };
    const end = onEvent((event) => {
      if (event.propertyId !== propertyId) return;
      isAll ||= event.type !== 'timeline.updated';
      timer ??= setTimeout(flush, Math.max(0, last + COALESCE_MS - Date.now()));
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [client, propertyId]);
}
