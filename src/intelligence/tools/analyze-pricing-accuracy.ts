import { z } from 'zod';
import { confidenceOf, LEAST_SAMPLE } from '../../domain/market/confidence.ts';
import { groupedBy } from '../../domain/market/grouped.ts';
import { type PricePair, type PricingAccuracy, priceBand, pricingAccuracy } from '../../domain/market/pricing.ts';
import { ageDaysOf, dayOf, shiftDays } from '../periods.ts';
import { MOST_PAIRS, PAIR_BASES, type PairRow, pricePairs } from '../readings/pricing-pairs.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';

const BY = ['market', 'segment', 'price_band', 'month'] as const;
const share = z.number();
const accuracy = z.object({
  pairs: z.number(),
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
  description: `Estimates against resale prices of the homes sold in a span: bias = median estimate / price − 1 with its 95% interval (order statistics), median absolute error, shares within 5, 10 and 20%, and the ratio standard's COD (percent), PRD and PRB; fractions else. Basis: avm (newest automated value from before the day of the sale, never after), offer_estimate and offer_price (of the newest accepted offer), acquisition_price. Fewer than ${LEAST_SAMPLE} pairs give no figure. At most the ${MOST_PAIRS} newest sales. Sources: raw.resales, raw.avm_values, raw.offer_events, mart.deal_pl.`,
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
    const rows = await warehouse.read(pricePairs, { ...scope, basis: input.basis });
    const overall = accuracyOf(rows);
    const groups = [...groupedBy(rows, (row) => keyOf(row, input.by).name)]
      .map(([group, members]) => ({ order: keyOf(members[0]!, input.by).order, group, ...accuracyOf(members) }))
      .sort((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)))
      .map(({ order: _, ...group }) => group);
    const newest = rows[0]?.close_date ?? null;
    const confidence = confidenceOf({
      sampleSize: overall.pairs,
      enough: 50,
      ageDays: newest === null ? null : ageDaysOf(newest, to),
      freshDays: 60,
    });
    const notes = [...confidence.reasons];
    if (overall.pairs < rows.length) {
      notes.push(`${rows.length - overall.pairs} of ${rows.length} sales have no ${input.basis} from before their day`);
    }
    const few = groups.filter(({ bias }) => bias === null).length;
    if (few > 0) notes.push(`${few} groups have fewer than ${LEAST_SAMPLE} pairs and no figure`);
    if (rows.length === MOST_PAIRS) notes.push(`only the ${MOST_PAIRS} newest sales were looked at`);
    return {
      as_of: to,
      data_through: newest,
      notes,
      market: scope.market,
      segment: input.segment,
      basis: input.basis,
      by: input.by,
      sales: rows.length,
      overall,
      groups,
      confidence,
    };
  },
});

function keyOf(row: PairRow, by: (typeof BY)[number]): { name: string; order: string } {
  if (by === 'price_band') {
    const { name, from } = priceBand(row.price);
    return { name, order: String(from).padStart(9, '0') };
  }
  const name = by === 'month' ? row.close_date.slice(0, 7) : row[by];
  return { name, order: name };
}

/** Pairs that have both sides. */
export const pairsOf = (rows: readonly PairRow[]): PricePair[] =>
  rows.flatMap(({ estimate, price }) => (estimate === null ? [] : [{ estimate, price }]));

function accuracyOf(rows: readonly PairRow[]): z.infer<typeof accuracy> {
  const pairs = pairsOf(rows);
  const found: PricingAccuracy | null = pricingAccuracy(pairs);
  return {
    pairs: pairs.length,
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
