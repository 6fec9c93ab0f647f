import { z } from 'zod';
import { type DealFigures, type DealScore, scoreDeal } from '../../domain/market/deals.ts';
import type { DealRow } from '../readings/deals.ts';

/** A deal as answers show it. Money in dollars, shares 0–1. */
export const dealSchema = z.object({
  rank: z.number(),
  home_ref: z.string(),
  market: z.string(),
  segment: z.string(),
  status: z.enum(['prospect', 'held']),
  arv: z.number().nullable(),
  acquisition_price: z.number().nullable(),
  reno_condition: z.string().nullable(),
  reno_cost: z.number().nullable(),
  hold_cost: z.number().nullable(),
  days_held: z.number().nullable(),
  net_margin: z.number(),
  margin_ratio: z.number().nullable(),
  margin_sigma: z.number(),
  risk_adjusted_margin: z.number(),
  loss_probability: z.number(),
  valuation_confidence: z.number().nullable(),
  risk: z.enum(['low', 'moderate', 'high']),
  reasons: z.array(z.string()),
});

/** A row of the mart with its risk. */
export type ScoredDeal = DealFigures & DealScore & { row: DealRow };

/** Scores a row. */
export function scoredDeal(row: DealRow): ScoredDeal {
  const figures: DealFigures = {
    homeRef: row.home_ref,
    arv: row.arv,
    acquisitionPrice: row.acquisition_price,
    renoCost: row.reno_cost,
    holdCost: row.hold_cost,
    netMargin: row.net_margin,
    valuationConfidence: row.valuation_confidence,
  };
  return { ...figures, ...scoreDeal(figures), row };
}

/** A scored deal in its place. */
export function dealOf(deal: ScoredDeal, index: number): z.infer<typeof dealSchema> {
  const { acquisition_date: _, ...row } = deal.row;
  return {
    rank: index + 1,
    ...row,
    margin_ratio: deal.marginRatio,
    margin_sigma: deal.sigma,
    risk_adjusted_margin: deal.riskAdjustedMargin,
    loss_probability: deal.lossProbability,
    risk: deal.risk,
    reasons: deal.reasons,
  };
}
