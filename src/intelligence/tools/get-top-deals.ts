import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { dayOf } from '../periods.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';
import { bestDeals, candidatesConfidence } from './deal-candidates.ts';
import { dealOf, dealSchema } from './deal-shape.ts';

/** The open homes with the highest expected margins. */
export const getTopDeals = tool({
  name: 'get_top_deals',
  title: 'Top deals',
  description:
    'Homes that may be bought (prospect) or are held, by expected net margin = after-repair value − acquisition − renovation − hold cost, in dollars; equal margins by margin ratio (margin / cost), then by reference. Each with its costs, the standard deviation of its margin, the chance of a loss and reasons. Source: mart.deal_pl.',
  input: z.strictObject({
    market: market.optional(),
    segment,
    status: z.enum(['prospect', 'held']).optional().describe('Only homes of this status; both by default'),
    n: z.number().int().min(1).max(200).default(10),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    market: z.string().nullable(),
    segment: z.string(),
    open_homes: z.number(),
    deals: z.array(dealSchema),
    confidence: confidenceSchema,
  }),
  async run(context, input) {
    const to = input.as_of ?? dayOf(context.now);
    const scope = { market: input.market ?? null, segment: input.segment, to };
    const statuses = input.status === undefined ? (['prospect', 'held'] as const) : [input.status];
    const found = await bestDeals(context, scope, statuses, 'netMargin', input.n);
    const confidence = candidatesConfidence(found, to);
    const where = scope.market ?? 'any market';
    const notes = found.valued === 0 ? [`No open home of ${where} (${input.segment}) has an expected margin.`] : [];
    return {
      as_of: to,
      data_through: found.newest,
      notes: [...notes, ...confidence.reasons],
      market: scope.market,
      segment: input.segment,
      open_homes: found.homes,
      deals: found.deals.map(dealOf),
      confidence: { ...confidence, value: calibrated(context.weights, 'get_top_deals', confidence.value) },
    };
  },
});
