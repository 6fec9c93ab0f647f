import { normalCdf } from './probability.ts';

/** What a home costs and is worth, dollars. */
export interface DealFigures {
  homeRef: string;
  /** What it is worth repaired; null when nobody valued it. */
  arv: number | null;
  acquisitionPrice: number | null;
  renoCost: number | null;
  holdCost: number | null;
  /** Expected: arv − acquisition − renovation − hold. */
  netMargin: number;
  /** Of the valuation, 0–1; null when not stated. */
  valuationConfidence: number | null;
}

/** A deal with its risk. Money in dollars. */
export interface DealScore {
  /** Acquisition, renovation and hold together. */
  cost: number;
  /** Net margin / cost; null without a cost. */
  marginRatio: number | null;
  /** Standard deviation of the margin. */
  sigma: number;
  /** That the margin ends below 0, by the normal distribution. */
  lossProbability: number;
  /** netMargin − RISK_PENALTY × sigma. */
  riskAdjustedMargin: number;
  risk: 'low' | 'moderate' | 'high';
  reasons: string[];
}

/** Relative standard error of a valuation that is as sure as can be, and what a confidence of 0 adds to it. */
export const VALUE_ERROR = { sure: 0.04, unsure: 0.16 };
/** Relative standard error of a renovation's cost and of a hold's. */
export const COST_ERROR = { reno: 0.2, hold: 0.25 };
/** Taken for a valuation without a stated confidence. */
export const UNSTATED_CONFIDENCE = 0.5;
/** Standard deviations that a margin is marked down by: half of one asks for odds of about 7 to 3. */
export const RISK_PENALTY = 0.5;

/**
 * The risk of a deal. σ² = (arv × (0.04 + 0.16 × (1 − confidence)))² + (0.2 × renovation)² + (0.25 × hold)², errors taken
 * as independent; risk-adjusted margin = net margin − 0.5 σ. A higher cost never raises it, a surer valuation never lowers
 * it. Assumptions of this product, stated in docs/market.md.
 */
export function scoreDeal(deal: DealFigures): DealScore {
  const costs = [deal.acquisitionPrice, deal.renoCost, deal.holdCost];
  const cost = costs.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const worth = deal.arv ?? Math.max(0, deal.netMargin + cost);
  const confidence = Math.max(0, Math.min(1, deal.valuationConfidence ?? UNSTATED_CONFIDENCE));
  const valueSigma = worth * (VALUE_ERROR.sure + VALUE_ERROR.unsure * (1 - confidence));
  const sigma = Math.hypot(valueSigma, COST_ERROR.reno * (deal.renoCost ?? 0), COST_ERROR.hold * (deal.holdCost ?? 0));
  const lossProbability = sigma > 0 ? normalCdf(-deal.netMargin / sigma) : Number(deal.netMargin < 0);
  const marginRatio = cost > 0 ? deal.netMargin / cost : null;
  const risk = lossProbability < 0.15 ? 'low' : lossProbability < 0.35 ? 'moderate' : 'high';
  const score = { cost, marginRatio, sigma, lossProbability, risk } as const;
  return { ...score, riskAdjustedMargin: deal.netMargin - RISK_PENALTY * sigma, reasons: reasonsOf(deal, score) };
}

function reasonsOf(deal: DealFigures, score: Pick<DealScore, 'cost' | 'marginRatio' | 'lossProbability'>): string[] {
  const percent = (share: number) => `${Math.round(share * 100)}%`;
  const reasons: string[] = [];
  if (score.marginRatio !== null) reasons.push(`margin is ${percent(score.marginRatio)} of what it costs`);
  if (deal.valuationConfidence === null) reasons.push('the valuation states no confidence');
  else if (deal.valuationConfidence < 0.5)
    reasons.push(`the valuation is only ${percent(deal.valuationConfidence)} sure`);
  if (score.cost > 0 && (deal.renoCost ?? 0) > 0.2 * score.cost) {
    reasons.push(`renovation is ${percent(deal.renoCost! / score.cost)} of the cost`);
  }
  if (score.lossProbability >= 0.15) reasons.push(`chance of a loss ${percent(score.lossProbability)}`);
  const unknown = [
    ...(deal.acquisitionPrice === null ? ['acquisition price'] : []),
    ...(deal.renoCost === null ? ['renovation cost'] : []),
    ...(deal.holdCost === null ? ['hold cost'] : []),
  ];
  if (unknown.length > 0) reasons.push(`not known: ${unknown.join(', ')}`);
  return reasons;
}

/** Deals in a stable order: by a figure, highest first, then by margin ratio, then by reference. */
export function rankDeals<T extends DealFigures & DealScore>(
  deals: readonly T[],
  by: 'netMargin' | 'marginRatio' | 'riskAdjustedMargin',
): T[] {
  const of = (value: number | null) => value ?? Number.NEGATIVE_INFINITY;
  const compare = (a: number | null, b: number | null) => (of(a) === of(b) ? 0 : of(b) - of(a));
  return [...deals].sort(
    (a, b) =>
      compare(a[by], b[by]) ||
      compare(a.marginRatio, b.marginRatio) ||
      (a.homeRef < b.homeRef ? -1 : Number(a.homeRef > b.homeRef)),
  );
}
