import type { Interval } from './probability.ts';

/** What a scope's business is made of. Dollars; homes a week. */
export interface BusinessBase {
  purchasesPerWeek: number;
  salesPerWeek: number;
  heldHomes: number;
  purchasePrice: number;
  salePrice: number;
  renovation: number;
  holdPerDay: number;
  /** Mean net margin of sold homes, with its 90% interval. */
  margin: Interval;
}

/** A change whose worth is asked for. Shares: 0.02 = 2%. */
export type Change =
  | { kind: 'offer_level' | 'purchases' | 'sale_price' | 'renovation_cost'; share: number }
  | { kind: 'days_held'; days: number };

/** By how much purchases rise, relatively, when offers rise by 1%: assumed, low to high. Edited with what trials show. */
export const PURCHASE_ELASTICITY: Interval = { value: 4, low: 2, high: 8 };

/** Dollars of a change over a horizon, and what was assumed. */
export interface Impact {
  dollars: Interval;
  assumptions: string[];
}

/**
 * Dollars that a change brings (or costs, below 0) over the weeks of the horizon, beside going on as now: volumes × margins.
 * Offer level a: purchases V (1 + e a), each bringing M − a P, less V M; e over its range and M over its interval, both
 * ends. The expected amount lies in the interval.
 */
export function businessImpact(base: BusinessBase, change: Change, weeks: number): Impact {
  const bought = base.purchasesPerWeek * weeks;
  const sold = base.salesPerWeek * weeks;
  const percent = (share: number) => `${Number((100 * share).toFixed(2))}%`;
  const going = `volumes stay as they were: ${bought.toFixed(1)} purchases and ${sold.toFixed(1)} sales in ${weeks} weeks`;
  const about = (value: number, spread: number): Interval => ({
    value,
    low: value - Math.abs(value) * spread,
    high: value + Math.abs(value) * spread,
  });
  switch (change.kind) {
    case 'offer_level': {
      const of = (elasticity: number, margin: number) => {
        const volume = bought * Math.max(0, 1 + elasticity * change.share);
        return volume * (margin - change.share * base.purchasePrice) - bought * margin;
      };
      const { margin } = base;
      const ends = [PURCHASE_ELASTICITY.low, PURCHASE_ELASTICITY.high].flatMap((elasticity) =>
        [margin.low, margin.high].map((one) => of(elasticity, one)),
      );
      return {
        dollars: spanOf(of(PURCHASE_ELASTICITY.value, margin.value), ends),
        assumptions: [
          going,
          `1% on offers moves purchases by ${PURCHASE_ELASTICITY.value}% (${PURCHASE_ELASTICITY.low} to ${PURCHASE_ELASTICITY.high})`,
          `every purchase is dearer by ${percent(change.share)}, and homes sell for what they would have`,
        ],
      };
    }
    case 'purchases': {
      const more = bought * change.share;
      const ends = [base.margin.low * more, base.margin.high * more];
      return {
        dollars: spanOf(base.margin.value * more, ends),
        assumptions: [going, 'a home more or less brings the mean margin of the homes sold'],
      };
    }
    case 'sale_price':
      return {
        dollars: about(sold * base.salePrice * change.share, 0.25),
        assumptions: [going, 'costs stay as they are', 'volume may differ by a quarter either way'],
      };
    case 'renovation_cost':
      return {
        dollars: about(-bought * base.renovation * change.share, 0.25),
        assumptions: [going, 'prices stay as they are', 'volume may differ by a quarter either way'],
      };
    case 'days_held':
      return {
        dollars: about(-sold * base.holdPerDay * change.days, 0.25),
        assumptions: [going, 'prices do not move with time', 'volume may differ by a quarter either way'],
      };
  }
}

function spanOf(value: number, ends: readonly number[]): Interval {
  return { value, low: Math.min(value, ...ends), high: Math.max(value, ...ends) };
}
