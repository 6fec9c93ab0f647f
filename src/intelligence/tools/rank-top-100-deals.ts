import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { dayOf } from '../periods.ts';
import { answerBase, asOf, confidenceSchema, segment, tool } from '../tool.ts';
import { bestDeals, candidatesConfidence } from './deal-candidates.ts';
import { dealOf, dealSchema } from './deal-shape.ts';

/** The hundred best deals of all markets, marked down for risk. */
export const rankTop100Deals = tool({
  name: 'rank_top_100_deals',
  title: 'Top 100 deals',
  description:
    'The 100 best open homes (prospect or held) over all markets by risk-adjusted margin in dollars: net margin − 0.5 σ, σ² = (after-repair value × (0.04 + 0.16 × (1 − valuation confidence)))² + (0.2 × renovation)² + (0.25 × hold)². Equal ones by margin ratio, then by reference. Source: mart.deal_pl.',
  input: z.strictObject({ segment, n: z.number().int().min(1).max(100).default(100), as_of: asOf }),
  output: z.object({
    ...answerBase,
    segment: z.string(),
    open_homes: z.number(),
    total_net_margin: z.number(),
    total_risk_adjusted_margin: z.number(),
    deals: z.array(dealSchema),
    confidence: confidenceSchema,
  }),
  async run(context, input) {
    const to = input.as_of ?? dayOf(context.now);
    const scope = { market: null, segment: input.segment, to };
    const found = await bestDeals(context, scope, ['prospect', 'held'], 'riskAdjustedMargin', input.n);
    const confidence = candidatesConfidence(found, to);
    const notes = found.valued === 0 ? [`No open home (${input.segment}) has an expected margin.`] : [];
    const deals = found.deals.map(dealOf);
    return {
      as_of: to,
      data_through: found.newest,
      notes: [...notes, ...confidence.reasons],
      segment: input.segment,
      open_homes: found.homes,
      total_net_margin: deals.reduce((sum, { net_margin }) => sum + net_margin, 0),
      total_risk_adjusted_margin: deals.reduce((sum, { risk_adjusted_margin }) => sum + risk_adjusted_margin, 0),
      deals,
      confidence: { ...confidence, value: calibrated(context.weights, 'rank_top_100_deals', confidence.value) },
    };
  },
});
