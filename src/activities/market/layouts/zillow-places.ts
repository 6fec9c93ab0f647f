import { isStateName } from '../../../domain/market/levels.ts';
import { tidyName } from './values.ts';

/** Columns that name a place, −1 where absent, and the level of the whole file where no column says it. */
export interface Places {
  region: number;
  type: number;
  state: number;
  county: number;
  city: number;
  level: string | undefined;
}

/**
 * Which columns name the place of a row. Files from before 2020 have no RegionType: their level is in the file's name, or
 * follows from their columns.
 * @param names headers, normalised
 * @param named the level by the file's name
 */
export function findPlaces(
  names: readonly string[],
  sample: ReadonlyArray<readonly string[]>,
  named: string | undefined,
): Places {
  const state = names.indexOf('state');
  const where = {
    region: names.indexOf('regionname'),
    type: names.indexOf('regiontype'),
    state: state < 0 ? names.indexOf('statename') : state,
    county: names.indexOf('countyname'),
    city: names.indexOf('city'),
  };
  if (where.type >= 0) return { ...where, level: undefined };
  return { ...where, level: named ?? levelByColumns(names, where, sample) };
}

function levelByColumns(
  names: readonly string[],
  where: Omit<Places, 'level'>,
  sample: ReadonlyArray<readonly string[]>,
): string {
  const regions = sample.map((cells) => tidyName(cells[where.region] ?? '')).filter((name) => name !== '');
  if (regions.length > 0 && regions.every((name) => /^\d{3,5}$/.test(name))) return 'zip';
  if (names.includes('municipalcodefips') || names.includes('statecodefips')) return 'county';
  if (where.city >= 0) return 'neighborhood';
  if (where.county >= 0) return 'city';
  return regions.filter(isStateName).length > regions.length / 2 ? 'state' : 'msa';
}

const COUNTY = /\b(?:county|parish|borough|census area|municipio|municipality|city|district of columbia)\b/i;

/**
 * The name of a row's market. Counties, cities and neighborhoods are called alike in many places, so what they lie in is
 * added: `King County, WA`, `Springfield, Greene County, MO (city)`, `Downtown, Salem, Marion County, OR (neighborhood)`.
 * A ZIP code is its five digits; metros, states and the nation are called as published.
 */
export function placeName(cells: readonly string[], where: Places): string {
  const text = (index: number) => (index < 0 ? '' : tidyName(cells[index] ?? ''));
  const level = (where.type < 0 ? (where.level ?? '') : text(where.type)).toLowerCase();
  const name = text(where.region);
  if (level === 'zip') return /^\d{3,5}$/.test(name) ? name.padStart(5, '0') : name;
  if (name === '' || ['msa', 'metro', 'state', 'country'].includes(level)) return name;
  // Old files have the county's name alone, which its seat's metro often has too.
  const region = level === 'county' && !COUNTY.test(name) ? `${name} County` : name;
  const isPart = level === 'city' || level === 'neighborhood';
  const around = [
    ...(level === 'neighborhood' ? [text(where.city)] : []),
    ...(isPart ? [text(where.county)] : []),
    text(where.state),
  ].filter((one) => one !== '');
  const full = around.length === 1 && name.endsWith(`, ${around[0]}`) ? name : [region, ...around].join(', ');
  return isPart ? `${full} (${level})` : full;
}
