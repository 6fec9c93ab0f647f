import { type AdjustedComparable, adjustSale, type ScoredSale } from './comparables/adjust.ts';
import { createChooser } from './comparables/choose.ts';
import type { ComparableSubject } from './comparables/sale-match.ts';
import { numbersOfSales } from './comparables/sale-numbers.ts';
import { type LeafSimilarity, leafShare } from './comparables/similarity.ts';
import type { ComparableSale } from './property.ts';
import type { ValueEstimate } from './scoring/value-estimate.ts';

export type { AdjustedComparable, Adjustments, ScoredSale } from './comparables/adjust.ts';
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

export interface ComparablesResult<Sale extends ScoredSale = AdjustedComparable> {
  /** The date the value is meant for, YYYY-MM-DD: only sales before it were looked at. */
  asOf: string;
  /** Close date of the newest usable sale; null without one. */
  newestSaleDate: string | null;
  /** The yearly trend that was applied, as a ratio. */
  annualTrend: number;
  /** Best first. */
  chosen: Sale[];
  /** The subject's own latest sale before asOf, adjusted for time only; null when it has none. */
  ownSale: Sale | null;
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
  const { annualTrend = 0, leafSimilarity, ...choice } = options;
  const chooser = createChooser(numbersOfSales(candidates), asOf, annualTrend, candidates.length, adjustSale);
  const near = {
    count: candidates.length,
    positions: Int32Array.from(candidates.keys()),
    metres: Float64Array.from(candidates, ({ distanceMetres }) => distanceMetres),
  };
  const share = leafSimilarity === undefined ? undefined : (at: number) => leafShare(leafSimilarity(candidates[at]!));
  return chooser(subject, near, { ...choice, share });
}
