import { numberOf } from '../domain/valuation/columns.ts';
import { dateOfDay } from '../domain/valuation/days.ts';
import { standardised } from '../domain/valuation/hedonic.ts';
import type { HistoryModel } from '../domain/valuation/market-history.ts';
import type { ValuationFacts, ValuationSubject } from '../domain/valuation/sale-record.ts';
import { type SeenSales, statedDoubts } from './stated-doubts.ts';

/**
 * Facts whose absence is measured, with their names for the reader. Of facts that stand for each other the absence of all
 * is measured `together` as well.
 */
export const HIDEABLE: Readonly<
  Record<
    string,
    { label: string; isMany?: true; fields: ReadonlyArray<keyof ValuationFacts>; together?: readonly string[] }
  >
> = {
  sqft: { label: 'living area', fields: ['sqft'] },
  lotSizeSqft: { label: 'lot size', fields: ['lotSizeSqft'] },
  bedrooms: { label: 'number of bedrooms', fields: ['bedrooms'] },
  bathrooms: { label: 'number of bathrooms', fields: ['bathrooms'] },
  stories: { label: 'number of stories', fields: ['stories'] },
  grade: { label: 'construction grade', fields: ['grade'] },
  condition: { label: 'condition', fields: ['condition'] },
  yearBuilt: { label: 'year built', fields: ['yearBuilt'] },
  location: { label: 'coordinates', isMany: true, fields: ['latitude', 'longitude'] },
  waterfront: { label: 'position on the water', fields: ['waterfront'] },
  zipCode: { label: 'postal code', fields: ['zipCode'] },
  place: {
    label: 'place',
    fields: ['latitude', 'longitude', 'zipCode'],
    together: ['location', 'zipCode'],
  },
  subdivision: { label: 'subdivision', fields: ['subdivision'] },
  city: { label: 'city', fields: ['city'] },
  propertyType: { label: 'property type', fields: ['propertyType'] },
  propertySubType: { label: 'property sub-type', fields: ['propertySubType'] },
};

/** Of a fact the one that it is told together with. */
const WHOLES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(HIDEABLE).flatMap(([whole, { together = [] }]) => together.map((part) => [part, whole])),
);

/** What may be missing of a house for this model: the facts above, and the source's further columns that make houses alike. */
export function hideableOf(history: HistoryModel): string[] {
  const { numbers } = history.hedonic.full.plan;
  const traits = history.metric.traits.flatMap(({ column }) => numbers[column]!.extra ?? []);
  return [...Object.keys(HIDEABLE), ...traits.map((name) => `extra:${name}`)];
}

const extraNamed = (fact: string) => /^extra:(.*)$/s.exec(fact)?.[1];

/** True when the subject lacks the fact. */
export function lacks(subject: ValuationSubject, fact: string): boolean {
  const known = HIDEABLE[fact];
  if (known?.together !== undefined) return known.together.every((part) => lacks(subject, part));
  if (known === undefined) return (subject.extras[extraNamed(fact) ?? ''] ?? '') === '';
  for (const field of known.fields) if ((subject.facts[field] ?? null) === null) return true;
  return false;
}

/** The subject without a fact. */
export function hide(subject: ValuationSubject, fact: string): ValuationSubject {
  const extra = extraNamed(fact);
  if (extra !== undefined) {
    const { [extra]: _hidden, ...extras } = subject.extras;
    return { ...subject, extras };
  }
  const facts = { ...subject.facts } as Record<string, unknown>;
  for (const field of HIDEABLE[fact]!.fields) facts[field] = null;
  return { ...subject, facts: facts as unknown as ValuationFacts };
}

/** Numbers that a person knows by other names than the plan does. */
const LABELS: Readonly<Record<string, string>> = { sqft: 'living area', lotSizeSqft: 'lot size', age: 'age' };

/** Yearly spread of a county's price level when nothing is heard of it (FHFA county indexes move 4–8% a year). */
const LEVEL_SPREAD_YEARLY = 0.06;

/** How much wider when not one sale is known before the day: nothing near the house is. Ours, not measured. */
const BEFORE_ALL = 1.5;

/** Why a value is less sure than the model's own interval says, and by how much. */
export interface Doubt {
  /** Times the interval's half-width (logarithm). */
  factor: number;
  /** Spread to be added to it for an unknown level of prices, logarithm. */
  levelSpread: number;
  notes: string[];
}

