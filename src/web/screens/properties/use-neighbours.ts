import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { knownProperty, prefetchProperty } from '../property/property-query.ts';

/** The detail rests so long before the next is asked for: whoever steps on needs it no more. */
const REST_MS = 150;

/**
 * While a property is open, the next of the list is asked for ahead, and the one before where it was never seen: a step shows
 * it at once.
 */
export function useNeighbours(rows: ReadonlyArray<{ id: string }>, openId: string | undefined): void {
  const queries = useQueryClient();
  const index = openId === undefined ? -1 : rows.findIndex(({ id }) => id === openId);
  const next = index < 0 ? undefined : rows[index + 1]?.id;
  const before = index < 1 ? undefined : rows[index - 1]?.id;
  useEffect(() => {
    const timer = setTimeout(() => {
      if (next !== undefined && knownProperty(queries, next) !== 'fresh') void prefetchProperty(queries, next);
      if (before !== undefined && knownProperty(queries, before) === 'no') void prefetchProperty(queries, before);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [queries, next, before]);
}
