import { ReosError } from '../../domain/errors.ts';
import type { RecordKind } from '../../domain/listing.ts';
import type { ColumnMapping, ColumnReason } from './column-mapping.ts';
import { headerReadings, spelledOut } from './header-meaning.ts';
import { headerUnit, normaliseHeader } from './header-words.ts';
import { nearestWord } from './nearest-word.ts';
import { type ColumnRule, type FileRecipe, isBuildField, recipeFieldNames, type ValueUnit } from './recipe-schema.ts';
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
  const meaning = meaningOf(spellingTable(request));
  const found = new Map<string, Found>();
  const rivals: Array<{ field: string; column: string; rank: number }> = [];
  for (const header of headers) {
    const column = normaliseHeader(header);
    const hit = meaning(header);
    if (hit === null || !isBuildField(hit.field)) continue;
    const { field, rank, unit } = hit;
    const known = found.get(field);
    const wins = known === undefined || rank < known.rank;
    if (known !== undefined)
      rivals.push(wins ? { field, column: known.column, rank: known.rank } : { field, column, rank });
    if (wins) found.set(field, { column, rule: unit === null ? {} : { unit }, rank });
  }
  rivals.sort((a, b) => a.rank - b.rank);
  const names = new Map(headers.map((header) => [normaliseHeader(header), header]));
  for (const field of ['PropertyType', 'PropertySubType', 'PropertyCondition']) {
    const code = found.get(field);
    const words = ['desc', 'description', 'd', 'dscr', 'descr'].find((end) => names.has(`${code?.column}${end}`));
    if (code !== undefined && words !== undefined) found.set(field, { ...code, column: `${code.column}${words}` });
  }
  // With a column of units beside it the lot is in those units, row by row.
  if (found.has('LotSizeUnits') && found.get('LotSizeSquareFeet')?.rule.unit === undefined)
    rename(found, 'LotSizeSquareFeet', 'LotSizeArea');
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

/** A spelling as the table has it: its field and its place there. */
interface Spelling {
  field: string;
  rank: number;
  text: string;
}

/** What a header says: its field, how sure that is (lower is surer), and the unit it names; null when unknown. */
type Meaning = (header: string) => { field: string; rank: number; unit: ValueUnit | null } | null;

/**
 * A spelling as it stands, else beside a unit, else with its short words written out (`TOT_LVG_AREA`) or without what only
 * says whose value it is (`meta_sale_price`). What a value or a date is of cannot be left out: `property value` is no price.
 */
function meaningOf(spellings: ReadonlyMap<string, Spelling>): Meaning {
  const written = new Map(spellings);
  for (const spelling of spellings.values()) {
    const name = spelledOut(spelling.text);
    if (!written.has(name)) written.set(name, spelling);
  }
  return (header) => {
    // 'X5 latitude' and '2. Price' are numbered headers.
    const whole =
      spellings.get(normaliseHeader(header)) ??
      spellings.get(normaliseHeader(header.replace(/^\s*(?:[A-Z]?\d+)[.): ]\s*/, '')));
    if (whole !== undefined) return { ...whole, unit: null };
    const split = headerUnit(header);
    const beside = split === null ? undefined : spellings.get(split.rest);
    if (split !== null && beside !== undefined) return { ...beside, rank: beside.rank + 1000, unit: split.unit };
    const read = (readings: readonly string[]) =>
      readings.map((name) => written.get(name)).find((hit) => hit !== undefined && !NEEDS_ITS_NAME.has(hit.field));
    const hit = read(headerReadings(header));
    if (hit !== undefined) return { ...hit, rank: hit.rank + 2000, unit: null };
    const rest = split === null ? undefined : read([split.rest, ...headerReadings(split.restWords)]);
    return rest === undefined ? null : { ...rest, rank: rest.rank + 3000, unit: split?.unit ?? null };
  };
}

const NEEDS_ITS_NAME = new Set(['Price', 'Date', 'SourceId', 'PublicRemarks', 'TaxYear']);

/** Every known spelling: the field it names and its rank. Also the fields that a conflict was about. */
export function spellingTable(request: Pick<FileRequest, 'recipes'>): Map<string, Spelling> {
  const table = new Map<string, Spelling>();
  for (const [field, spellings] of Object.entries(request.recipes.synonyms.fields)) {
    spellings.forEach((spelling, at) => {
      table.set(normaliseHeader(spelling), { field, rank: at + 1, text: spelling });
    });
  }
  for (const field of recipeFieldNames) table.set(normaliseHeader(field), { field, rank: 0, text: field });
  return table;
}

function rename(found: Map<string, Found>, from: string, to: string): void {
  const column = found.get(from);
  found.delete(from);
  if (column !== undefined && !found.has(to)) found.set(to, column);
}

/** Columns that only an offer has. */
const OF_OFFERS = ['Url', 'ListingId', 'ListingContractDate', 'DaysOnMarket', 'StandardStatus', 'OriginalListPrice'];

/**
 * A sale price with its date is a sale, though the asking price stands beside it; so is a price with a date and nothing of
 * an offer. An asking price with at most the house's last sale is a listing; anything else states a parcel.
 */
function guessKind(found: ReadonlyMap<string, Found>): RecordKind {
  const isLastSale = found.get('ClosePrice')?.column.startsWith('last') === true;
  if (found.has('ClosePrice') && found.has('CloseDate') && !isLastSale) return 'sale';
  if (found.has('ListPrice')) return 'listing';
  if (found.has('Price') && found.has('Date') && !OF_OFFERS.some((field) => found.has(field))) return 'sale';
  if (found.has('ClosePrice') || (found.has('Price') && found.has('CloseDate'))) return 'sale';
  return found.has('Price') ? 'listing' : 'parcel';
}
