import { ReosError } from '../../domain/errors.ts';
import type { RecordKind } from '../../domain/listing.ts';
import { REQUIRED, type RequiredField } from '../../domain/listing-rules.ts';
import { chooseRecipe, generalMapping, recipeMapping } from './column-proposal.ts';
import { normaliseHeader } from './header-words.ts';
import type { ColumnRule } from './recipe-schema.ts';
import type { Extracted } from './record-build.ts';
import type { FileRequest } from './source.ts';
import { parseValue, plainText } from './value-parse.ts';

/** Why a column is what it is taken for: a person said so, a recipe states it, its name or its values look like it. */
export type ColumnReason = 'approved' | 'recipe' | 'synonym' | 'shape';

/** One field and the columns (normalised names) it is made of. */
export interface MappedRule {
  field: string;
  columns: string[];
  rule: ColumnRule;
  reason: ColumnReason;
}

/** How the columns of one file become fields. */
export interface ColumnMapping {
  source: string | null;
  recordKind: RecordKind;
  countyFips: string | null;
  required: readonly RequiredField[] | null;
  armsLengthMinDollars: number | undefined;
  constants: Record<string, string>;
  /** Rules in order, with column names already normalised. */
  rules: readonly MappedRule[];
  /** Normalised names of columns that some rule uses; the others go to extras. */
  used: ReadonlySet<string>;
  /** Columns (normalised names) that read like a field another column was taken for. */
  rivals?: ReadonlyArray<{ field: string; column: string; taken: string }>;
}

/**
 * The mapping for a file with these headers: the recipe asked for, else the most specific recipe whose header signature
 * fits, else the general synonyms.
 * @throws ReosError `validation` when a required field has no column: lists the headers and says how to write a recipe
 */
export function mapColumns(headers: readonly string[], request: FileRequest, file: string): ColumnMapping {
  const chosen = proposeColumns(headers, request, file);
  refuseUnmapped(chosen, headers, file);
  return chosen;
}

/** Like `mapColumns`, without insisting on the required fields. */
export function proposeColumns(headers: readonly string[], request: FileRequest, file: string): ColumnMapping {
  const recipe = chooseRecipe(headers.map(normaliseHeader), request, file);
  const mapping = recipe === null ? generalMapping(headers, request) : recipeMapping(recipe);
  if (request.columns !== undefined) {
    const { recordKind, rules } = request.columns;
    const used = new Set([...rules.flatMap(({ columns }) => columns), ...request.columns.ignored]);
    return { ...mapping, recordKind, rules, used };
  }
  return { ...mapping, recordKind: request.recordKind ?? mapping.recordKind };
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
      'Name the column with --map "Header=Field", rename it to the RESO name, or add a recipe: a YAML file in ' +
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
