import { DEFAULT_HISTORY, fitHistory } from '../../../src/avm/fit-history.ts';
import { dateOfDay, dayNumber } from '../../../src/domain/valuation/days.ts';
import type { HistoryModel } from '../../../src/domain/valuation/market-history.ts';
import type { SaleRecord, ValuationFacts, ValuationSubject } from '../../../src/domain/valuation/sale-record.ts';
import { VALUATION_FACTS } from '../../../src/domain/valuation/sale-record.ts';

/** First day of the invented markets. */
export const FIRST_DAY = dayNumber('2014-05-01');

/** Facts of which nothing is known but what is given. */
export function factsOf(over: Partial<ValuationFacts> = {}): ValuationFacts {
  const blank = Object.fromEntries(VALUATION_FACTS.map((field) => [field, null])) as unknown as ValuationFacts;
  return { ...blank, ...over };
}

/** A house of which nothing is known but what is given. */
export const subjectOf = (over: Partial<ValuationFacts> = {}, parcel: string | null = null): ValuationSubject => ({
  parcel,
  facts: factsOf(over),
  extras: {},
});

/** Repeatable numbers from 0 up to 1 (a linear congruence; good enough to invent houses with). */
export function randomOf(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 8; i += 1) next();
  return next;
}

/** One invented sale; what is not drawn from `random` follows from it. */
export function inventSale(random: () => number, day: number, row: number): SaleRecord {
  const between = (low: number, high: number) => low + (high - low) * random();
  const sqft = Math.round(between(800, 4000));
  const grade = Math.floor(between(5, 11));
  const latitude = between(47.4, 47.6);
  const zip = `9800${Math.floor(between(1, 5))}`;
  const log = 7.2 + 0.7 * Math.log(sqft) + 0.1 * grade + 2 * (latitude - 47.5) + between(-0.15, 0.15);
  return {
    row,
    parcel: `${Math.floor(between(100, 106))}00${String(Math.floor(between(0, 40))).padStart(4, '0')}`,
    closeDate: dateOfDay(day),
    closePrice: Math.round(Math.exp(log)),
    facts: factsOf({
      latitude,
      longitude: between(-122.4, -122.2),
      zipCode: zip,
      subdivision: `Plat ${Math.floor(between(0, 5))}`,
      sqft,
      lotSizeSqft: Math.round(between(2000, 20000)),
      bedrooms: Math.floor(between(1, 6)),
      bathrooms: Math.floor(between(4, 14)) / 4,
      stories: random() < 0.5 ? 1 : 2,
      grade,
      condition: Math.floor(between(2, 6)),
      yearBuilt: Math.floor(between(1900, 2014)),
      waterfront: random() < 0.1,
    }),
    extras: { garage: Math.floor(between(0, 4)) },
  };
}

/** An invented market over about a year, in order of time; without dates when asked. */
export function inventMarket(seed: number, count: number, isDated = true): SaleRecord[] {
  const random = randomOf(seed);
  const days = Array.from({ length: count }, () => FIRST_DAY + Math.floor(random() * 360)).sort((a, b) => a - b);
  return days.map((day, row) => inventSale(random, isDated ? day : Number.NaN, row + 1));
}

/** What a training would learn of them before its search. */
export const fitMarket = (sales: readonly SaleRecord[]): HistoryModel => fitHistory(sales, DEFAULT_HISTORY);
