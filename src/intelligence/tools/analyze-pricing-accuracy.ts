import { z } from 'zod';
import { confidenceOf, LEAST_SAMPLE } from '../../domain/market/confidence.ts';
import { type PricePair, type PricingAccuracy, priceBand, pricingAccuracy } from '../../domain/market/pricing.ts';
import { quantileOfSorted } from '../../domain/valuation/quantile.ts';
import { ageDaysOf, dayOf, shiftDays } from '../periods.ts';
import { PAIR_BASES, type PairGroup, pairGroups } from '../readings/pricing-pairs.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';

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
  async run({ warehouse, now }, input) {
    const to = input.as_of ?? dayOf(now);
    const scope = { market: input.market ?? null, segment: input.segment, from: shiftDays(to, -input.days), to };
    const grouping = input.by === 'price_band' ? 'all' : input.by;
    const found = await warehouse.read(pairGroups, { ...scope, basis: input.basis, by: grouping });
    const sales = found.reduce((sum, { prices }) => sum + prices.length, 0);
    const groups =
      input.by === 'price_band'
        ? bandsOf(found)
        : found.map((one) => ({ group: one.name, ...accuracyOf(pairsOf(one), one.prices) }));
    // In the order of the groups: the same wherever the rows come from.
    const overall = accuracyOf(
      found.flatMap(pairsOf),
      found.flatMap(({ prices }) => prices),
    );
    const newest =
      found
        .map((one) => one.newest)
        .sort()
        .at(-1) ?? null;
    const confidence = confidenceOf({
      sampleSize: overall.pairs,
      enough: 50,
      ageDays: newest === null ? null : ageDaysOf(newest, to),
      freshDays: 60,
    });
    const notes = [...confidence.reasons];
    if (overall.pairs < sales) {
      notes.push(`${sales - overall.pairs} of ${sales} sales have no ${input.basis} from before their day`);
    }
    const few = groups.filter(({ bias }) => bias === null).length;
    if (few > 0) notes.push(`${few} groups have fewer than ${LEAST_SAMPLE} pairs and no figure`);
    return {
      as_of: to,
      data_through: newest,
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

/** Sales by the band of their price, cheapest first. */
function bandsOf(found: readonly PairGroup[]): Array<z.infer<typeof accuracy> & { group: string }> {
  const bands = new Map<string, { from: number; pairs: PricePair[]; prices: number[] }>();
  for (const { prices, estimates } of found) {
    for (const [at, price] of prices.entries()) {
      const { name, from } = priceBand(price);
      const band = bands.get(name) ?? { from, pairs: [], prices: [] };
      bands.set(name, band);
      band.prices.push(price);
      const estimate = estimates[at] ?? null;
      if (estimate !== null) band.pairs.push({ estimate, price });
    }
  }
  return [...bands]
    .sort(([, a], [, b]) => a.from - b.from)
    .map(([group, { pairs, prices }]) => ({ group, ...accuracyOf(pairs, prices) }));
}

/** Pairs that have both sides. */
export const pairsOf = ({ prices, estimates }: Pick<PairGroup, 'prices' | 'estimates'>): PricePair[] =>
  prices.flatMap((price, at) => {
    const estimate = estimates[at] ?? null;
    return estimate === null ? [] : [{ estimate, price }];
  });

function accuracyOf(pairs: readonly PricePair[], prices: readonly number[]): z.infer<typeof accuracy> {
  const found: PricingAccuracy | null = pricingAccuracy(pairs);
  return {
    pairs: pairs.length,
    median_price: found === null ? null : quantileOfSorted(Float64Array.from(prices).sort(), 0.5),
    bias: found?.bias ?? null,
    median_absolute_percentage_error: found?.medianError ?? null,
    within_5: found?.within5 ?? null,
    within_10: found?.within10 ?? null,
    within_20: found?.within20 ?? null,
    cod: found?.cod ?? null,
    prd: found?.prd ?? null,
    prb: found?.prb ?? null,
  };
}
