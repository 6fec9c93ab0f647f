import type { ComparableSale } from '../property.ts';

/** A sale brought to the subject, with its share of the say. */
export type WeighedSale = Pick<ComparableSale, 'closePriceCents' | 'sqft' | 'distanceMetres'> & {
  weight: number;
  ageDays: number;
  adjustedPriceCents: number;
};

/** A value from comparable sales, in whole cents, with how far it may be trusted. */
export interface ValueEstimate {
  valueCents: number;
  /** About 80 in 100 sale prices fall between low and high. */
  lowCents: number;
  highCents: number;
  count: number;
  /** 0–1: falls with few, far, old or disagreeing sales. */
  confidence: number;
  /** Number of equally weighed sales that would say as much (Kish). */
  effectiveCount: number;
  /** Weighted mean absolute deviation of the adjusted prices from the value, as a ratio. */
  dispersion: number;
  /** Weighted mean distance. */
  distanceMetres: number;
  /** Weighted mean age of the sales. */
  ageDays: number;
  /** Weighted median of the unadjusted price per square foot, in cents. */
  pricePerSqftCents: number;
}

/** Dispersion that even good comparables show: the interval is never narrower than it warrants. */
const FLOOR_DISPERSION = 0.06;
/** Half width of the interval in dispersions (log scale): measured to hold about 80% of later sale prices. */
const WIDTH = 1.75;

/**
 * Weighted mean of the middle of the adjusted prices on a log scale (each is pulled in to within 25% of their weighted
 * median), so one odd sale cannot move it far.
 * @param chosen at least one; weights sum to 1
 */
export function estimateFrom(chosen: readonly WeighedSale[]): ValueEstimate {
  const weights = chosen.map(({ weight }) => weight);
  const logs = chosen.map(({ adjustedPriceCents }) => Math.log(Math.max(1, adjustedPriceCents)));
  const median = weightedQuantile(logs, weights, 0.5);
  let centre = 0;
  let squares = 0;
  let distanceMetres = 0;
  let ageDays = 0;
  // By position, here and below: a pair for each would be most of what an estimate allocates.
  for (let i = 0; i < chosen.length; i += 1) {
    const sale = chosen[i]!;
    centre += sale.weight * Math.max(median - 0.25, Math.min(median + 0.25, logs[i]!));
    squares += sale.weight * sale.weight;
    distanceMetres += sale.weight * sale.distanceMetres;
    ageDays += sale.weight * sale.ageDays;
  }
  let dispersion = 0;
  for (let i = 0; i < logs.length; i += 1) dispersion += weights[i]! * Math.abs(logs[i]! - centre);
  const effectiveCount = 1 / squares;
  const spread = Math.max(FLOOR_DISPERSION, dispersion) * Math.sqrt(1 + 1 / effectiveCount) * WIDTH;
  const valueCents = Math.round(Math.exp(centre));
  const perSqft = chosen.map(({ closePriceCents, sqft }) => closePriceCents / sqft);
  return {
    valueCents,
    lowCents: Math.min(valueCents, Math.round(Math.exp(centre - spread))),
    highCents: Math.max(valueCents, Math.round(Math.exp(centre + spread))),
    count: chosen.length,
    confidence: confidenceOf({ effectiveCount, dispersion, distanceMetres, ageDays }),
    effectiveCount,
    dispersion,
    distanceMetres,
    ageDays,
    pricePerSqftCents: Math.round(weightedQuantile(perSqft, weights, 0.5)),
  };
}

/** Product of four shares: enough sales, agreeing, near, recent. */
function confidenceOf(e: Pick<ValueEstimate, 'effectiveCount' | 'dispersion' | 'distanceMetres' | 'ageDays'>): number {
  const enough = e.effectiveCount / (e.effectiveCount + 1.5);
  const agreeing = 1 / (1 + (Math.max(0, e.dispersion - 0.04) / 0.25) ** 2);
  const near = 1 / (1 + e.distanceMetres / 10_000);
  const recent = 1 / (1 + e.ageDays / 2_500);
  return Math.max(0, Math.min(1, enough * agreeing * near * recent));
}

/** The value at which the weights below reach the share `q`; ties in value do not depend on their order. */
function weightedQuantile(values: readonly number[], weights: readonly number[], q: number): number {
  // By insertion: there are fifteen, and a sort with a comparison is most of the work of an estimate.
  const order: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    let at = i;
    for (; at > 0 && values[order[at - 1]!]! > values[i]!; at -= 1) order[at] = order[at - 1]!;
    order[at] = i;
  }
  let total = 0;
  for (const i of order) total += weights[i]!;
  let below = 0;
  for (const i of order) {
    below += weights[i]!;
    if (below >= q * total) return values[i]!;
  }
  return values[order.at(-1) ?? 0] ?? Number.NaN;
}
