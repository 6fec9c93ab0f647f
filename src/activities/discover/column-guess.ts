import { checkedRules } from './column-check.ts';
import type { ColumnMapping, MappedRule } from './column-mapping.ts';
import { type ColumnProfile, profileColumn } from './column-profile.ts';
import { headerUnit, normaliseHeader } from './header-words.ts';
import { proposePoints } from './point-proposal.ts';
import { areaUnits, type ColumnRule, type ValueUnit } from './recipe-schema.ts';
import type { SalesTable } from './sales-table.ts';
import { proposeByShape } from './shape-proposal.ts';
import { defaultParse } from './value-parse.ts';

export interface GuessedColumns {
  mapping: ColumnMapping;
  /** One sentence for each guess. */
  notes: string[];
}

/** Profiles of the columns by normalised name, made when asked for. */
export type Profiles = (name: string) => ColumnProfile;

/**
 * What names leave open, decided by the values: units, scales, how numbers and dates are written, and columns that only
 * their values give away. Columns in `decided` (a person spoke) keep their field and unit. Every guess is a note.
 */
export function guessColumns(table: SalesTable, mapping: ColumnMapping, decided: ReadonlySet<string>): GuessedColumns {
  const notes: string[] = [];
  const assumed = usualDecimal(table);
  const known = new Map<string, ColumnProfile>();
  const profiles: Profiles = (name) => {
    let profile = known.get(name);
    if (profile === undefined) {
      profile = profileColumn(table.columns[table.names.indexOf(name)] ?? [], assumed);
      known.set(name, profile);
    }
    return profile;
  };
  if (assumed === 'comma') notes.push('Numbers are written with a decimal comma (1.200.000,50); read so.');
  const proposed = proposeByShape(
    table,
    proposePoints(table, checkedRules(mapping, table, profiles, notes), decided, profiles, notes),
    decided,
    profiles,
    mapping.recordKind === 'sale',
  );
  notes.push(...proposed.notes);
  const context: Context = { table, profiles, notes, decided, assumed, living: null };
  context.living = livingUnit(proposed.rules, context);
  const rules = proposed.rules.map((rule) => refined(rule, context));
  return { mapping: { ...mapping, rules, used: new Set(rules.flatMap(({ columns }) => columns)) }, notes };
}

interface Context {
  table: SalesTable;
  profiles: Profiles;
  notes: string[];
  decided: ReadonlySet<string>;
  assumed: 'comma' | 'point';
  /** Unit of the living areas, once known. */
  living: ValueUnit | null;
}

/** How most columns that say it write decimals; a semicolon file of `450.000` groups with points. */
function usualDecimal(table: SalesTable): 'comma' | 'point' {
  let [comma, point, grouped] = [0, 0, 0];
  for (const column of table.columns) {
    const sample = column.slice(0, 500);
    const { decimal, numberShare, filled } = profileColumn(sample);
    if (numberShare < 0.8) continue;
    if (decimal === 'comma') comma += 1;
    else if (decimal === 'point') point += 1;
    else if (filled > 0 && sample.every((text) => text === '' || /^\D*\d{1,3}\.\d{3}\D*$/.test(text))) grouped += 1;
  }
  if (comma > 0) return comma >= point || table.delimiter === ';' ? 'comma' : 'point';
  return table.delimiter === ';' && point === 0 && grouped > 0 ? 'comma' : 'point';
}

function refined(mapped: MappedRule, context: Context): MappedRule {
  const [name] = mapped.columns;
  if (name === undefined || mapped.columns.length !== 1 || mapped.field.startsWith('extras.')) return mapped;
  // A recipe says itself how its file writes things.
  if (mapped.reason === 'recipe') return mapped;
  const kind = mapped.rule.parse ?? defaultParse(mapped.field);
  const profile = context.profiles(name);
  let next = mapped;
  if (['money', 'area', 'number', 'integer'].includes(kind)) next = withNumberStyle(next, profile, context);
  if (kind === 'area') next = withAreaUnit(next, name, profile, context);
  if (mapped.field === 'ClosePrice') next = withPriceScale(next, name, profile, context);
  if (kind === 'date') next = withDateStyle(next, name, profile, context);
  return next;
}

const withRule = (mapped: MappedRule, more: ColumnRule, guessed: boolean): MappedRule => ({
  ...mapped,
  rule: { ...mapped.rule, ...more },
  reason: guessed && mapped.reason !== 'approved' ? 'shape' : mapped.reason,
});

function withNumberStyle(mapped: MappedRule, profile: ColumnProfile, { assumed, notes, table }: Context): MappedRule {
  let next = mapped;
  if ((profile.decimal ?? assumed) === 'comma') next = withRule(next, { decimal_comma: true }, false);
  const { currency } = profile;
  if (currency !== null && !['$', 'US$', 'USD'].includes(currency)) {
    next = withRule(next, { currency }, false);
    if (mapped.field === 'ClosePrice')
      notes.push(
        `Amounts of "${published(table, mapped.columns[0] ?? '')}" are in ${currency} and stay so; nothing is converted.`,
      );
  }
  return next;
}

