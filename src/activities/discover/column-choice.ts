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
  for (const { column, field, unit } of options.approved ?? []) mapping = withChoice(mapping, { column, field, unit });
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
  const guessed = guessColumns(table, mapping, decided, recipes);
  mapping = guessed.mapping;
  if (mapping.recordKind === 'sale' && !mapping.rules.some(({ field }) => field === 'ClosePrice'))
    throw noPrice(table, file);
  const columns = table.headers.map((column, i) =>
    mappedColumn(column, table.names[i] ?? '', mapping, decided, ignored),
  );
  return { mapping, columns, notes: guessed.notes, ignored };
}

function withChoice(mapping: ColumnMapping, { column, field, unit }: ColumnChoice): ColumnMapping {
  const name = normaliseHeader(column);
  const own = (rule: MappedRule) => rule.columns.includes(name) && rule.field !== 'SourceId';
  const same = mapping.rules.find((rule) => own(rule) && rule.field === field);
  if (same !== undefined && (unit === null || same.rule.unit === unit))
    return withRules(
      mapping,
      mapping.rules.map((rule) => (rule === same ? { ...rule, reason: 'approved' } : rule)),
    );
  const others = mapping.rules.filter((rule) => !(own(rule) && rule.columns.length === 1) && rule.field !== field);
  if (field === null || !isBuildField(field)) return withRules(mapping, others);
  const rule = unit !== null && isUnit(unit) ? { unit } : {};
  const wanted = field === 'Price' ? 'ClosePrice' : field === 'Date' ? 'CloseDate' : field;
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
