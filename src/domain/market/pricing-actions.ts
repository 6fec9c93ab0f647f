import { LEAST_SAMPLE } from './confidence.ts';
import { PURCHASE_ELASTICITY } from './impact.ts';
import { compareShares, shrunk } from './probability.ts';

/** What the level of offers of a market is judged by. */
export interface PricingSignals {
  /** Median automated value / resale price − 1 of the market and of all of them; null without pairs. */
  avmBias: { own: number | null; pairs: number; all: number | null };
  /** Mean net margin / resale price, already weighed against all markets; null when too few homes were sold. */
  marginRatio: number | null;
  sold: number;
  /** Accepted of offers, now and before. */
  acceptedNow: readonly [number, number];
  acceptedBefore: readonly [number, number];
  heldHomes: number;
  /** Mean days that the held homes have been held, and that sold ones were; null when unknown. */
  heldDays: number | null;
  soldDays: number | null;
  salesPerWeek: number;
}

/** Why an offer level should move, and by how many percent. */
export interface PricingReason {
  code:
    | 'avm_above_sales'
    | 'avm_below_sales'
    | 'margin_below_target'
    | 'margin_above_target'
    | 'acceptance_falling'
    | 'acceptance_rising'
    | 'held_long'
    | 'inventory_heavy'
    | 'too_few_sales';
  detail: string;
  percent: number;
  sampleSize: number;
}

/** What to do with a market's offers. */
export interface PricingAction {
  action: 'raise' | 'lower' | 'hold';
  /** Of the offer, to a tenth; 0 for hold. */
  percent: number;
  reasons: PricingReason[];
  /** 0–1: how far the reasons point one way. */
  agreement: number;
}

/** The rules, in percent of the offer where not said otherwise. */
export const PRICING_RULES = {
  /** Bias that is let pass, and pairs that weigh as much as all markets. */
  bias: { least: 0.02, strength: 20, most: 3 },
  /** Margin of the resale price that is aimed at. */
  margin: { low: 0.04, high: 0.1, most: 3 },
  acceptance: { pValue: 0.05, most: 2 },
  /** Held so many times as long as sold homes were. */
  heldLong: { ratio: 1.3, most: 2 },
  /** Weeks that held homes last at the pace of sales. */
  inventory: { weeks: 26, most: 2 },
  most: 5,
  /** Less is left alone. */
  least: 0.5,
} as const;

/**
 * Raise, lower or hold offers: the sum of what each rule asks for, at most 5% either way, below 0.5% none. Values too high
 * against sales, thin margins, long holding and heavy stock lower it; values too low, rich margins and falling acceptance
 * raise it. Without five sales or five pairs the offers are held. The rules are this product's, stated in docs/market.md.
 */
export function pricingAction(signals: PricingSignals): PricingAction {
  const { sold, avmBias } = signals;
  if (sold < LEAST_SAMPLE && avmBias.pairs < LEAST_SAMPLE) {
    const detail = `${sold} homes sold and ${avmBias.pairs} valued sales: at least ${LEAST_SAMPLE} of either are needed`;
    const reason: PricingReason = { code: 'too_few_sales', detail, percent: 0, sampleSize: sold };
    return { action: 'hold', percent: 0, reasons: [reason], agreement: 0 };
  }
  const reasons = [
    biasReason(signals),
    marginReason(signals),
    acceptanceReason(signals),
    ...stockReasons(signals),
  ].filter((reason) => reason !== null);
  const sum = reasons.reduce((total, { percent }) => total + percent, 0);
  const size = reasons.reduce((total, { percent }) => total + Math.abs(percent), 0);
  const bounded = Math.round(10 * clamp(sum, PRICING_RULES.most)) / 10;
  const percent = Math.abs(bounded) < PRICING_RULES.least ? 0 : bounded;
  const action = percent > 0 ? 'raise' : percent < 0 ? 'lower' : 'hold';
  return { action, percent, reasons, agreement: size > 0 ? Math.abs(sum) / size : 1 };
}

const clamp = (value: number, most: number) => Math.max(-most, Math.min(most, value));
const shown = (share: number) => `${(100 * share).toFixed(1)}%`;

function biasReason({ avmBias: { own, pairs, all } }: PricingSignals): PricingReason | null {
  const { least, strength, most } = PRICING_RULES.bias;
  const bias = shrunk(own ?? Number.NaN, own === null ? 0 : pairs, all ?? 0, strength);
  if (Math.abs(bias) < least) return null;
  const detail = `automated values are ${shown(Math.abs(bias))} ${bias > 0 ? 'above' : 'below'} what homes sell for`;
  const code = bias > 0 ? 'avm_above_sales' : 'avm_below_sales';
  return { code, detail, percent: clamp(-100 * bias, most), sampleSize: pairs };
}

function marginReason({ marginRatio, sold }: PricingSignals): PricingReason | null {
  const { low, high, most } = PRICING_RULES.margin;
  if (marginRatio === null || (marginRatio >= low && marginRatio <= high)) return null;
  const isLow = marginRatio < low;
  const detail = `net margin is ${shown(marginRatio)} of the resale price; the target is ${shown(low)} to ${shown(high)}`;
  const percent = clamp(100 * (marginRatio - (isLow ? low : high)), most);
  return { code: isLow ? 'margin_below_target' : 'margin_above_target', detail, percent, sampleSize: sold };
}

function acceptanceReason({ acceptedNow, acceptedBefore }: PricingSignals): PricingReason | null {
  const { difference, pValue } = compareShares(acceptedBefore, acceptedNow);
  const { pValue: least, most } = PRICING_RULES.acceptance;
  if (!(pValue < least) || acceptedBefore[0] === 0) return null;
  const before = acceptedBefore[0] / acceptedBefore[1];
  const relative = difference.value / before;
  const detail = `acceptance went from ${shown(before)} to ${shown(before + difference.value)}`;
  const percent = clamp((-100 * relative) / PURCHASE_ELASTICITY.value, most);
  const code = relative < 0 ? 'acceptance_falling' : 'acceptance_rising';
  return { code, detail, percent, sampleSize: acceptedNow[1] };
}

function stockReasons({ heldHomes, heldDays, soldDays, salesPerWeek }: PricingSignals): PricingReason[] {
  const reasons: PricingReason[] = [];
  if (heldHomes < LEAST_SAMPLE) return reasons;
  const { heldLong, inventory } = PRICING_RULES;
  if (heldDays !== null && soldDays !== null && soldDays > 0 && heldDays > heldLong.ratio * soldDays) {
    const detail = `held homes are held for ${Math.round(heldDays)} days so far; sold ones were for ${Math.round(soldDays)}`;
    const percent = -Math.min(heldLong.most, 0.5 + 2 * (heldDays / soldDays - heldLong.ratio));
    reasons.push({ code: 'held_long', detail, percent, sampleSize: heldHomes });
  }
  const weeks = salesPerWeek > 0 ? heldHomes / salesPerWeek : Number.POSITIVE_INFINITY;
  if (weeks > inventory.weeks) {
    const last = Number.isFinite(weeks) ? `${Math.round(weeks)} weeks` : 'without end, as none was sold in half a year';
    const percent = -Math.min(inventory.most, 0.5 + (weeks - inventory.weeks) / inventory.weeks);
    const detail = `${heldHomes} held homes last ${last} at the pace of sales`;
    reasons.push({ code: 'inventory_heavy', detail, percent, sampleSize: heldHomes });
  }
  return reasons;
}
