import { extraIsAllowed } from './protected-columns.ts';
import { quantileOf } from './quantile.ts';
import type { ValuationFacts, ValuationSubject } from './sale-record.ts';
import { moments } from './statistics.ts';

/** One number that the model reads of a house, with what training saw of it. */
export interface NumberColumn {
  /** `sqft`, or `extra:<column of the file>`. */
  name: string;
  /** The column in `extras`; null for a fact of the house. */
  extra: string | null;
  /** True when the logarithm of 1 + value is used: sizes, and what is very skewed. */
  isLog: boolean;
  mean: number;
  deviation: number;
  /** Range of training, after the logarithm: values outside are held at its ends. */
  low: number;
  high: number;
  /** Share of training rows that lack it. */
  missing: number;
}

/** One category that the model reads of a house, with the levels that training saw often enough. */
export interface CategoryColumn {
  name: string;
  extra: string | null;
  levels: string[];
}

/** What of a subject is read, learned from the training part alone. */
export interface ColumnPlan {
  numbers: NumberColumn[];
  categories: CategoryColumn[];
  /** Columns left out, each with the reason, for the report. */
  leftOut: Array<{ column: string; reason: string }>;
}

const DAYS_PER_YEAR = 365.25;
/** Facts that are sizes: a house twice as large is a step, not an amount. */
const SIZES: ReadonlySet<string> = new Set(['sqft', 'lotSizeSqft']);

/** Facts read as numbers. Ages are as of the day of the valuation. */
export const NUMBER_FACTS: Readonly<Record<string, (facts: ValuationFacts, day: number) => number>> = {
  sqft: (facts) => positive(facts.sqft),
  lotSizeSqft: (facts) => positive(facts.lotSizeSqft),
  bedrooms: (facts) => known(facts.bedrooms),
  bathrooms: (facts) => known(facts.bathrooms),
  stories: (facts) => known(facts.stories),
  grade: (facts) => known(facts.grade),
  condition: (facts) => known(facts.condition),
  waterfront: (facts) => (facts.waterfront === null ? Number.NaN : Number(facts.waterfront)),
  age: (facts, day) => yearsSince(facts.yearBuilt, day),
  effectiveAge: (facts, day) => yearsSince(latest(facts.yearBuilt, renovationBy(facts, day)), day),
  latitude: (facts) => known(facts.latitude),
  longitude: (facts) => known(facts.longitude),
};

/** Facts read as categories. */
export const CATEGORY_FACTS = ['zipCode', 'city', 'subdivision', 'propertyType', 'propertySubType'] as const;

const known = (value: number | null) => (value === null || !Number.isFinite(value) ? Number.NaN : value);
const positive = (value: number | null) =>
  value === null || !(value > 0) || !Number.isFinite(value) ? Number.NaN : value;
const latest = (a: number | null, b: number | null) => (b !== null && b > 0 ? Math.max(a ?? b, b) : a);

/** Calendar year of a day; beyond all years for houses without any sale date, of which nothing is later. */
export const yearOfDay = (day: number): number =>
  Number.isNaN(day) ? Number.POSITIVE_INFINITY : new Date(day * 86_400_000).getUTCFullYear();

/** Year of the last renovation that the day could know of; null when none. One of a later year has not happened yet. */
export function renovationBy({ yearRenovated }: Pick<ValuationFacts, 'yearRenovated'>, day: number): number | null {
  return yearRenovated !== null && yearRenovated > 0 && yearRenovated <= yearOfDay(day) ? yearRenovated : null;
}

/** Years from the middle of a year to the day; of today's houses without any sale date, to 2000. Not below 0. */
function yearsSince(year: number | null, day: number): number {
  if (year === null || !(year > 1500)) return Number.NaN;
  const now = Number.isNaN(day) ? 2000 : 1970 + day / DAYS_PER_YEAR;
  return Number.isNaN(day) ? now - year : Math.max(0, now - year - 0.5);
}

/** The year, with its fraction, that lies so many years before the day: the reverse of `yearsSince`. */
const builtBefore = (years: number, day: number) =>
  Number.isNaN(day) ? 2000 - years : 1970 + day / DAYS_PER_YEAR - years - 0.5;