/**
 * Looks at what is missing, what lies outside the sales that the model learned from, and how old these are. Independent
 * doubts add as variances do.
 * @param imputed the house with what it was taken to have
 */
export function doubtsOf(
  subject: ValuationSubject,
  day: number,
  model: { history: HistoryModel; widening: Readonly<Record<string, number>> } & SeenSales,
  imputed: ValuationSubject = subject,
): Doubt {
  const notes: string[] = [];
  let variance = 1;
  const widen = (factor: number, note: string, isMissing = false) => {
    variance += factor * factor - 1;
    notes.push(factor > 1 || isMissing ? `${note}: the interval is ${percent(factor)} wider.` : `${note}.`);
  };
  const isToldTogether = (fact: string) => {
    const whole = WHOLES[fact];
    return whole !== undefined && whole in model.widening && lacks(subject, whole);
  };
  for (const fact in model.widening) {
    if (!lacks(subject, fact) || isToldTogether(fact)) continue;
    const factor = model.widening[fact]!;
    const { label = `column "${extraNamed(fact)}"`, isMany = false } = HIDEABLE[fact] ?? {};
    widen(factor, `The ${label} ${isMany ? 'are' : 'is'} not known${countsAs(fact, imputed)}`, true);
  }
  for (const { factor, note } of statedDoubts(subject, day, model, imputed)) widen(factor, note);
  for (const column of model.history.hedonic.full.plan.numbers) {
    if (column.name === 'effectiveAge') continue;
    const raw = numberOf(column, subject, day);
    if (Number.isNaN(raw)) continue;
    const used = column.isLog ? Math.log1p(Math.max(0, raw)) : raw;
    const beyond = Math.max(column.low - used, used - column.high) / column.deviation;
    if (!(beyond > 0.05)) continue;
    // A column of the source is one word of many about a house; its size and its place are most of the value.
    const factor = 1 + (column.extra === null ? Math.min(2, 0.5 * beyond) : Math.min(0.5, 0.1 * beyond));
    const unlog = (value: number) => Math.round(column.isLog ? Math.expm1(value) : value).toLocaleString('en-US');
    const held = standardised(column, raw) * column.deviation + column.mean;
    const label = column.extra === null ? (LABELS[column.name] ?? column.name) : `column "${column.extra}"`;
    widen(
      factor,
      `The ${label} of ${Math.round(raw).toLocaleString('en-US')} lies outside what the model has seen (${unlog(column.low)} to ${unlog(column.high)}) and counts as ${unlog(held)} in part`,
    );
  }
  const stale = Number.isNaN(day) || Number.isNaN(model.newestDay) ? 0 : day - model.newestDay;
  const quiet = Math.max(0, stale - 2 * model.history.bandwidthDays) / 365.25;
  if (quiet > 0.25) {
    notes.push(
      `The newest sale the model knows is ${Math.round(stale)} days older than the day of the value: prices may have moved, and the interval is wider for it.`,
    );
  }
  const before = Math.max(0, model.oldestDay - day);
  const isBefore = day <= model.oldestDay;
  if (isBefore) {
    widen(BEFORE_ALL, `No sale is known before the day of the value (the first is of ${dateOfDay(model.oldestDay)})`);
  }
  const years = quiet + (isBefore ? Math.max(0.25, before / 365.25) : 0);
  return { factor: Math.sqrt(variance), levelSpread: LEVEL_SPREAD_YEARLY * Math.sqrt(years), notes };
}

/** What a fact that is not known was taken to be; nothing when the model goes without. */
function countsAs(fact: string, imputed: ValuationSubject): string {
  if (lacks(imputed, fact)) return '';
  if (fact === 'location') return ' and count as the middle of its postal code';
  if (fact === 'zipCode') return ` and counts as ${imputed.facts.zipCode}, the nearest`;
  const extra = extraNamed(fact);
  const value = extra === undefined ? imputed.facts[HIDEABLE[fact]!.fields[0]!] : imputed.extras[extra];
  if (typeof value === 'boolean') return ` and counts as ${value ? 'such' : 'none'}`;
  const shown = fact === 'yearBuilt' ? String(value) : brief(Number(value));
  return ` and counts as ${shown}, as in houses like it`;
}

const [whole, tenths] = [0, 1].map(
  (maximumFractionDigits) => new Intl.NumberFormat('en-US', { maximumFractionDigits }),
);
const brief = (value: number) => (value < 100 ? tenths! : whole!).format(value);

const percent = (factor: number) => `${Math.max(1, Math.round((factor - 1) * 100))}%`;
