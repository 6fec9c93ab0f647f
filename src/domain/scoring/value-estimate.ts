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
  const logs = chosen.map((sale) => ({ value: Math.log(Math.max(1, sale.adjustedPriceCents)), weight: sale.weight }));
  const median = weightedQuantile(logs, 0.5);
  const bounded = (value: number) => Math.max(median - 0.25, Math.min(median + 0.25, value));
  const centre = logs.reduce((sum, point) => sum + point.weight * bounded(point.value), 0);
  const mean = (of: (sale: WeighedSale) => number) => chosen.reduce((sum, s) => sum + s.weight * of(s), 0);
  const dispersion = logs.reduce((sum, point) => sum + point.weight * Math.abs(point.value - centre), 0);
  const effectiveCount = 1 / chosen.reduce((sum, sale) => sum + sale.weight ** 2, 0);
  const spread = Math.max(FLOOR_DISPERSION, dispersion) * Math.sqrt(1 + 1 / effectiveCount) * WIDTH;
  const distanceMetres = mean((sale) => sale.distanceMetres);
  const ageDays = mean((sale) => sale.ageDays);
  const valueCents = Math.round(Math.exp(centre));
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
    pricePerSqftCents: Math.round(
      weightedQuantile(
        chosen.map((s) => ({ value: s.closePriceCents / s.sqft, weight: s.weight })),
        0.5,
      ),
    ),
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
export function weightedQuantile(points: ReadonlyArray<{ value: number; weight: number }>, q: number): number {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, point) => sum + point.weight, 0);
  let below = 0;
  for (const point of sorted) {
    below += point.weight;
    if (below >= q * total) return point.value;
  }
  return sorted.at(-1)?.value ?? Number.NaN;
}
