import { type AdjustedComparable, adjustSale } from './comparables/adjust.ts';
import { daysBetween } from './comparables/dates.ts';
import { moveToPlace } from './comparables/location.ts';
import { type ComparableSubject, compareSales, compareText } from './comparables/sale-match.ts';
import { type LeafSimilarity, sayOf, stepsApart } from './comparables/similarity.ts';
import type { ComparableSale } from './property.ts';
import { COMPARABLE_CONSTANTS as K } from './scoring/comparable-constants.ts';
import { estimateFrom, type ValueEstimate } from './scoring/value-estimate.ts';

export type { AdjustedComparable, Adjustments } from './comparables/adjust.ts';
export { closestMarketDate, daysBetween } from './comparables/dates.ts';
export type { ComparableSubject } from './comparables/sale-match.ts';

export interface ComparableOptions {
  /** Yearly price change that sales are carried forward with, as a ratio; 0 (the default) leaves prices as paid. */
  annualTrend?: number;
  /** Lets the subject's own latest sale take part. Off by default: a value built on the price it is compared with proves nothing. */
  includeOwnSale?: boolean;
  /** How many sales may speak; default `COMPARABLE_CONSTANTS.maxChosen`. */
  maxChosen?: number;
  /** Below this many there is no value; default `COMPARABLE_CONSTANTS.minChosen`. */
  minChosen?: number;
  /** A valuation model's own sense of likeness, blended into the weights when given. */
  leafSimilarity?: LeafSimilarity;
  /**
   * Sales that a person wants, by property id: taken however far and different, with at least the median say of the
   * others.
   */
  wanted?: ReadonlySet<string>;
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
 * Expected candidates: at most a few hundred sales, arm's length, close_date < asOf, nearest by latitude/longitude
 * within some 10 km and of the last 24 months, `distanceMetres` filled in. Cost is O(n log n) in their number.
 * `compareProperty` narrows the candidates by stated limits first; scoring passes them all and lets nearness weigh.
 *
 * Sales on or after `asOf`, without price or living area, or more than three times larger or smaller are left out.
 * Each sale's price is brought to the subject's time, size, lot, grade, condition, baths and age by stated
 * elasticities, and to its place by the local slope of prices, then weighed by nearness in place, time and kind.
 */
export function selectComparables(
  subject: ComparableSubject,
  candidates: readonly ComparableSale[],
  asOf: string,
  options: ComparableOptions = {},
): ComparablesResult {
  const annualTrend = options.annualTrend ?? 0;
  const { maxChosen = K.maxChosen, minChosen = K.minChosen } = options;
  const empty = { asOf, newestSaleDate: null, annualTrend, chosen: [], ownSale: null, estimate: null };
  const sqft = subject.sqft;
  if (sqft === null || !(sqft > 0)) return { ...empty, whyNot: 'The living area is not known.' };
  const isWanted = (sale: ComparableSale) => options.wanted?.has(sale.propertyId) === true;
  const usable = candidates
    .filter((sale) => isSpeaking(sale, asOf) && (isWanted(sale) || isWithinReach(sale, sqft)))
    .sort((a, b) => compareText(b.closeDate, a.closeDate) || compareSales(a, b));
  const newestSaleDate = usable[0]?.closeDate.slice(0, 10) ?? null;
  const own = usable.find((sale) => sale.propertyId === subject.id);
  const ownSale = own === undefined ? null : adjustSale(subject, own, asOf, annualTrend);
  const others = usable.filter((sale) => sale.propertyId !== subject.id);
  const takesOwn = own !== undefined && (options.includeOwnSale === true || isWanted(own));
  const weighed = (takesOwn ? [own, ...others] : others)
    .map((sale) => ({
      ...adjustSale(subject, sale, asOf, annualTrend),
      weight: sayOf(stepsApart(subject, sale, asOf, options.leafSimilarity)),
    }))
    .sort((a, b) => b.weight - a.weight || compareSales(a, b));
  const ranked = moveToPlace(subject, weighed)
    .sort((a, b) => Number(isWanted(b)) - Number(isWanted(a)) || b.weight - a.weight || compareSales(a, b))
    .slice(0, maxChosen);
  const chosen = shareOut(ranked, isWanted);
  if (chosen.length < minChosen) {
    const whyNot = `Only ${chosen.length} usable sales before ${asOf}; at least ${minChosen} are needed.`;
    return { ...empty, newestSaleDate, chosen, ownSale, whyNot };
  }
  return { asOf, newestSaleDate, annualTrend, chosen, ownSale, estimate: estimateFrom(chosen), whyNot: null };
}

/** Weights that sum to 1, best first; a wanted sale has at least the median say of the others. */
function shareOut(
  ranked: readonly AdjustedComparable[],
  isWanted: (sale: ComparableSale) => boolean,
): AdjustedComparable[] {
  const others = ranked.filter((sale) => !isWanted(sale)).map((sale) => sale.weight);
  const median = others[Math.floor(others.length / 2)] ?? 0;
  const raised = ranked
    .map((sale) => (isWanted(sale) ? { ...sale, weight: Math.max(sale.weight, median) } : sale))
    .sort((a, b) => b.weight - a.weight || compareSales(a, b));
  const total = raised.reduce((sum, sale) => sum + sale.weight, 0);
  return total > 0 ? raised.map((sale) => ({ ...sale, weight: sale.weight / total })) : [];
}

/** True for a sale that says anything at all: priced, measured, placed and before the date. */
function isSpeaking(sale: ComparableSale, asOf: string): boolean {
  return (
    sale.closePriceCents > 0 &&
    Number.isFinite(sale.closePriceCents) &&
    sale.sqft > 0 &&
    Number.isFinite(sale.distanceMetres) &&
    sale.distanceMetres >= 0 &&
    daysBetween(sale.closeDate, asOf) > 0
  );
}

function isWithinReach(sale: ComparableSale, sqft: number): boolean {
  const ratio = sale.sqft / sqft;
  return sale.distanceMetres <= K.maxDistanceMetres && ratio > 1 / 3 && ratio < 3;
}
