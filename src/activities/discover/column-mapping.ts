import { ReosError } from '../../domain/errors.ts';
import type { RecordKind } from '../../domain/listing.ts';
import { REQUIRED, type RequiredField } from '../../domain/listing-rules.ts';
import { nearestWord } from './nearest-word.ts';
import { type ColumnRule, type FileRecipe, isBuildField, recipeFieldNames } from './recipe-schema.ts';
import type { Extracted } from './record-build.ts';
import type { FileRequest } from './source.ts';
import { parseValue, plainText } from './value-parse.ts';

/** How the columns of one file become fields. */
export interface ColumnMapping {
  source: string | null;
  recordKind: RecordKind;
  countyFips: string | null;
  required: readonly RequiredField[] | null;
  armsLengthMinDollars: number | undefined;
  constants: Record<string, string>;
  /** Rules in order, with column names already normalised. */
  rules: ReadonlyArray<{ field: string; columns: string[]; rule: ColumnRule }>;
  /** Normalised names of columns that some rule uses; the others go to extras. */
  used: ReadonlySet<string>;
}

/** 'Sale Price', ' SALE PRICE ', 'sale_price' and 'salePrice' are one name. */
export function normaliseHeader(header: string): string {
  return header
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/**
 * The mapping for a file with these headers: the recipe asked for, else the most specific recipe whose header signature
 * fits, else the general synonyms.
 * @throws ReosError `validation` when a required field has no column: lists the headers and says how to write a recipe
 */
export function mapColumns(headers: readonly string[], request: FileRequest, file: string): ColumnMapping {
  const names = headers.map(normaliseHeader);
  const recipe = chooseRecipe(names, request, file);
  const mapping = recipe === null ? generalMapping(names, request) : recipeMapping(recipe);
  const kind = request.recordKind ?? mapping.recordKind;
  const chosen = { ...mapping, recordKind: kind };
  refuseUnmapped(chosen, headers, file);
  return chosen;
}

function chooseRecipe(names: readonly string[], request: FileRequest, file: string): FileRecipe | null {
  const { files } = request.recipes;
  if (request.recipe !== undefined) {
    const named = files.find((recipe) => recipe.name === request.recipe);
    if (named !== undefined) return named;
    const near =
      nearestWord(
        request.recipe,
        files.map((r) => r.name),
      ) ?? files.map((r) => r.name).join(', ');
    throw new ReosError('validation', `There is no file recipe "${request.recipe}" for ${file}; known: ${near}.`);
  }
  const present = new Set(names);
  const fitting = files.filter((recipe) =>
    recipe.match.headers.every((header) => present.has(normaliseHeader(header))),
  );
  return fitting.sort((a, b) => b.match.headers.length - a.match.headers.length)[0] ?? null;
}

function recipeMapping(recipe: FileRecipe): ColumnMapping {
  const rules = Object.entries(recipe.columns).flatMap(([field, given]) =>
    (Array.isArray(given) ? given : [given]).map((rule) => ({ field, columns: columnsOf(rule), rule })),
  );
  return {
    source: recipe.source ?? recipe.name,
    recordKind: recipe.record_kind,
    countyFips: recipe.county_fips ?? null,
    required: recipe.required ?? null,
    armsLengthMinDollars: recipe.arms_length_min_dollars,
    constants: recipe.constants,
    rules,
    used: new Set(rules.flatMap((r) => r.columns)),
  };
}

const columnsOf = (rule: ColumnRule) =>
  (rule.columns ?? (rule.column === undefined ? [] : [rule.column])).map(normaliseHeader);

/** Maps by the synonym table; a field's own name is always a synonym of itself. First matching column wins. */
function generalMapping(names: readonly string[], request: FileRequest): ColumnMapping {
  const fieldOf = new Map<string, string>();
  for (const [field, spellings] of Object.entries(request.recipes.synonyms.fields)) {
    for (const spelling of spellings) fieldOf.set(normaliseHeader(spelling), field);
  }
  for (const field of recipeFieldNames) fieldOf.set(normaliseHeader(field), field);
  const found = new Map<string, string>();
  for (const name of names) {
    const field = fieldOf.get(name);
    if (field !== undefined && isBuildField(field) && !found.has(field)) found.set(field, name);
  }
  const kind = request.recordKind ?? guessKind(found);
  rename(found, 'Price', kind === 'sale' ? 'ClosePrice' : 'ListPrice');
  rename(found, 'Date', kind === 'sale' ? 'CloseDate' : 'ListingContractDate');
  if (kind === 'sale' && !found.has('PropertyType') && found.has('PropertySubType'))
    rename(found, 'PropertySubType', 'PropertyType');
  const rules = [...found].map(([field, column]) => ({ field, columns: [column], rule: {} }));
  return {
    source: null,
    recordKind: kind,
    countyFips: null,
    required: null,
    armsLengthMinDollars: kind === 'sale' ? 1 : undefined,
    constants: {},
    rules,
    used: new Set(found.values()),
  };
}

function rename(found: Map<string, string>, from: string, to: string): void {
  const column = found.get(from);
  found.delete(from);
  if (column !== undefined && !found.has(to)) found.set(to, column);
}

/** A sale price with a date is a sale; an asking price a listing; anything else states a parcel. */
function guessKind(found: ReadonlyMap<string, string>): RecordKind {
  if (found.has('ListPrice')) return 'listing';
  if (found.has('ClosePrice') || (found.has('Price') && found.has('CloseDate'))) return 'sale';
  return found.has('Price') ? 'listing' : 'parcel';
}

const FILLED_BY: Readonly<Record<RequiredField, readonly string[]>> = {
  ListPrice: ['ListPrice'],
  ClosePrice: ['ClosePrice'],
  CloseDate: ['CloseDate', 'SaleYear'],
  LivingArea: ['LivingArea'],
  PropertyType: ['PropertyType', 'PropertySubType'],
  Parcel: ['ParcelNumber', 'UnparsedAddress', 'StreetName'],
  Location: ['ParcelNumber', 'UnparsedAddress', 'StreetName', 'Latitude'],
};

function refuseUnmapped(mapping: ColumnMapping, headers: readonly string[], file: string): void {
  const filled = new Set([...mapping.rules.map((r) => r.field), ...Object.keys(mapping.constants)]);
  const needed = mapping.required ?? REQUIRED[mapping.recordKind];
  const missing = needed.filter((field) => !FILLED_BY[field].some((name) => filled.has(name)));
  if (missing.length === 0) return;
  const seen = headers
    .map((h) => `"${h}"`)
    .join(', ')
    .slice(0, 1500);
  throw new ReosError(
    'validation',
    `${file}:1: no column for ${missing.join(', ')}, which a ${mapping.recordKind} needs. Headers seen: ${seen}. ` +
      'Rename a column to the RESO name, say what the rows are with the record kind, or add a recipe: a YAML file in ' +
      'config/recipes/files with `match: {headers: [...]}` and `columns: {<RESO field>: {column: "<header>"}}`.',
    { details: { file, line: 1, missing: missing.join(',') } },
  );
}

/** Applies a mapping to one row. `row` maps normalised header to raw value; `names` gives the published spelling back. */
export function extractRow(
  row: ReadonlyMap<string, unknown>,
  mapping: ColumnMapping,
  names: ReadonlyMap<string, string>,
): Extracted {
  const out: Extracted = { values: new Map(), problems: [], extras: {} };
  for (const [field, value] of Object.entries(mapping.constants)) putValue(out, field, value, {});
  for (const { field, columns, rule } of mapping.rules) {
    const known = out.values.has(field) && !(field in mapping.constants);
    if (!known) putValue(out, field, rule.value ?? rawOf(row, columns, rule), rule);
  }
  for (const [name, value] of row) {
    const text = mapping.used.has(name) ? '' : plainText(value);
    if (text !== '') out.extras[names.get(name) ?? name] = text;
  }
  return out;
}

function rawOf(row: ReadonlyMap<string, unknown>, columns: readonly string[], rule: ColumnRule): unknown {
  if (columns.length === 1 && rule.pad === undefined) return row.get(columns[0] ?? '');
  const texts = columns.map((column, i) => plainText(row.get(column)).padStart(rule.pad?.[i] ?? 0, '0'));
  if (columns.every((column) => plainText(row.get(column)) === '')) return null;
  return texts.filter((text) => text !== '').join(rule.join ?? ' ');
}

/** Parses one value into the extraction; `extras.<name>` goes to extras, unreadable text becomes a problem. */
export function putValue(out: Extracted, field: string, raw: unknown, rule: ColumnRule): void {
  const result = parseValue(field, raw, rule);
  if ('problem' in result) {
    out.problems.push({ field, code: 'unreadable', message: result.problem, value: plainText(raw).slice(0, 200) });
  } else if (result.value !== null && field.startsWith('extras.')) {
    out.extras[field.slice(7)] = plainText(result.value);
  } else if (result.value !== null) out.values.set(field, result.value);
}
