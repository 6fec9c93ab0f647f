import { ReosError } from '../../domain/errors.ts';
import type { RecordKind } from '../../domain/listing.ts';
import type { ColumnMapping, ColumnReason } from './column-mapping.ts';
import { headerUnit, normaliseHeader } from './header-words.ts';
import { nearestWord } from './nearest-word.ts';
import { type ColumnRule, type FileRecipe, isBuildField, recipeFieldNames } from './recipe-schema.ts';
import type { FileRequest } from './source.ts';

/** The recipe asked for, else the most specific one whose header signature fits, else null. */
export function chooseRecipe(names: readonly string[], request: FileRequest, file: string): FileRecipe | null {
  const { files } = request.recipes;
  if (request.recipe !== undefined) {
    const named = files.find((recipe) => recipe.name === request.recipe);
    if (named !== undefined) return named;
    const known = files.map((recipe) => recipe.name);
    const near = nearestWord(request.recipe, known) ?? known.join(', ');
    throw new ReosError('validation', `There is no file recipe "${request.recipe}" for ${file}; known: ${near}.`);
  }
  const present = new Set(names);
  const fitting = files.filter(
    (recipe) =>
      recipe.match.headers.every((header) => present.has(normaliseHeader(header))) &&
      (request.recordKind === undefined || recipe.record_kind === request.recordKind),
  );
  return fitting.sort((a, b) => b.match.headers.length - a.match.headers.length)[0] ?? null;
}

/** The mapping that a recipe states. */
export function recipeMapping(recipe: FileRecipe): ColumnMapping {
  const rules = Object.entries(recipe.columns).flatMap(([field, given]) =>
    (Array.isArray(given) ? given : [given]).map((rule) => ({
      field,
      columns: columnsOf(rule),
      rule,
      reason: 'recipe' as const,
    })),
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

interface Found {
  column: string;
  rule: ColumnRule;
  /** Place of the spelling in the table: the first spelling is the surest. */
  rank: number;
}

/**
 * Maps by the synonym table; a field's own name is always a synonym of itself. A header that holds a unit beside a known
 * spelling (`lot size (acres)`, `price_k`) is the field in that unit. Of two columns for one field the surer spelling
 * wins, of two equal ones the first.
 */
export function generalMapping(headers: readonly string[], request: FileRequest): ColumnMapping {
  const spellings = spellingTable(request);
  const found = new Map<string, Found>();
  const rivals: Array<{ field: string; column: string }> = [];
  for (const header of headers) {
    const column = normaliseHeader(header);
    // 'X5 latitude' and '2. Price' are numbered headers.
    const whole =
      spellings.get(column) ?? spellings.get(normaliseHeader(header.replace(/^\s*(?:[A-Z]?\d+)[.): ]\s*/, '')));
    const split = whole === undefined ? headerUnit(header) : null;
    const hit = whole ?? (split === null ? undefined : spellings.get(split.rest));
    if (hit === undefined || !isBuildField(hit.field)) continue;
    const rank = hit.rank + (whole === undefined ? 1000 : 0);
    const known = found.get(hit.field);
    const unit = split?.unit ?? null;
    const wins = known === undefined || rank < known.rank;
    if (known !== undefined) rivals.push({ field: hit.field, column: wins ? known.column : column });
    if (wins) found.set(hit.field, { column, rule: unit === null ? {} : { unit }, rank });
  }
  const kind = request.recordKind ?? guessKind(found);
  rename(found, 'Price', kind === 'sale' ? 'ClosePrice' : 'ListPrice');
  rename(found, 'Date', kind === 'sale' ? 'CloseDate' : 'ListingContractDate');
  if (kind === 'sale' && !found.has('PropertyType') && found.has('PropertySubType'))
    rename(found, 'PropertySubType', 'PropertyType');
  const rules = [...found].map(([field, { column, rule }]) => ({
    field,
    columns: [column],
    rule,
    reason: 'synonym' as ColumnReason,
  }));
  return {
    source: null,
    recordKind: kind,
    countyFips: null,
    required: null,
    armsLengthMinDollars: kind === 'sale' ? 1 : undefined,
    constants: {},
    rules,
    used: new Set(rules.flatMap((rule) => rule.columns)),
    rivals: rivals.flatMap(({ field, column }) => {
      const taken = found.get(field)?.column;
      return taken === undefined || taken === column ? [] : [{ field, column, taken }];
    }),
  };
}

/** Every known spelling: the field it names and its rank. Also the fields that a conflict was about. */
export function spellingTable(request: Pick<FileRequest, 'recipes'>): Map<string, { field: string; rank: number }> {
  const table = new Map<string, { field: string; rank: number }>();
  for (const [field, spellings] of Object.entries(request.recipes.synonyms.fields)) {
    spellings.forEach((spelling, at) => {
      table.set(normaliseHeader(spelling), { field, rank: at + 1 });
    });
  }
  for (const field of recipeFieldNames) table.set(normaliseHeader(field), { field, rank: 0 });
  return table;
}

function rename(found: Map<string, Found>, from: string, to: string): void {
  const column = found.get(from);
  found.delete(from);
  if (column !== undefined && !found.has(to)) found.set(to, column);
}

/** A sale price with a date is a sale; an asking price a listing; anything else states a parcel. */
function guessKind(found: ReadonlyMap<string, Found>): RecordKind {
  if (found.has('ListPrice')) return 'listing';
  if (found.has('ClosePrice') || (found.has('Price') && found.has('CloseDate'))) return 'sale';
  return found.has('Price') ? 'listing' : 'parcel';
}
