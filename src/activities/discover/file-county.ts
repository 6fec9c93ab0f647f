import { type County, isInside } from '../../domain/county.ts';
import type { ColumnChoice } from './column-choice.ts';
import { type ColumnMapping, proposeColumns } from './column-mapping.ts';
import { normaliseHeader } from './header-words.ts';
import type { Recipes } from './recipe-load.ts';
import { kindOfFile } from './registry.ts';
import { readSalesTable, type SalesTable } from './sales-table.ts';

/** The configured county that the rows of a file lie in. */
export interface CountyOfFile {
  county: County;
  /** How it is known, as a sentence for the person. */
  reason: string;
}

/** So many rows show where the houses of a file are. */
const ROWS_LOOKED_AT = 20_000;
/** The share of rows that must agree: a few coordinates of any file are mistyped. */
const AGREEING = 0.99;

/**
 * The county of a file's rows: what its recipe states, else a column with county codes, else one with county names (with
 * their state, or with coordinates that agree), else the one county in whose box the coordinates lie. Null when none of
 * them says a configured county, the rows are of several, or the file is a saved page.
 * @throws ReosError as `readSalesTable` and `proposeColumns` do, for a file that cannot be read or an unknown recipe
 */
export async function countyOfFile(
  path: string,
  file: string,
  options: { recipes: Recipes; recipe?: string | undefined; overrides?: readonly ColumnChoice[] },
  counties: readonly County[],
): Promise<CountyOfFile | null> {
  if (kindOfFile(file) === 'saved_page') return null;
  const { recipes, recipe, overrides = [] } = options;
  const table = await readSalesTable(path, file, ROWS_LOOKED_AT);
  const mapping = proposeColumns(table.headers, { recipes, path, ...(recipe && { recipe }) }, file);
  if (mapping.countyFips !== null) {
    const stated = counties.find(({ fips }) => fips === mapping.countyFips);
    if (stated === undefined) return null;
    return { county: stated, reason: `its layout (${mapping.source}) is that of ${stated.name}` };
  }
  const column = columnFinder(table, mapping, overrides);
  const inBox = countyByPlace(column('Latitude'), column('Longitude'), counties);
  return (
    countyByCode(column('CountyFips'), counties) ??
    countyByName(column('CountyOrParish'), column('StateOrProvince'), inBox, counties) ??
    (inBox && { county: inBox, reason: `its coordinates lie in ${inBox.name}` })
  );
}

type Column = readonly string[] | null;

/** The texts of the one column that holds a field. */
function columnFinder(table: SalesTable, mapping: ColumnMapping, overrides: readonly ColumnChoice[]) {
  return (field: string): Column => {
    const said = overrides.find((choice) => choice.field === field)?.column;
    const constant = mapping.constants[field];
    if (said === undefined && constant !== undefined) return table.lines.map(() => constant);
    const rule = mapping.rules.find((one) => one.field === field && one.columns.length === 1);
    const name = said === undefined ? rule?.columns[0] : normaliseHeader(said);
    return table.columns[table.names.indexOf(name ?? '')] ?? null;
  };
}

/** The county that nearly all rows with a word on it agree on; null when few have one. */
function agreed(votes: ReadonlyArray<County | null | undefined>): County | null {
  const counts = new Map<County | null, number>();
  let cast = 0;
  for (const vote of votes) {
    if (vote === undefined) continue;
    cast += 1;
    counts.set(vote, (counts.get(vote) ?? 0) + 1);
  }
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first === undefined || cast < votes.length / 2 || first[1] < cast * AGREEING) return null;
  return first[0];
}

function countyByCode(codes: Column, counties: readonly County[]): CountyOfFile | null {
  const votes = (codes ?? []).map((code) => {
    const digits = code.replace(/\.0+$/, '').trim();
    return digits === '' ? undefined : (counties.find(({ fips }) => fips === digits.padStart(5, '0')) ?? null);
  });
  const county = agreed(votes);
  return county && { county, reason: `its county codes are ${county.fips}` };
}

/** Counties of one name lie in several states: a name alone says nothing. */
function countyByName(
  names: Column,
  states: Column,
  inBox: County | null,
  counties: readonly County[],
): CountyOfFile | null {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .replace(/ county\b/, '')
      .trim();
  const votes = (names ?? []).map((text, row) => {
    const name = plain(text);
    if (name === '') return undefined;
    const state = (states?.[row] ?? '').trim().toUpperCase();
    const isMeant = (county: County) => {
      const own = plain(county.name);
      if (name === `${own} ${county.state.toLowerCase()}`) return true;
      return name === own && (state === '' ? county === inBox : state === county.state);
    };
    return counties.find(isMeant) ?? null;
  });
  const county = agreed(votes);
  return county && { county, reason: `its rows name ${county.name}, ${county.state}` };
}

function countyByPlace(latitudes: Column, longitudes: Column, counties: readonly County[]): County | null {
  if (latitudes === null || longitudes === null) return null;
  const places = latitudes.flatMap((text, row) => {
    const [latitude, longitude] = [Number(text || Number.NaN), Number(longitudes[row] || Number.NaN)];
    return Number.isNaN(latitude) || Number.isNaN(longitude) ? [] : [{ latitude, longitude }];
  });
  if (places.length === 0 || places.length < latitudes.length / 2) return null;
  const fitting = counties.filter(
    (county) => places.filter((place) => isInside(county, place)).length >= places.length * AGREEING,
  );
  return fitting.length === 1 ? fitting[0]! : null;
}
