import { createHash } from 'node:crypto';
import { ReosError } from '../../domain/errors.ts';
import type { RecordKind } from '../../domain/listing.ts';
import type { MappedColumn } from '../../domain/valuation/sale-record.ts';
import { guessColumns } from './column-guess.ts';
import { type ColumnMapping, type MappedRule, proposeColumns } from './column-mapping.ts';
import { normaliseHeader } from './header-words.ts';
import { nearestWord } from './nearest-word.ts';
import type { Recipes } from './recipe-load.ts';
import { isBuildField, recipeFieldNames, type ValueUnit, valueUnits } from './recipe-schema.ts';
import type { SalesTable } from './sales-table.ts';

/** What a person says about one column: `field` null keeps it as it is published, `ignore` drops it. */
export interface ColumnChoice {
  /** Header, in any spelling of case and punctuation. */
  column: string;
  field: string | null;
  unit: string | null;
  /** True: the column is not used at all. */
  ignore?: boolean;
}

/** A file's columns as they will be read. */
export interface UnderstoodColumns {
  mapping: ColumnMapping;
  /** One entry per column, in the file's order. */
  columns: MappedColumn[];
  notes: string[];
  /** Normalised names of columns that a person said to ignore. */
  ignored: ReadonlySet<string>;
  /** A column was guessed by its values, or two columns read like one field, and nobody has approved it. */
  needsApproval: boolean;
}

/** What `understandColumns` is told. */
export interface UnderstandOptions {
  recipes: Recipes;
  file: string;
  recordKind?: RecordKind;
  recipe?: string;
  overrides?: readonly ColumnChoice[];
  approved?: readonly MappedColumn[] | null;
}

/**
 * Reads `--map`: `Header=Field`, `Header=Field:unit`, `Header=ignore`.
 * @throws ReosError `validation` naming the nearest field or the known units
 */
export function parseColumnChoice(text: string): ColumnChoice {
  const match = /^(.+)=\s*([A-Za-z.]+)\s*(?::\s*([a-z-]+)\s*)?$/.exec(text);
  if (match === null)
    throw new ReosError(
      'validation',
      `--map "${text}" is not understood; write --map "Header=Field" or "Header=Field:unit", such as --map "Area=LivingArea:sqm" or --map "Notes=ignore".`,
    );
  const [, column = '', field = '', unit = null] = match;
  if (field.toLowerCase() === 'ignore') return { column: column.trim(), field: null, unit: null, ignore: true };
  const known = recipeFieldNames.find((name) => name.toLowerCase() === field.toLowerCase());
  if (known === undefined) {
    const near = nearestWord(field, recipeFieldNames);
    throw new ReosError(
      'validation',
      `--map "${text}": there is no field "${field}"${near === null ? '' : `; did you mean ${near}?`} Fields have RESO names, such as ClosePrice, CloseDate, LivingArea, BedroomsTotal.`,
    );
  }
  if (unit !== null && !isUnit(unit))
    throw new ReosError('validation', `--map "${text}": there is no unit "${unit}"; known: ${valueUnits.join(', ')}.`);
  return { column: column.trim(), field: known, unit };
}

const isUnit = (text: string): text is ValueUnit => (valueUnits as readonly string[]).includes(text);

/**
 * Every column of the file with its field, unit and reason: what a person said, else an approved mapping, else the recipe,
 * else the synonyms, and for what is still open the shape of the values.
 * @throws ReosError `validation` when a column of `--map` does not exist, or a sale has no column for its price
 */
export function understandColumns(table: SalesTable, options: UnderstandOptions): UnderstoodColumns {
  const { file, recipes, recordKind, recipe } = options;
  let mapping = proposeColumns(
    table.headers,
    { recipes, path: file, ...(recordKind && { recordKind }), ...(recipe && { recipe }) },
    file,
  );
  mapping = withApproved(mapping, options.approved ?? []);
  const ignored = new Set<string>();
  for (const choice of options.overrides ?? []) {
    const name = normaliseHeader(choice.column);
    if (!table.names.includes(name)) throw unknownColumn(choice, table, file);
    mapping = withChoice(mapping, choice);
    if (choice.ignore === true) ignored.add(name);
  }
  const decided = new Set(
    [...(options.approved ?? []), ...(options.overrides ?? [])].map((c) => normaliseHeader(c.column)),
  );
  mapping = { ...mapping, recordKind: kindOf(mapping, recordKind) };
  const guessed = guessColumns(table, mapping, decided);
  mapping = guessed.mapping;
  if (mapping.recordKind === 'sale' && !mapping.rules.some(({ field }) => field === 'ClosePrice'))
    throw noPrice(table, file);
  const columns = table.headers.map((column, i) =>
    mappedColumn(column, table.names[i] ?? '', mapping, decided, ignored),
  );
  const rivals = (mapping.rivals ?? []).filter(({ column }) => !mapping.used.has(column) && !decided.has(column));
  const spelt = (name: string) => table.headers[table.names.indexOf(name)] ?? name;
  const notes = rivals.map(
    ({ field, column, taken }) => `"${spelt(column)}" reads like ${field} too; "${spelt(taken)}" is used for it.`,
  );
  const needsApproval = rivals.length > 0 || mappingNeedsApproval(columns);
  return { mapping, columns, notes: [...notes, ...guessed.notes], ignored, needsApproval };
}

