import { checkedCents } from './amount.ts';
import type { DealAssumptions } from './assumptions.ts';

/** Buying, renovating and reselling, worked out. Whole cents; ratios as numbers (0.07 = 7%). */
export interface FlipDeal {
  buyingCostCents: number;
  holdingCostCents: number;
  sellingCostCents: number;
  /** Price, buying costs, holding and renovation: all that is put in before the resale. */
  investedCents: number;
  /** Resale less selling costs less all that was put in: `arv − selling − invested`, to the cent. */
  profitCents: number;
  /** Profit over all that was put in; −1 or more. */
  roi: number;
  /** (1 + roi)^(12 / months) − 1; null when nothing is held (0 months). Bounded to 100 (10,000% a year). */
  annualizedRoi: number | null;
}

type FlipAssumptions = Pick<
  DealAssumptions,
  'buyingCostShare' | 'sellingCostShare' | 'holdingMonths' | 'holdingCostShareMonthly'
>;

/**
 * A flip at a price. Each cost is rounded to whole cents before it is added, so the parts sum to the whole.
 * Source: profit = resale − (purchase + closing + holding + renovation + selling costs); yearly return by compounding.
 * A higher price never returns more.
 * @throws ReosError `validation` naming an amount that is none
 */
export function flipDeal(priceCents: number, arvCents: number, renovationCents: number, a: FlipAssumptions): FlipDeal {
  const price = checkedCents('priceCents', priceCents, 1);
  const arv = checkedCents('arvCents', arvCents);
  const renovation = checkedCents('renovationCents', renovationCents);
  const buyingCostCents = Math.round(price * a.buyingCostShare);
  const holdingCostCents = Math.round(price * a.holdingMonths * a.holdingCostShareMonthly);
  const sellingCostCents = Math.round(arv * a.sellingCostShare);
  const investedCents = price + buyingCostCents + holdingCostCents + renovation;
  const profitCents = arv - sellingCostCents - investedCents;
  const roi = Math.max(-1, profitCents / investedCents);
  return {
    buyingCostCents,
    holdingCostCents,
    sellingCostCents,
    investedCents,
    profitCents,
    roi,
    annualizedRoi: a.holdingMonths > 0 ? Math.min(100, (1 + roi) ** (12 / a.holdingMonths) - 1) : null,
  };
}

/** Profit and return alone; see `flipDeal`. */
export function flipReturn(
  priceCents: number,
  arvCents: number,
  renovationCents: number,
  a: FlipAssumptions,
): { profitCents: number; roi: number } {
  const { profitCents, roi } = flipDeal(priceCents, arvCents, renovationCents, a);
  return { profitCents, roi };
}
