import type { County } from '../domain/county.ts';
import { findCounty, loadCounties } from './counties.ts';

/** The configured counties, looked up by either name. */
export interface Counties {
  all: readonly County[];
  byFips(fips: string): County | undefined;
  /** @throws ReosError `not_found` naming the counties that exist */
  find(key: string): County;
}

/** Loads every county file once. @throws ReosError `validation` naming file, line and path */
export async function openCounties(configDir: string): Promise<Counties> {
  const all = await loadCounties(configDir);
  const fips = new Map(all.map((county) => [county.fips, county]));
  return { all, byFips: (code) => fips.get(code), find: (key) => findCounty(all, key) };
}