/** The raw number of a column for a subject on a day; NaN when unknown. */
export function numberOf(column: Pick<NumberColumn, 'name' | 'extra'>, subject: ValuationSubject, day: number): number {
  if (column.extra === null) return NUMBER_FACTS[column.name]!(subject.facts, day);
  const value = subject.extras[column.extra];
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

/** What `putNumber` writes to: parts of a subject that nobody else holds. */
export interface OwnParts {
  facts: ValuationFacts;
  extras: Record<string, string | number>;
}

/** Writes a column's raw number where `numberOf` then reads it, to the whole year for an age. */
export function putNumber(
  column: Pick<NumberColumn, 'name' | 'extra'>,
  raw: number,
  { facts, extras }: OwnParts,
  day: number,
): void {
  if (column.extra !== null) extras[column.extra] = raw;
  else if (column.name === 'age') facts.yearBuilt = Math.round(builtBefore(raw, day));
  else if (column.name === 'waterfront') facts.waterfront = raw >= 0.5;
  else (facts as unknown as Record<string, number>)[column.name] = raw;
}

/** The published text of a category; null when unknown. */
export function categoryOf(column: Pick<CategoryColumn, 'name' | 'extra'>, subject: ValuationSubject): string | null {
  const value =
    column.extra === null
      ? subject.facts[column.name as (typeof CATEGORY_FACTS)[number]]
      : subject.extras[column.extra];
  const text = value === undefined || value === null ? '' : String(value).trim();
  return text === '' ? null : text;
}

/**
 * Learns which numbers and categories the sales state. A column takes part when at least 2% of the rows have it and it
 * has two values; text with more levels than a third of the rows (addresses, remarks) does not.
 */
export function planColumns(subjects: readonly ValuationSubject[], days: Float64Array): ColumnPlan {
  const plan: ColumnPlan = { numbers: [], categories: [], leftOut: [] };
  const count = subjects.length;
  for (const name of Object.keys(NUMBER_FACTS)) addNumber(plan, { name, extra: null }, subjects, days);
  for (const name of CATEGORY_FACTS) addCategory(plan, { name, extra: null }, subjects);
  for (const extra of extraNames(subjects)) {
    const allowed = extraIsAllowed(extra);
    const name = `extra:${extra}`;
    if (!allowed.allowed) plan.leftOut.push({ column: extra, reason: allowed.reason });
    else if (isNumeric(extra, subjects)) addNumber(plan, { name, extra }, subjects, days);
    else addCategory(plan, { name, extra }, subjects);
  }
  if (count === 0) plan.leftOut.push({ column: '*', reason: 'no sales' });
  return plan;
}

function extraNames(subjects: readonly ValuationSubject[]): string[] {
  const names = new Set<string>();
  for (const subject of subjects) for (const name of Object.keys(subject.extras)) names.add(name);
  return [...names].sort();
}

/** Stored records keep extras as text. A leading zero before other digits marks a code, not a number. */
const NUMBER_TEXT = /^\s*-?(?:0|[1-9]\d*)(?:\.\d+)?\s*$/;

function isNumeric(extra: string, subjects: readonly ValuationSubject[]): boolean {
  let numbers = 0;
  let texts = 0;
  for (const { extras } of subjects) {
    const value = extras[extra];
    if (typeof value === 'number' || (value !== undefined && NUMBER_TEXT.test(value))) numbers += 1;
    else if (value !== undefined && value.trim() !== '') texts += 1;
  }
  return numbers > 0 && texts <= numbers * 0.02;
}

function addNumber(
  plan: ColumnPlan,
  column: { name: string; extra: string | null },
  subjects: readonly ValuationSubject[],
  days: Float64Array,
): void {
  const raw = Float64Array.from(subjects, (subject, i) => numberOf(column, subject, days[i]!));
  const present = raw.filter((value) => !Number.isNaN(value));
  if (present.length < Math.max(5, subjects.length * 0.02)) return;
  const isLog = SIZES.has(column.name) || isSkewed(present);
  const used = isLog ? raw.map((value) => Math.log1p(value)) : raw;
  const { mean, deviation } = moments(used);
  if (!(deviation > 1e-9 * Math.max(1, Math.abs(mean)))) {
    plan.leftOut.push({ column: column.extra ?? column.name, reason: 'the same value in every row' });
    return;
  }
  plan.numbers.push({
    ...column,
    isLog,
    mean,
    deviation,
    low: quantileOf(used, 0.001),
    high: quantileOf(used, 0.999),
    missing: 1 - present.length / subjects.length,
  });
}

/** Never negative, and the largest hundredth is more than five times the middle. */
function isSkewed(present: Float64Array): boolean {
  let least = Number.POSITIVE_INFINITY;
  for (const value of present) least = Math.min(least, value);
  return (
    least >= 0 &&
    quantileOf(present, 0.99) > 5 * Math.max(1, quantileOf(present, 0.5)) &&
    quantileOf(present, 0.99) > 50
  );
}

function addCategory(
  plan: ColumnPlan,
  column: { name: string; extra: string | null },
  subjects: readonly ValuationSubject[],
): void {
  const counts = new Map<string, number>();
  for (const subject of subjects) {
    const level = categoryOf(column, subject);
    if (level !== null) counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  if (counts.size === 0) return;
  const label = column.extra ?? column.name;
  if (counts.size > Math.max(20, subjects.length / 3)) {
    plan.leftOut.push({
      column: label,
      reason: `${counts.size} different texts: a name or an address, not a category`,
    });
    return;
  }
  const levels = [...counts]
    .filter(([, n]) => n >= 4)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 150)
    .map(([level]) => level);
  const rest = subjects.length - levels.reduce((sum, level) => sum + counts.get(level)!, 0);
  if (levels.length === 0 || (levels.length === 1 && rest < 4)) {
    plan.leftOut.push({ column: label, reason: 'the same value in every row' });
    return;
  }
  plan.categories.push({ ...column, levels });
}
