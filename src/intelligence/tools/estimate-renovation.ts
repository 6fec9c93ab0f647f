import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf } from '../../domain/market/confidence.ts';
import { CONDITIONS, DEFAULT_COST_PER_SQFT, renovationCostPerSqft } from '../../domain/market/renovation.ts';
import { ageDaysOf, dayOf, shiftDays } from '../periods.ts';
import { NEWEST_SOLD, type SoldRow, soldHomes } from '../readings/deals.ts';
import { answerBase, asOf, confidenceSchema, market, tool } from '../tool.ts';

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** Finished homes of the last three years count. */
const LOOK_BACK_DAYS = 3 * 365;

/** What the renovation of a home probably costs. */
export const estimateRenovation = tool({
  name: 'estimate_renovation',
  title: 'Estimate a renovation',
  description: `Cost of a renovation in dollars: living area × the median cost per square foot of homes of this condition that were finished and sold in the last three years, with the 10th to 90th percentile. The market's homes weigh n : 10 against all markets (the newest ${NEWEST_SOLD}), those n : 10 against the default (${CONDITIONS.map((one) => `${one} $${DEFAULT_COST_PER_SQFT[one]}`).join(', ')} per sqft). An inspection and a contractor's bid replace it. Source: mart.deal_pl.`,
  input: z.strictObject({
    condition: z.enum(CONDITIONS).describe('How much work is needed'),
    living_area_sqft: z.number().min(100).max(50_000),
    market,
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    market: z.string(),
    condition: z.enum(CONDITIONS),
    living_area_sqft: z.number(),
    cost: interval,
    cost_per_sqft: interval,
    basis: z.enum(['market', 'all_markets', 'defaults']),
    weights: z.object({ market: z.number(), all_markets: z.number(), defaults: z.number() }),
    homes_market: z.number(),
    homes_all_markets: z.number(),
    confidence: confidenceSchema,
  }),
  async run({ warehouse, now, weights }, input) {
    const to = input.as_of ?? dayOf(now);
    const span = { segment: 'all', from: shiftDays(to, -LOOK_BACK_DAYS), to, condition: input.condition };
    const own = (await warehouse.read(soldHomes, { ...span, market: input.market })).filter(hasCost);
    const all = (await warehouse.read(soldHomes, { ...span, market: null })).filter(hasCost);
    const found = renovationCostPerSqft(input.condition, own.map(costOf), all.map(costOf));
    const newest = (own[0] ?? all[0])?.close_date ?? null;
    const base = confidenceOf({
      sampleSize: own.length > 0 ? own.length : all.length,
      enough: 30,
      ageDays: newest === null ? null : ageDaysOf(newest, to),
      freshDays: 120,
    });
    // What other markets say is worth less here, and a default less still.
    const local = found.weights.market + 0.6 * found.weights.all_markets;
    const reasons = [...base.reasons];
    if (found.basis === 'defaults') {
      reasons.push(
        `mostly the default of $${DEFAULT_COST_PER_SQFT[input.condition]} per sqft: ${own.length} such homes of ${input.market} and ${all.length} of all markets were finished`,
      );
    } else if (found.basis === 'all_markets') {
      reasons.push(`mostly other markets: ${own.length} such homes of ${input.market} were finished`);
    }
    const { perSqft } = found;
    const times = (value: number) => value * input.living_area_sqft;
    return {
      as_of: to,
      data_through: newest,
      notes: reasons,
      market: input.market,
      condition: input.condition,
      living_area_sqft: input.living_area_sqft,
      cost: { value: times(perSqft.value), low: times(perSqft.low), high: times(perSqft.high) },
      cost_per_sqft: perSqft,
      basis: found.basis,
      weights: found.weights,
      homes_market: own.length,
      homes_all_markets: all.length,
      confidence: { ...base, value: calibrated(weights, 'estimate_renovation', base.value * local), reasons },
    };
  },
});

const hasCost = (row: SoldRow) => (row.reno_cost ?? 0) > 0 && (row.living_area_sqft ?? 0) > 0;
const costOf = (row: SoldRow) => row.reno_cost! / row.living_area_sqft!;
