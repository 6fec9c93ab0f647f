import { CATEGORY_FACTS, categoryOf, numberOf, yearOfDay } from '../domain/valuation/columns.ts';
import { dayNumber } from '../domain/valuation/days.ts';
import type { HistoryModel } from '../domain/valuation/market-history.ts';
import type { SaleRecord, ValuationFacts, ValuationSubject } from '../domain/valuation/sale-record.ts';

type CategoryFact = (typeof CATEGORY_FACTS)[number];

/** What the sales of a model have in common: what a house is held against. */
export interface SeenSales {
  /** Day numbers of the first and the last sale; NaN without dates. */
  oldestDay: number;
  newestDay: number;
  /** Facts of which all sales state the same: the model has no column for them, and no word about another. */
  only: Partial<Record<CategoryFact, string>>;
}

/** @param sales in order of their dates where they have any */
export function seenOf(sales: readonly SaleRecord[], isDated: boolean): SeenSales {
  const only: SeenSales['only'] = {};
  for (const fact of CATEGORY_FACTS) {
    const first = sales.find(({ facts }) => facts[fact] !== null)?.facts[fact] ?? null;
    if (first === null || first.trim() === '') continue;
    const stated = sales.filter(({ facts }) => facts[fact] !== null);
    if (stated.length >= sales.length / 2 && stated.every(({ facts }) => facts[fact] === first)) {
      only[fact] = first.trim();
    }
  }
  const day = (sale: SaleRecord | undefined) => (isDated ? dayNumber(sale?.closeDate ?? null) : Number.NaN);
  return { oldestDay: day(sales[0]), newestDay: day(sales.at(-1)), only };
}

/** One reason to be less sure: times the interval's half-width, and the sentence without how much wider. */
export interface StatedDoubt {
  factor: number;
  note: string;
}

const CATEGORY_LABELS: Readonly<Record<CategoryFact, string>> = {
  zipCode: 'postal code',
  city: 'city',
  subdivision: 'subdivision',
  propertyType: 'property type',
  propertySubType: 'property sub-type',
};

/**
 * Widths at least, where hiding the fact did not show more. A house of another kind than all sales may be priced by other
 * rules; a place or column without sales of its own is one fact less. Ours, not measured: no sale tells of them.
 */
const OTHER_KIND = 1.25;
const UNSEEN_PLACE = 1.1;
const UNSEEN_EXTRA = 1.05;
const UNREADABLE = 1.02;

/**
 * What a house states that the model cannot take at its word.
 * @param imputed the house with what it was taken to have
 */
export function statedDoubts(
  subject: ValuationSubject,
  day: number,
  model: { history: HistoryModel; widening: Readonly<Record<string, number>>; only: SeenSales['only'] },
  imputed: ValuationSubject,
): StatedDoubt[] {
  return [
    ...unseenCategories(subject, model, imputed),
    ...unreadableNumbers(subject, day, model),
    ...futureYears(subject, day),
  ];
}

function unseenCategories(
  subject: ValuationSubject,
  { history, widening, only }: Parameters<typeof statedDoubts>[2],
  imputed: ValuationSubject,
): StatedDoubt[] {
  const doubts: StatedDoubt[] = [];
  for (const column of history.hedonic.full.plan.categories) {
    const level = categoryOf(column, subject);
    if (level === null || column.levels.includes(level)) continue;
    const isFact = column.extra === null;
    const label = isFact ? CATEGORY_LABELS[column.name as CategoryFact] : `column "${column.extra}"`;
    const isNowhere = column.name === 'zipCode' && imputed.facts.latitude === null;
    const missing = widening[isNowhere ? 'place' : column.name] ?? 1;
    const factor = Math.max(missing, isFact ? UNSEEN_PLACE : UNSEEN_EXTRA);
    const counted = categoryOf(column, imputed);
    const nearest = counted === level ? '' : ` and counts as ${counted}, the nearest`;
    const note = `The ${label} "${brief(level)}" is none that the model has learned enough sales of${nearest}`;
    doubts.push({ factor, note });
  }
  for (const [fact, all] of Object.entries(only) as Array<[CategoryFact, string]>) {
    const level = subject.facts[fact]?.trim() ?? '';
    if (level === '' || level === all) continue;
    const note = `The ${CATEGORY_LABELS[fact]} is "${brief(level)}", and all sales that the model has learned from are "${brief(all)}"`;
    doubts.push({ factor: OTHER_KIND, note });
  }
  return doubts;
}

/** Names of numbers as a person says them, and the fact that states them. */
const NUMBER_LABELS: Readonly<Record<string, { label: string; field: keyof ValuationFacts }>> = {
  sqft: { label: 'living area', field: 'sqft' },
  lotSizeSqft: { label: 'lot size', field: 'lotSizeSqft' },
  age: { label: 'year built', field: 'yearBuilt' },
};

function unreadableNumbers(
  subject: ValuationSubject,
  day: number,
  { history, widening }: Parameters<typeof statedDoubts>[2],
): StatedDoubt[] {
  const doubts: StatedDoubt[] = [];
  for (const column of history.hedonic.full.plan.numbers) {
    const known =
      column.extra === null ? NUMBER_LABELS[column.name] : { label: `column "${column.extra}"`, field: null };
    if (known === undefined) continue;
    const stated = known.field === null ? subject.extras[column.extra ?? ''] : subject.facts[known.field];
    if (stated === null || stated === undefined || String(stated).trim() === '') continue;
    if (!Number.isNaN(numberOf(column, subject, day))) continue;
    const factor = Math.max(widening[known.field ?? column.name] ?? 1, UNREADABLE);
    doubts.push({
      factor,
      note: `The ${known.label} of "${brief(String(stated))}" cannot be, and counts as not known`,
    });
  }
  return doubts;
}

/** A house of next year is a plan: it is valued as new. A renovation that is still to come counts as none. */
function futureYears({ facts }: ValuationSubject, day: number): StatedDoubt[] {
  const doubts: StatedDoubt[] = [];
  const now = yearOfDay(day);
  const { yearBuilt, yearRenovated } = facts;
  if (yearBuilt !== null && yearBuilt > now) {
    const factor = 1.1 + Math.min(0.9, 0.1 * (yearBuilt - now));
    doubts.push({
      factor,
      note: `The year built, ${yearBuilt}, lies after the day of the value: the house counts as new`,
    });
  }
  if (yearRenovated !== null && yearRenovated > now) {
    doubts.push({
      factor: 1,
      note: `The renovation of ${yearRenovated} lies after the day of the value and counts as none`,
    });
  }
  return doubts;
}

const brief = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
