import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { LEAST_SAMPLE } from '../../domain/market/confidence.ts';
import { bandOf, scoreMarket } from '../../domain/market/risk.ts';
import { MARKET_RULES } from '../../domain/market/risk-rules.ts';
import { dayOf } from '../periods.ts';
import { answerBase, asOf, confidenceSchema, grain, market, segment, tool } from '../tool.ts';
import {
  componentSchema,
  componentsOf,
  grainsOf,
  lastDayOf,
  latestSchema,
  readCoverage,
  readHistories,
  scoreConfidence,
} from './market-scores.ts';

/** How risky it is to hold homes of a market, with each part of the score and its reason. */
export const scoreMarketRisk = tool({
  name: 'score_market_risk',
  title: 'Market risk',
  description: `Risk of a market from 0 to 100, higher is riskier, out of seven figures: prices, days on market and homes for sale against the same period a year before, sale price over list price, months of supply, robust volatility of prices, and the change of the 30-year mortgage rate over 13 weeks. Each gives points on a straight line between two bounds of config/market.yaml; the score is 100 × points / weights of the figures that are known. Weekly levels are medians of four weeks. Without grain: the shortest period with data. Only whole periods count. No score with fewer than ${LEAST_SAMPLE} periods or too few figures. Sources: mart.market_metrics, raw.macro. Changes are fractions (0.03 = 3%), days in days, rates in percentage points.`,
  input: z.strictObject({ market, segment, grain: grain.optional(), as_of: asOf }),
  output: z.object({
    ...answerBase,
    market: z.string(),
    segment: z.string(),
    grain: grain.nullable(),
    score: z.number().nullable(),
    band: z.enum(['low', 'moderate', 'elevated', 'high']).nullable(),
    components: z.array(componentSchema),
    latest: latestSchema.nullable(),
    rules_version: z.string(),
    confidence: confidenceSchema,
  }),
  async run({ warehouse, now, weights, marketRules: rules = MARKET_RULES }, input) {
    const day = input.as_of ?? dayOf(now);
    const asked = { as_of: day, market: input.market, segment: input.segment, rules_version: rules.version };
    const grains = grainsOf(await readCoverage(warehouse, input.market, input.segment, day), input.grain);
    for (const { grain: each, newest, latest } of grains) {
      const [scored] = await readHistories(warehouse, {
        market: input.market,
        segment: input.segment,
        grain: each,
        newest,
        withOffers: false,
      });
      const hasPrice = scored !== undefined && scored.newest !== null;
      if (!hasPrice && each !== grains.at(-1)?.grain) continue;
      if (!hasPrice) break;
      const result = scoreMarket(rules, 'risk', scored.history);
      const score = scored.periods < LEAST_SAMPLE ? null : result.score;
      const { value, ...footing } = scoreConfidence(scored, result.known, day);
      const notes = [...footing.reasons];
      if (score === null) notes.unshift(`No score: ${lackOf(scored.periods, result.known, rules.least_known, each)}.`);
      if (latest > newest) notes.push(`Periods up to ${latest} are left out: they were not over by ${day}.`);
      return {
        ...asked,
        data_through: lastDayOf(scored.newest!, each),
        notes,
        grain: each,
        score,
        band: score === null ? null : bandOf(rules, score),
        components: componentsOf(result, each),
        latest: scored.latest,
        confidence: { ...footing, value: score === null ? 0 : calibrated(weights, 'score_market_risk', value) },
      };
    }
    const missing = `${input.market} (${input.segment}) has no ${input.grain ?? 'period'} with prices up to ${day}`;
    return {
      ...asked,
      data_through: null,
      notes: [`No score: ${missing}.`],
      grain: null,
      score: null,
      band: null,
      components: [],
      latest: null,
      confidence: { value: 0, sample_size: 0, reasons: ['no data'] },
    };
  },
});

/** Why there is no score. */
export function lackOf(periods: number, known: number, least: number, each: string): string {
  if (periods < LEAST_SAMPLE) return `${periods} ${each}s with a price, at least ${LEAST_SAMPLE} are needed`;
  const percent = (share: number) => `${Math.round(share * 100)}%`;
  return `figures worth ${percent(known)} of the weights are known, at least ${percent(least)} are needed`;
}
