import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf } from '../../domain/market/confidence.ts';
import { groupedBy } from '../../domain/market/grouped.ts';
import { businessImpact } from '../../domain/market/impact.ts';
import { medianBiasOf } from '../../domain/market/pricing.ts';
import { PRICING_RULES, type PricingSignals, pricingAction } from '../../domain/market/pricing-actions.ts';
import { ageDaysOf, dayOf, periodOf, shiftDays } from '../periods.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';
import { businessBase, ECONOMICS_WEEKS, readEconomics, readVolumes } from './economics.ts';
import { readFunnelSpans } from './funnel-spans.ts';
import { newestIn, pairsIn, pileMarkets, pileOf, readPricedSales } from './price-pairs.ts';

const action = z.object({
  market: z.string(),
  action: z.enum(['raise', 'lower', 'hold']),
  percent: z.number(),
  reasons: z.array(z.object({ code: z.string(), detail: z.string(), percent: z.number(), sample_size: z.number() })),
  expected_effect: z.object({ low: z.number(), expected: z.number(), high: z.number() }).nullable(),
  confidence: confidenceSchema,
});

/** What to do with the offers of each market. */
export const generatePricingActions = tool({
  name: 'generate_pricing_actions',
  title: 'Pricing actions',
  description: `Raise, lower or hold the offers of each market, in percent of the offer (at most ${PRICING_RULES.most}, below ${PRICING_RULES.least} none), with reason codes: automated values against sales (half a year, n : 20 against all markets), net margin against ${100 * PRICING_RULES.margin.low} to ${100 * PRICING_RULES.margin.high}% of the resale price, acceptance in the newest 8 weeks against the 44 before (p < ${PRICING_RULES.acceptance.pValue}), days held against homes sold, weeks that the stock lasts. Expected effect in dollars over the horizon: offers 1% higher move purchases by 4% (2 to 8, assumed). Fewer than five sales: hold. Sources: mart.deal_pl, raw.resales, raw.avm_values, raw.funnel_activity.`,
  input: z.strictObject({
    market: market.optional(),
    segment,
    weeks: z.number().int().min(1).max(52).default(13).describe('Horizon of the effect'),
    n: z.number().int().min(1).max(1_000).default(50).describe('Markets to list, largest moves first'),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    segment: z.string(),
    horizon_weeks: z.number(),
    markets_judged: z.number(),
    raise: z.number(),
    lower: z.number(),
    hold: z.number(),
    actions: z.array(action),
    confidence: confidenceSchema,
  }),
  async run(context, input) {
    const to = input.as_of ?? dayOf(context.now);
    const scope = { market: input.market ?? null, segment: input.segment, to };
    const economics = await readEconomics(context, scope);
    const { held, bought } = await readVolumes(context, scope);
    const from = shiftDays(to, -7 * ECONOMICS_WEEKS);
    const everywhere = await readPricedSales(context.warehouse, 'avm', { ...scope, market: null, from });
    const sales = everywhere.filter(({ market }) => scope.market === null || market === scope.market);
    const last = periodOf(shiftDays(to, -6), 'week');
    const spans = [
      { from: shiftDays(last, -49), to: last },
      { from: shiftDays(last, -7 * 51), to: shiftDays(last, -56) },
    ];
    const counted = await readFunnelSpans(context.warehouse, { ...scope, spans });
    const funnel = new Map(counted.map((row) => [row.market, row]));
    const whole = pileOf(everywhere);
    const all = medianBiasOf(whole.estimates, whole.prices);
    const pileBy = new Map(pileMarkets(sales, (one) => one.market));
    const heldBy = groupedBy(held, (row) => row.market);
    const boughtBy = new Map(bought.map((row) => [row.market, row.purchases]));
    const names =
      scope.market === null
        ? [...new Set([...economics.rows.keys(), ...pileBy.keys(), ...heldBy.keys()])].sort()
        : [scope.market];
    const judged = names.map((name) => {
      const row = economics.rows.get(name);
      const pile = pileBy.get(name) ?? pileOf([]);
      const pairs = pairsIn(pile);
      const [now, before] = funnel.get(name)?.spans ?? [];
      const accepted = (counts: typeof now): [number, number] =>
        counts === undefined ? [0, 0] : [Math.min(counts.accepted, counts.offers), counts.offers];
      const stock = heldBy.get(name) ?? [];
      const signals: PricingSignals = {
        avmBias: { own: medianBiasOf(pile.estimates, pile.prices), pairs, all },
        marginRatio: economics.marginRatio(name)?.value ?? null,
        sold: row?.sold ?? 0,
        acceptedNow: accepted(now),
        acceptedBefore: accepted(before),
        heldHomes: stock[0]?.homes ?? 0,
        heldDays: stock[0]?.mean_days ?? null,
        soldDays: row?.days_held ?? null,
        salesPerWeek: (row?.sold ?? 0) / ECONOMICS_WEEKS,
      };
      const found = pricingAction(signals);
      const base = businessBase(economics, name, stock, boughtBy.get(name) ?? 0);
      const newest =
        [row?.newest, newestIn(pile)]
          .flatMap((day) => day ?? [])
          .sort()
          .at(-1) ?? null;
      const footing = confidenceOf({
        sampleSize: Math.max(signals.sold, pairs),
        enough: 30,
        ageDays: newest === null ? null : ageDaysOf(newest, to),
        freshDays: 45,
      });
      const reasons = [...footing.reasons, ...(found.agreement < 0.7 ? ['the reasons point both ways'] : [])];
      const stated = footing.value * (0.5 + 0.5 * found.agreement);
      const effect =
        base === null
          ? null
          : businessImpact(base, { kind: 'offer_level', share: found.percent / 100 }, input.weeks).dollars;
      return {
        market: name,
        action: found.action,
        percent: found.percent,
        reasons: found.reasons.map(({ sampleSize, ...reason }) => ({ ...reason, sample_size: sampleSize })),
        expected_effect: effect === null ? null : { low: effect.low, expected: effect.value, high: effect.high },
        confidence: {
          value: calibrated(context.weights, 'generate_pricing_actions', stated),
          sample_size: footing.sample_size,
          reasons,
        },
      };
    });
    const count = (kind: 'raise' | 'lower' | 'hold') => judged.filter((one) => one.action === kind).length;
    const through =
      [economics.newest, newestIn(scope.market === null ? whole : pileOf(sales))]
        .flatMap((day) => day ?? [])
        .sort()
        .at(-1) ?? null;
    const overall = confidenceOf({
      sampleSize: judged.reduce((sum, one) => sum + one.confidence.sample_size, 0),
      enough: 30,
      ageDays: through === null ? null : ageDaysOf(through, to),
      freshDays: 45,
    });
    const few = judged.filter(({ reasons }) => reasons[0]?.code === 'too_few_sales').length;
    const notes = [
      ...overall.reasons,
      ...(few > 0 ? [`${few} markets have too few sales: their offers are held`] : []),
    ];
    const size = (one: (typeof judged)[number]) => Math.abs(one.percent);
    const actions = judged.sort((a, b) => size(b) - size(a) || (a.market < b.market ? -1 : 1)).slice(0, input.n);
    return {
      as_of: to,
      data_through: through,
      notes,
      segment: input.segment,
      horizon_weeks: input.weeks,
      markets_judged: judged.length,
      raise: count('raise'),
      lower: count('lower'),
      hold: count('hold'),
      actions,
      confidence: overall,
    };
  },
});
