import type { ComparableSale, PropertyFacts } from './property.ts';
import { COMPARABLE_CONSTANTS as K } from './scoring/comparable-constants.ts';
import { estimateFrom, type ValueEstimate } from './scoring/value-estimate.ts';

/** What is needed of the house that is valued. `id` finds its own past sales among the candidates. */
export type ComparableSubject = { id: string } & Pick<
  PropertyFacts,
  'sqft' | 'bedrooms' | 'bathrooms' | 'yearBuilt' | 'lotSizeSqft' | 'grade' | 'condition'
>;

/** The steps from a comparable's price to what it says about the subject, in whole cents; they sum to adjusted − price. */
export interface Adjustments {
  timeCents: number;
  sizeCents: number;
  lotCents: number;
  gradeCents: number;
  conditionCents: number;
  bathroomsCents: number;
  ageCents: number;
}

/** A past sale with its say in the estimate. */
export interface AdjustedComparable extends ComparableSale {
  /** Share of the estimate's total weight, 0–1; the chosen ones sum to 1. */
  weight: number;
  /** Days from the sale to the date of the estimate. */
  ageDays: number;
  adjustments: Adjustments;
  adjustedPriceCents: number;
  /** True for an earlier sale of the subject itself. */
  isSubject: boolean;
}

export interface ComparableOptions {
  /** Yearly price change that sales are carried forward with, as a ratio; 0 (the default) leaves prices as paid. */
  annualTrend?: number;
  /** Lets the subject's own latest sale take part. Off by default: a value built on the price it is compared with proves nothing. */
  includeOwnSale?: boolean;
}

export interface ComparablesResult {
  /** The date the value is meant for, YYYY-MM-DD: only sales before it were looked at. */
  asOf: string;
  /** Close date of the newest usable sale; null without one. */
  newestSaleDate: string | null;
  /** The yearly trend that was applied, as a ratio. */
  annualTrend: number;
  /** Best first. */
  chosen: AdjustedComparable[];
  /** The subject's own latest sale before asOf, adjusted for time only; null when it has none. */
  ownSale: AdjustedComparable | null;
  /** Null when fewer than three usable sales, or when the subject's living area is unknown; `whyNot` says which. */
  estimate: ValueEstimate | null;
  whyNot: string | null;
}

/**
 * Values a house by what similar houses nearby sold for. Pure and deterministic: the order of the candidates does not matter.
 *
 * Expected candidates: at most about 200 sales, arm's length, close_date < asOf, nearest by latitude/longitude
 * within some 10 km and of the last 24 months (`ORDER BY location <-> point LIMIT 200`), `distanceMetres` filled in.
 * Cost is O(n log n) in their number.
 *
 * Sales on or after `asOf`, without price or living area, or more than three times larger or smaller are left out.
 * Each sale's price is brought to the subject's time, size, lot, grade, condition, baths and age by stated
 * elasticities, then weighed by nearness in place, time and kind.
 */
export function selectComparables(
  subject: ComparableSubject,
  candidates: readonly ComparableSale[],
  asOf: string,
  options: ComparableOptions = {},
): ComparablesResult {
  const annualTrend = options.annualTrend ?? 0;
  const empty = { asOf, newestSaleDate: null, annualTrend, chosen: [], ownSale: null, estimate: null };
  const sqft = subject.sqft;
  if (sqft === null || !(sqft > 0)) return { ...empty, whyNot: 'The living area is not known.' };
  const usable = candidates
    .filter((sale) => isUsable(sale, sqft, asOf))
    .sort((a, b) => compareText(b.closeDate, a.closeDate) || sameOrder(a, b));
  const newestSaleDate = usable[0]?.closeDate.slice(0, 10) ?? null;
  const own = usable.find((sale) => sale.propertyId === subject.id);
  const ownSale = own === undefined ? null : adjust(subject, own, asOf, annualTrend);
  const others = usable.filter((sale) => sale.propertyId !== subject.id);
  const pool = own !== undefined && options.includeOwnSale === true ? [own, ...others] : others;
  const ranked = pool
    .map((sale) => ({ ...adjust(subject, sale, asOf, annualTrend), weight: similarity(subject, sale, asOf) }))
    .sort((a, b) => b.weight - a.weight || sameOrder(a, b))
    .slice(0, K.maxChosen);
  const total = ranked.reduce((sum, sale) => sum + sale.weight, 0);
  const chosen = total > 0 ? ranked.map((sale) => ({ ...sale, weight: sale.weight / total })) : [];
  if (chosen.length < K.minChosen) {
    const whyNot = `Only ${chosen.length} usable sales before ${asOf}; at least ${K.minChosen} are needed.`;
    return { ...empty, newestSaleDate, chosen, ownSale, whyNot };
  }
  return { asOf, newestSaleDate, annualTrend, chosen, ownSale, estimate: estimateFrom(chosen), whyNot: null };
}

