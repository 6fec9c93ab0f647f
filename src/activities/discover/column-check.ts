import type { Profiles } from './column-guess.ts';
import type { ColumnMapping, MappedRule } from './column-mapping.ts';
import type { ColumnProfile } from './column-profile.ts';
import { parseDate } from './date-parse.ts';
import type { SalesTable } from './sales-table.ts';
import { defaultParse, UNKNOWN } from './value-parse.ts';

/** So many filled values show whether a column can be what its name says. */
const ENOUGH = 20;

/** Where the middle of a column of houses lies, whatever the country; beyond it the column means something else. */
const MIDDLES: Readonly<Record<string, readonly [low: number, high: number, what: string]>> = {
  YearBuilt: [1600, 2200, 'year'],
  YearBuiltEffective: [1600, 2200, 'year'],
  SaleYear: [1600, 2200, 'year'],
  BedroomsTotal: [0, 25, 'count of bedrooms'],
  BathroomsTotalDecimal: [0, 25, 'count of bathrooms'],
  BathroomsFull: [0, 25, 'count of bathrooms'],
  Stories: [0, 150, 'count of stories'],
};

/**
 * The rules that the names propose, without those that the values deny: coordinates that are no degrees (`x` and `y` are
 * often feet of a map grid), an address that is one of a few words (a `Street` that is paved or not), a number or a date
 * that is words (an `Area` that is a quarter), a year or a count in the thousands. The next column of that name takes the
 * place. What a recipe states or a person said is not asked again.
 */
export function checkedRules(
  mapping: ColumnMapping,
  table: SalesTable,
  profiles: Profiles,
  notes: string[],
): readonly MappedRule[] {
  const tell = (name: string, why: string) =>
    notes.push(`Column "${table.headers[table.names.indexOf(name)] ?? name}" ${why}; kept as it is.`);
  return mapping.rules.flatMap((rule): MappedRule[] => {
    const [name = ''] = rule.columns;
    const rivals = (mapping.rivals ?? []).filter(
      ({ field, column }) => field === rule.field && !mapping.used.has(column),
    );
    const isEmpty = rivals.length > 0 && rule.reason === 'synonym' && profiles(name).filled === 0;
    const why = isEmpty ? 'is empty' : denial(rule.field, name, rule, table, profiles);
    if (why === null) return [rule];
    tell(name, why);
    for (const { field, column } of rivals) {
      const next: MappedRule = { field, columns: [column], rule: {}, reason: 'shape' };
      if (denial(field, column, next, table, profiles) === null) return [next];
    }
    return [];
  });
}

/** Why the values of a column cannot be the field; null when they can. */
function denial(
  field: string,
  name: string,
  { reason, columns }: MappedRule,
  table: SalesTable,
  profiles: Profiles,
): string | null {
  if (columns.length !== 1 || field.startsWith('extras.')) return null;
  if (field === 'UnparsedAddress' && reason === 'synonym') {
    const { filled, distinct } = profiles(name);
    return filled < 50 || distinct > 10 ? null : `holds ${distinct} different words and no addresses`;
  }
  const bound = field === 'Latitude' ? 90 : field === 'Longitude' ? 180 : null;
  if (bound !== null) {
    if (reason === 'recipe') return null;
    const { low, high, filled } = profiles(name);
    if (filled === 0 || (low !== null && high !== null && low >= -bound && high <= bound)) return null;
    return `is no ${field} (values from ${low} to ${high})`;
  }
  if (reason === 'recipe' || reason === 'approved') return null;
  return wrongKind(field, name, table, profiles(name)) ?? wrongSize(field, profiles(name));
}

function wrongKind(field: string, name: string, table: SalesTable, { filled, numberShare, date }: ColumnProfile) {
  if (filled < ENOUGH) return null;
  const kind = defaultParse(field);
  if (['money', 'area', 'number', 'integer', 'year'].includes(kind))
    return numberShare >= 0.5 || field === 'SaleMonth' ? null : `holds words, not the numbers of ${field}`;
  if (kind !== 'date' || date !== null) return null;
  const texts = (table.columns[table.names.indexOf(name)] ?? []).filter((text) => !UNKNOWN.has(text.toLowerCase()));
  const sample = texts.slice(0, 500);
  const dates = sample.filter((text) => parseDate(text) !== null).length;
  return dates >= sample.length / 2 ? null : `holds no dates, which ${field} would`;
}

function wrongSize(field: string, { filled, medianPositive }: ColumnProfile): string | null {
  const range = MIDDLES[field];
  if (range === undefined || filled < ENOUGH || medianPositive === null) return null;
  const [low, high, what] = range;
  return medianPositive >= low && medianPositive <= high
    ? null
    : `is no ${what} (the middle value is ${medianPositive})`;
}