const isArea = (unit: ValueUnit | null | undefined): boolean => (areaUnits as readonly string[]).includes(unit ?? '');

/** The unit that a header or most values of a column name; null when neither does. */
function statedArea(name: string, { table, profiles }: Context): ValueUnit | null {
  const header = published(table, name);
  const unit = headerUnit(header)?.unit ?? null;
  if (isArea(unit)) return unit;
  return /sqft|squarefeet|sqfeet/.test(normaliseHeader(header)) ? 'sqft' : profiles(name).area;
}

/** Square metres when a house's middle living area would be a room in square feet (15 to 320). */
function livingUnit(rules: readonly MappedRule[], context: Context): ValueUnit | null {
  const rule =
    rules.find(({ field }) => field === 'LivingArea') ?? rules.find(({ field }) => field === 'AboveGradeFinishedArea');
  const name = rule?.columns[0];
  if (rule === undefined || name === undefined) return null;
  if (rule.rule.unit !== undefined) return rule.rule.unit;
  const stated = statedArea(name, context);
  if (stated !== null || rules.some(({ field }) => field === 'LivingAreaUnits')) return stated;
  const middle = context.profiles(name).medianPositive;
  return middle !== null && middle >= 15 && middle < 320 ? 'sqm' : null;
}

function withAreaUnit(mapped: MappedRule, name: string, profile: ColumnProfile, context: Context): MappedRule {
  if (mapped.rule.unit !== undefined) return mapped;
  const stated = statedArea(name, context);
  if (stated !== null) return withRule(mapped, { unit: stated }, false);
  const middle = profile.medianPositive;
  if (context.decided.has(name) || middle === null) return mapped;
  const header = published(context.table, name);
  const isLot = mapped.field === 'LotSizeSquareFeet';
  if (isLot && middle < 20) {
    context.notes.push(`"${header}": the middle lot is ${middle}, so these are acres.`);
    return withRule(mapped, { unit: 'acres' }, true);
  }
  if (context.living !== 'sqm') return mapped;
  context.notes.push(
    mapped.field === 'LivingArea'
      ? `"${header}": the middle living area is ${middle}, so these are square metres.`
      : `"${header}" is read in square metres like the living area.`,
  );
  return withRule(mapped, { unit: 'sqm' }, true);
}

/** Thousands or millions when no house of the file would cost 100,000 dollars as the numbers stand. */
function withPriceScale(mapped: MappedRule, name: string, profile: ColumnProfile, context: Context): MappedRule {
  const { medianPositive: middle, high, scaleShare, groupedShare, fractionShare } = profile;
  if (mapped.rule.unit !== undefined || context.decided.has(name) || middle === null || high === null) return mapped;
  const stated = headerUnit(published(context.table, name))?.unit;
  if (stated === 'thousands' || stated === 'millions') return withRule(mapped, { unit: stated }, false);
  if (scaleShare > 0.1 || groupedShare > 0.1) return mapped;
  const unit = scaleOf(middle, high, fractionShare);
  if (unit === null) return mapped;
  context.notes.push(`"${published(context.table, name)}": the middle price is ${middle}, so prices are in ${unit}.`);
  return withRule(mapped, { unit }, true);
}

function scaleOf(middle: number, high: number, fractionShare: number): 'thousands' | 'millions' | null {
  if (middle >= 20 && middle < 10_000 && high < 100_000) return 'thousands';
  return middle < 20 && high < 1000 && fractionShare > 0.3 ? 'millions' : null;
}

function withDateStyle(mapped: MappedRule, name: string, { date }: ColumnProfile, context: Context): MappedRule {
  if (mapped.rule.unit !== undefined || date === null || date === 'plain' || date === 'month-first') return mapped;
  const header = published(context.table, name);
  if (date === 'year') {
    if (mapped.field !== 'CloseDate') return mapped;
    context.notes.push(`"${header}" holds years; a sale of a year is dated 1 July.`);
    return { ...mapped, field: 'SaleYear', reason: mapped.reason === 'approved' ? 'approved' : 'shape' };
  }
  const says = {
    'day-first': 'has days above 12 in front, so the day comes first',
    'excel-serial': 'holds spreadsheet day numbers',
    yymmdd: 'holds days as six digits, yymmdd',
    'year-month': 'holds months; each is dated its 15th',
    'decimal-year': 'holds years with fractions; each is dated the 15th of its month',
  };
  context.notes.push(`"${header}" ${says[date]}.`);
  return withRule(mapped, { unit: date }, true);
}

/** The published spelling of a normalised column name. */
export function published(table: SalesTable, name: string): string {
  return table.headers[table.names.indexOf(name)] ?? name;
}
