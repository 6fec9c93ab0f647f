import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf } from '../../domain/market/confidence.ts';
import { businessImpact, type Change } from '../../domain/market/impact.ts';
import { ageDaysOf, dayOf } from '../periods.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';
import { businessBase, readEconomics, readVolumes } from './economics.ts';

const change = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(['offer_level', 'purchases', 'sale_price', 'renovation_cost']),
      share: z.number().min(-0.5).max(0.5).describe('Relative change: 0.02 is 2% more'),
    }),
    z.strictObject({ kind: z.literal('days_held'), days: z.number().min(-180).max(180) }),
  ])
  .describe('What changes: the level of offers, the number of purchases, sale prices, renovation costs or days held');

/** What an action or a problem is worth in dollars. */
export const estimateBusinessImpact = tool({
  name: 'estimate_business_impact',
  title: 'Business impact',
  description:
    'Dollars that a change brings over a horizon (costs are below 0): low, expected, high, with every assumption. Volumes are those of the last 26 weeks, margins the mean net margin of homes sold then, weighed n : 10 against all markets. Offers 1% higher move purchases by 4% (2 to 8, assumed). Source: mart.deal_pl.',
  input: z.strictObject({
    change,
    market: market.optional(),
    segment,
    weeks: z.number().int().min(1).max(52).default(13).describe('Horizon'),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    market: z.string().nullable(),
    segment: z.string(),
    horizon_weeks: z.number(),
    impact: z.object({ low: z.number(), expected: z.number(), high: z.number() }).nullable(),
    base: z
      .object({
        purchases_per_week: z.number(),
        sales_per_week: z.number(),
        held_homes: z.number(),
        purchase_price: z.number(),
        sale_price: z.number(),
        renovation: z.number(),
        hold_per_day: z.number(),
        margin: z.object({ value: z.number(), low: z.number(), high: z.number() }),
      })
      .nullable(),
    assumptions: z.array(z.string()),
    confidence: confidenceSchema,
  }),
  async run(context, input) {
    const to = input.as_of ?? dayOf(context.now);
    const scope = { market: input.market ?? null, segment: input.segment, to };
    const economics = await readEconomics(context, scope);
    const { held, bought } = await readVolumes(context, scope);
    const purchased = bought.reduce((sum, row) => sum + row.purchases, 0);
    const base = businessBase(economics, scope.market, held, purchased);
    const impact = base === null ? null : businessImpact(base, input.change as Change, input.weeks);
    const sold = scope.market === null ? economics.sold : (economics.rows.get(scope.market)?.sold ?? 0);
    const confidence = confidenceOf({
      sampleSize: sold,
      enough: 40,
      ageDays: economics.newest === null ? null : ageDaysOf(economics.newest, to),
      freshDays: 45,
    });
    const refused = base === null ? ['Too few homes were sold in half a year to say what one brings.'] : [];
    return {
      as_of: to,
      data_through: economics.newest,
      notes: [...refused, ...confidence.reasons],
      market: scope.market,
      segment: input.segment,
      horizon_weeks: input.weeks,
      impact:
        impact === null ? null : { low: impact.dollars.low, expected: impact.dollars.value, high: impact.dollars.high },
      base:
        base === null
          ? null
          : {
              purchases_per_week: base.purchasesPerWeek,
              sales_per_week: base.salesPerWeek,
              held_homes: base.heldHomes,
              purchase_price: base.purchasePrice,
              sale_price: base.salePrice,
              renovation: base.renovation,
              hold_per_day: base.holdPerDay,
              margin: base.margin,
            },
      assumptions: impact?.assumptions ?? [],
      confidence: { ...confidence, value: calibrated(context.weights, 'estimate_business_impact', confidence.value) },
    };
  },
});
