import { api } from '../../app/api.ts';

interface Listed {
  items: ReadonlyArray<{
    market: string;
    segment: string;
    grain: 'week' | 'month' | 'quarter';
    periods: number;
    from: string;
    to: string;
  }>;
}

/** Which markets and segments there are figures of. */
export function useMarkets() {
  return api.useQuery('get', '/api/v1/market/markets', {}, { staleTime: 300_000 });
}

/** The segments, `all` first, with the chosen one even when nothing is known of it. */
export function segmentsOf(markets: Listed | undefined, chosen: string): string[] {
  const found = new Set((markets?.items ?? []).map(({ segment }) => segment));
  found.add(chosen);
  found.delete('all');
  return ['all', ...[...found].sort()];
}

/** The names of the markets of a segment, each once, in order. */
export function marketNames(markets: Listed | undefined, segment: string): string[] {
  return [...new Set((markets?.items ?? []).filter((one) => one.segment === segment).map(({ market }) => market))];
}
