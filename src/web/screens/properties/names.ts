import { useMemo } from 'react';
import { api } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import type { Names } from './filter-words.ts';

const HOUR_MS = 3_600_000;

/** The configured counties; they change with the configuration alone. */
export function useCounties() {
  return api.useQuery('get', '/api/v1/counties', {}, { staleTime: HOUR_MS });
}

/** The first 200 tags by name. */
export function useTags() {
  const may = useMay();
  return api.useQuery(
    'get',
    '/api/v1/tags',
    { params: { query: { limit: 200 } } },
    { enabled: may('timeline:read'), staleTime: 60_000 },
  );
}

/** What codes of the filter stand for. */
export function useNames(): Names {
  const { data: counties } = useCounties();
  const { data: tags } = useTags();
  const me = useMe().data?.user?.id;
  return useMemo(() => {
    const byFips = new Map(counties?.items.map(({ fips, name }) => [fips, name]));
    const byId = new Map(tags?.items.map(({ id, name }) => [id, name]));
    return {
      county: (fips) => byFips.get(fips) ?? `County ${fips}`,
      tag: (id) => byId.get(id) ?? 'that is gone',
      me,
    };
  }, [counties, tags, me]);
}