/** True when a column was guessed by the shape of its values. */
export function mappingNeedsApproval(columns: readonly MappedColumn[]): boolean {
  return columns.some(({ reason }) => reason === 'shape');
}

/** SHA-256 (hex) of a layout: its normalised headers in order. */
export function hashHeaders(headers: readonly string[]): string {
  return createHash('sha256').update(headers.map(normaliseHeader).join('\n')).digest('hex');
}

/** A price that a person pointed out decides what the rows are. */
function kindOf(mapping: ColumnMapping, asked: RecordKind | undefined): RecordKind {
  if (asked !== undefined || mapping.source !== null) return mapping.recordKind;
  const has = (field: string) => mapping.rules.some((rule) => rule.field === field && rule.reason === 'approved');
  if (has('ClosePrice')) return 'sale';
  return has('ListPrice') ? 'listing' : mapping.recordKind;
}

/** Columns approved for one field together (block and lot) stay one value. */
function withApproved(mapping: ColumnMapping, approved: readonly MappedColumn[]): ColumnMapping {
  let next = mapping;
  for (const { column, field, unit } of approved) {
    const names = approved
      .filter((other) => field !== null && other.field === field)
      .map((c) => normaliseHeader(c.column));
    const isKnown = next.rules.some((rule) => rule.field === field && rule.columns.includes(normaliseHeader(column)));
    if (names.length < 2 || isKnown) next = withChoice(next, { column, field, unit });
    else if (field !== null) {
      const others = next.rules.filter((rule) => rule.field !== field);
      next = withRules(next, [...others, { field, columns: names, rule: { join: '-' }, reason: 'approved' }]);
    }
  }
  return next;
}

function withChoice(mapping: ColumnMapping, { column, field, unit: said }: ColumnChoice): ColumnMapping {
  const name = normaliseHeader(column);
  const unit = said?.split(', ').find(isUnit) ?? null;
  const own = (rule: MappedRule) => rule.columns.includes(name) && rule.field !== 'SourceId';
  const same = mapping.rules.find((rule) => own(rule) && rule.field === field);
  if (same !== undefined && (unit === null || same.rule.unit === unit))
    return withRules(
      mapping,
      mapping.rules.map((rule) => (rule === same ? { ...rule, reason: 'approved' } : rule)),
    );
  const others = mapping.rules.filter((rule) => !(own(rule) && rule.columns.length === 1) && rule.field !== field);
  if (field === null || !isBuildField(field)) return withRules(mapping, others);
  const rule = unit === null ? {} : { unit };
  const isSale = mapping.recordKind === 'sale';
  const meaning = { Price: isSale ? 'ClosePrice' : 'ListPrice', Date: isSale ? 'CloseDate' : 'ListingContractDate' };
  const wanted = field === 'Price' || field === 'Date' ? meaning[field] : field;
  return withRules(mapping, [...others, { field: wanted, columns: [name], rule, reason: 'approved' }]);
}

/** The mapping with other rules. */
export function withRules(mapping: ColumnMapping, rules: readonly MappedRule[]): ColumnMapping {
  return { ...mapping, rules, used: new Set(rules.flatMap(({ columns }) => columns)) };
}

function mappedColumn(
  column: string,
  name: string,
  mapping: ColumnMapping,
  decided: ReadonlySet<string>,
  ignored: ReadonlySet<string>,
): MappedColumn {
  const rules = mapping.rules.filter((rule) => rule.columns.includes(name));
  const best = rules.find(({ field }) => field !== 'SourceId' && !field.startsWith('extras.')) ?? rules[0];
  if (ignored.has(name)) return { column, field: null, unit: null, reason: 'approved' };
  if (best === undefined)
    return { column, field: null, unit: null, reason: decided.has(name) ? 'approved' : 'unmapped' };
  const field = best.field === 'SourceId' || best.field.startsWith('extras.') ? null : best.field;
  const scale = [best.rule.unit, best.rule.decimal_comma === true ? 'decimal comma' : undefined, best.rule.currency];
  const unit = scale.filter((part) => part !== undefined).join(', ');
  return { column, field, unit: unit === '' ? null : unit, reason: best.reason };
}

const seen = (table: SalesTable) =>
  table.headers
    .map((header) => `"${header}"`)
    .join(', ')
    .slice(0, 1500);

function unknownColumn({ column }: ColumnChoice, table: SalesTable, file: string): ReosError {
  const near = nearestWord(column, table.headers);
  return new ReosError(
    'validation',
    `${file} has no column "${column}"${near === null ? '' : `; did you mean "${near}"?`} Headers seen: ${seen(table)}.`,
    { details: { file, column } },
  );
}

function noPrice(table: SalesTable, file: string): ReosError {
  return new ReosError(
    'validation',
    `${file}:1: no column is recognised as the sale price (ClosePrice), which every sale needs. Headers seen: ${seen(table)}. Name it with --map "Header=ClosePrice".`,
    { details: { file, line: 1, missing: 'ClosePrice' } },
  );
}
