import { type InfiniteData, keepPreviousData, type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiProblem } from '../../../sdk/problem.ts';
import type { Schemas } from '../../app/api.ts';
import { onEvent, type TenantEvent } from '../../app/live.ts';
import { concernedBy } from './concerned.ts';

const COALESCE_MS = 1_000;
/** An answer is as good as new for so long, unless an event tells otherwise. */
export const FRESH_MS = 60_000;

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
    staleTime: FRESH_MS,
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

/** Keeps the answers of a property fresh while it is on the screen: what happens to it is shown at once. */
export function useLiveProperty(propertyId: string): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    let isAll = false;
    const names = new Set<string>();
    const flush = () => {
      timer = undefined;
      last = Date.now();
      const every = isAll;
      const some = new Set(names);
      isAll = false;
      names.clear();
      void client.invalidateQueries({
        queryKey: answerKey(propertyId),
        predicate: ({ queryKey }) => every || some.has(String(queryKey[2])),
      });
    };
    const end = onEvent((event) => {
      if (event.propertyId !== propertyId) return;
      client.setQueryData<TimelinePages>(answerKey(propertyId, ['timeline']), (known) => withEvent(known, event));
      const concerned = concernedBy(event.type, event.payload);
      isAll ||= concerned === null;
      for (const name of concerned ?? []) names.add(name);
      timer ??= setTimeout(flush, Math.max(0, last + COALESCE_MS - Date.now()));
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [client, propertyId]);
}

type TimelinePages = InfiniteData<{ items: Schemas['PropertyEvent'][]; next_cursor: string | null }, string>;

/** The timeline with an event that was just heard in front; the next answer of the API takes its place. */
function withEvent(known: TimelinePages | undefined, event: TenantEvent): TimelinePages | undefined {
  const [first, ...rest] = known?.pages ?? [];
  if (known === undefined || first === undefined) return known;
  const heard: Schemas['PropertyEvent'] = {
    event_id: `heard-${event.id}`,
    event_type: event.type,
    timestamp: new Date().toISOString(),
    payload: event.payload,
    metadata: {},
    position: Number(event.id) || 0,
    subject: '',
    correlation_id: '',
  };
  return { ...known, pages: [{ ...first, items: [heard, ...first.items] }, ...rest] };
}
