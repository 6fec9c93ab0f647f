import { z } from 'zod';
import { type ConfidenceWeights, calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf, LEAST_SAMPLE } from '../../domain/market/confidence.ts';
import { priceBand, pricingAccuracyOf } from '../../domain/market/pricing.ts';
import { quantileOfSorted } from '../../domain/valuation/quantile.ts';
import { ageDaysOf, dayOf, shiftDays } from '../periods.ts';
import { dayOfNumber } from '../readings/number-list.ts';
import { type MarketSales, PAIR_BASES } from '../readings/pricing-pairs.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';
import { newestIn, pairsIn, pileMarkets, pileOf, pileSales, readPricedSales, type SalesPile } from './price-pairs.ts';

const BY = ['market', 'segment', 'price_band', 'month'] as const;
const share = z.number();
const accuracy = z.object({
  pairs: z.number(),
  median_price: z.number().nullable(),
  bias: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  median_absolute_percentage_error: share.nullable(),
  within_5: share.nullable(),
  within_10: share.nullable(),
  within_20: share.nullable(),
  cod: z.number().nullable(),
  prd: z.number().nullable(),
  prb: z.number().nullable(),
  confidence: confidenceSchema,
});

/** How close estimates, offers and purchase prices came to what homes were sold for. */
export const analyzePricingAccuracy = tool({
  name: 'analyze_pricing_accuracy',
  title: 'Pricing accuracy',
  description: `Estimates against resale prices of the homes sold in a span: bias = median estimate / price − 1 with its 95% interval (order statistics), median absolute error, shares within 5, 10 and 20%, and the ratio standard's COD (percent), PRD and PRB; fractions else. Basis: avm (newest automated value from before the day of the sale, never after), offer_estimate and offer_price (of the newest accepted offer), acquisition_price. Fewer than ${LEAST_SAMPLE} pairs give no figure. median_price is the median of the prices, dollars. Sources: raw.resales, raw.avm_values, raw.offer_events, mart.deal_pl.`,
  input: z.strictObject({
    market: market.optional(),
    segment,
    basis: z.enum(PAIR_BASES).default('avm'),
    by: z.enum(BY).default('month').describe('What the groups are'),
    days: z.number().int().min(7).max(1_100).default(365).describe('Sales of so many days'),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    market: z.string().nullable(),
    segment: z.string(),
    basis: z.enum(PAIR_BASES),
    by: z.enum(BY),
    sales: z.number(),
    overall: accuracy,
    groups: z.array(accuracy.extend({ group: z.string() })),
    confidence: confidenceSchema,
  }),
  async run({ warehouse, now, weights }, input) {
    const to = input.as_of ?? dayOf(now);
    const scope = { market: input.market ?? null, segment: input.segment, from: shiftDays(to, -input.days), to };
    const found = await readPricedSales(warehouse, input.basis, scope);
    const whole = pileOf(found);
    const measure = (pile: SalesPile) => accuracyOf(pile, to, weights);
    const groups = pilesBy[input.by](found).map(([group, pile]) => ({ group, ...measure(pile) }));
    if (input.by === 'price_band') groups.sort((a, b) => bandStart(a.group) - bandStart(b.group));
    const sales = whole.prices.length;
    const overall = measure(whole);
    const { confidence } = overall;
    const notes = [...confidence.reasons];
    if (overall.pairs < sales) {
      notes.push(`${sales - overall.pairs} of ${sales} sales have no ${input.basis} from before their day`);
    }
    const few = groups.filter(({ bias }) => bias === null).length;
    if (few > 0) notes.push(`${few} groups have fewer than ${LEAST_SAMPLE} pairs and no figure`);
    return {
      as_of: to,
      data_through: newestIn(whole),
      notes,
      market: scope.market,
      segment: input.segment,
      basis: input.basis,
      by: input.by,
      sales,
      overall,
      groups,
      confidence,
    };
  },
});

const pilesBy: Readonly<Record<(typeof BY)[number], (found: readonly MarketSales[]) => Array<[string, SalesPile]>>> = {
  market: (found) => pileMarkets(found, (sales) => sales.market),
  segment: (found) => pileMarkets(found, (sales) => sales.segment),
  month: (found) => {
    const months = new Map<number, string>();
    return pileSales(found, ({ days }, at) => {
      const day = days[at]!;
      const month = months.get(day) ?? dayOfNumber(day).slice(0, 7);
      months.set(day, month);
      return month;
    });
  },
  price_band: (found) => pileSales(found, ({ prices }, at) => priceBand(prices[at]!).name),
};

/** Bands cheapest first, by the first number of their name; `below …` before all. */
const bandStart = (name: string) =>
  name.startsWith('below') ? 0 : Number(name.replace(/^\$([\d,]+).*$/, '$1').replaceAll(',', ''));

function accuracyOf(pile: SalesPile, to: string, weights: ConfidenceWeights): z.infer<typeof accuracy> {
  const pairs = pairsIn(pile);
  const found = pricingAccuracyOf(pile.estimates, pile.prices);
  const newest = newestIn(pile);
  const { value, ...footing } = confidenceOf({
    sampleSize: pairs,
    enough: 50,
    ageDays: newest === null ? null : ageDaysOf(newest, to),
    freshDays: 60,
  });
  return {
    pairs,
    median_price: found === null ? null : quantileOfSorted(Float64Array.from(pile.prices).sort(), 0.5),
    bias: found?.bias ?? null,
    median_absolute_percentage_error: found?.medianError ?? null,
    within_5: found?.within5 ?? null,
    within_10: found?.within10 ?? null,
    within_20: found?.within20 ?? null,
    cod: found?.cod ?? null,
    prd: found?.prd ?? null,
    prb: found?.prb ?? null,
    confidence: { ...footing, value: calibrated(weights, 'analyze_pricing_accuracy', value) },
  };
}