/**
 * The date at which a market's sales can speak: today, or, when the newest known sale is older than `maxGapDays`,
 * the day after it, so that old sales are judged by their own time and never passed off as today's market.
 * @returns the date (YYYY-MM-DD) and a sentence that says which one it is
 */
export function closestMarketDate(
  newestCloseDate: string | null,
  today: string,
  maxGapDays = 365,
): { asOf: string; note: string } {
  const day = today.slice(0, 10);
  if (newestCloseDate === null) return { asOf: day, note: `Valued as of ${day}; no sale is known.` };
  const newest = newestCloseDate.slice(0, 10);
  if (daysBetween(newest, day) <= maxGapDays) return { asOf: day, note: `Valued as of ${day}.` };
  const next = new Date(Date.parse(newest) + DAY_MS).toISOString().slice(0, 10);
  return {
    asOf: next,
    note: `Valued as of ${next}, the day after the newest known sale: the market of that date, not of ${day}.`,
  };
}

const DAY_MS = 86_400_000;

/** Whole days from one date to the other (the time of day is ignored); NaN when a text is no date. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS);
}

/** Breaks ties, so that the candidates' order never shows in the result. */
const sameOrder = (a: ComparableSale, b: ComparableSale) =>
  compareText(a.propertyId, b.propertyId) ||
  compareText(a.closeDate, b.closeDate) ||
  a.closePriceCents - b.closePriceCents ||
  a.distanceMetres - b.distanceMetres;

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function isUsable(sale: ComparableSale, sqft: number, asOf: string): boolean {
  const ratio = sale.sqft / sqft;
  const positive = sale.closePriceCents > 0 && Number.isFinite(sale.closePriceCents) && sale.sqft > 0;
  const near =
    Number.isFinite(sale.distanceMetres) && sale.distanceMetres >= 0 && sale.distanceMetres <= K.maxDistanceMetres;
  return positive && near && ratio > 1 / 3 && ratio < 3 && daysBetween(sale.closeDate, asOf) > 0;
}

/** How much a sale says about the subject, > 0, relative: a product of exponential fall-offs; an unknown side counts a fixed step. */
function similarity(subject: ComparableSubject, sale: ComparableSale, asOf: string): number {
  const steps =
    sale.distanceMetres / K.distanceScaleMetres +
    daysBetween(sale.closeDate, asOf) / K.recencyScaleDays +
    gap(logRatio(sale.sqft, subject.sqft), K.sizeScale) +
    gap(logRatio(sale.lotSizeSqft, subject.lotSizeSqft), K.lotScale) +
    gap(difference(sale.grade, subject.grade), K.gradeScale) +
    gap(difference(sale.condition, subject.condition), K.conditionScale) +
    gap(difference(sale.yearBuilt, subject.yearBuilt), K.yearBuiltScale);
  return Math.exp(-Math.min(steps, 500));
}

const gap = (value: number | null, scale: number) => (value === null ? K.unknownStep : Math.abs(value) / scale);
const difference = (a: number | null, b: number | null) => (a === null || b === null ? null : b - a);
const logRatio = (a: number | null, b: number | null) =>
  a === null || b === null || !(a > 0) || !(b > 0) ? null : Math.log(b / a);

function adjust(
  subject: ComparableSubject,
  sale: ComparableSale,
  asOf: string,
  annualTrend: number,
): AdjustedComparable {
  const ageDays = daysBetween(sale.closeDate, asOf);
  let price = sale.closePriceCents;
  /** One step: multiplies the running price and says by how many cents; unknown on either side changes nothing. */
  const step = (exponent: number | null, limit: number) => {
    const bounded = Math.max(-limit, Math.min(limit, exponent ?? 0));
    const next = Math.round(price * Math.exp(bounded));
    const cents = next - price;
    price = next;
    return cents;
  };
  const scaled = (value: number | null, factor: number) => (value === null ? null : value * factor);
  const adjustments: Adjustments = {
    timeCents: step((Math.log1p(Math.max(-0.5, annualTrend)) * ageDays) / 365.25, 0.7),
    sizeCents: step(scaled(logRatio(sale.sqft, subject.sqft), K.sizeElasticity), 0.6),
    lotCents: step(scaled(logRatio(sale.lotSizeSqft, subject.lotSizeSqft), K.lotElasticity), 0.15),
    gradeCents: step(scaled(difference(sale.grade, subject.grade), K.gradeStep), 0.4),
    conditionCents: step(scaled(difference(sale.condition, subject.condition), K.conditionStep), 0.15),
    bathroomsCents: step(scaled(difference(sale.bathrooms, subject.bathrooms), K.bathroomStep), 0.1),
    ageCents: step(scaled(difference(sale.yearBuilt, subject.yearBuilt), K.yearBuiltStep), 0.1),
  };
  return {
    ...sale,
    weight: 0,
    ageDays,
    adjustments,
    adjustedPriceCents: price,
    isSubject: sale.propertyId === subject.id,
  };
}
