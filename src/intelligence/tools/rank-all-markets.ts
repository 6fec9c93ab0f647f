import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { LEAST_SAMPLE } from '../../domain/market/confidence.ts';
import { LEVELS, type Level, levelOf } from '../../domain/market/levels.ts';
import type { Grain } from '../../domain/market/metrics.ts';
import { type MarketScore, scoreMarket } from '../../domain/market/risk.ts';
import { MARKET_RULES } from '../../domain/market/risk-rules.ts';
import { remembered } from '../memory.ts';
import { ageDaysOf, dayOf } from '../periods.ts';
import { answerBase, asOf, confidenceSchema, grain, segment, tool } from '../tool.ts';
import {
  componentSchema,
  componentsOf,
  FRESH_DAYS,
  grainsOf,
  lastDayOf,
  latestSchema,
  readCoverage,
  readHistories,
  type ScoredHistory,
  scoreConfidence,
} from './market-scores.ts';
import { lackOf } from './score-market-risk.ts';

const ranked = z.object({
  rank: z.int(),
  market: z.string(),
  score: z.number(),
  data_through: z.string(),
  latest: latestSchema,
  components: z.array(componentSchema),
  confidence: confidenceSchema,
});
/** Markets apart are listed up to so many; all are counted. */
const MOST_APART = 50;
const level = z.enum([...LEVELS, 'all']);
const apart = z.object({ market: z.string(), periods: z.int(), reason: z.string() });

interface Scored {
  found: ScoredHistory;
  level: Level;
  result: MarketScore;
}

/** All markets in order, with what puts each where it is; those with too little data listed apart. */
export const rankAllMarkets = tool({
  name: 'rank_all_markets',
  title: 'Ranking of all markets',
  description: `All markets of a segment by risk (riskiest first; the score of score_market_risk) or by opportunity for who buys to sell again (best first: prices and sales against a year before, days on market, months of supply, own offers below estimated value, share accepted), 0 to 100, with each component, its points and reason, and the newest figures. Places of one kind are ranked together (level: metro, state, county …; all mixes them). Equal scores are ordered by name. Markets with fewer than ${LEAST_SAMPLE} periods with a price, too few known figures, or a feed that stopped are listed apart with the reason. Without grain: the shortest period that ranks any market. Only whole periods count; markets without any period in the last year or so are not listed. Weights: config/market.yaml. Sources: mart.market_metrics, raw.macro. Changes are fractions (0.03 = 3%).`,
  input: z.strictObject({
    by: z.enum(['risk', 'opportunity']).default('risk'),
    segment,
    grain: grain.optional(),
    level: level
      .optional()
      .describe('Kind of place that is compared; metros where any can be ranked, else the kind with the most markets'),
    as_of: asOf,
    limit: z.int().min(1).max(1000).default(50),
    offset: z.int().min(0).default(0),
  }),
  output: z.object({
    ...answerBase,
    by: z.enum(['risk', 'opportunity']),
    segment: z.string(),
    grain: grain.nullable(),
    /** Kind of place that was ranked; null when nothing was. */
    level: level.nullable(),
    rules_version: z.string(),
    /** Markets ranked in all; `markets` has those of this page. */
    total: z.int(),
    limit: z.int(),
    offset: z.int(),
    markets: z.array(ranked),
    /** The first 50 by name; `too_little_data_total` counts all. */
    too_little_data: z.array(apart),
    too_little_data_total: z.int(),
  }),
  async run({ warehouse, now, weights, marketRules: rules = MARKET_RULES }, input) {
    const { by, segment: of, limit, offset } = input;
    const day = input.as_of ?? dayOf(now);
    const asked = { as_of: day, by, segment: of, rules_version: rules.version, limit, offset };
    const grains = grainsOf(await readCoverage(warehouse, null, of, day), input.grain);
    for (const [at, { grain: each, newest, latest }] of grains.entries()) {
      const question = { market: null, segment: of, grain: each, newest, withOffers: by === 'opportunity' };
      const all = await remembered(
        warehouse,
        JSON.stringify(['ranking', by, question, rules]),
        ['mart.market_metrics', 'raw.macro'],
        async () =>
          (await readHistories(warehouse, question)).map(
            (found): Scored => ({
              found,
              level: levelOf(found.market),
              result: scoreMarket(rules, by, found.history),
            }),
          ),
        ({ length }) => 4_000 * length,
      );
      const kind = input.level ?? levelToRank(all);
      const own = all.filter((one) => kind === 'all' || one.level === kind);
      const usable = own.filter(({ found, result }) => isScored(found, result));
      const lacking = own
        .filter(({ found, result }) => !isScored(found, result))
        .map(({ found, result }) => ({
          market: found.market,
          periods: found.periods,
          reason: reasonApart(found, result, rules.least_known, each, newest),
        }));
      if (usable.length === 0 && at < grains.length - 1) continue;
      usable.sort((a, b) => b.result.score! - a.result.score! || compareNames(a.found.market, b.found.market));
      const markets = usable.slice(offset, offset + limit).map(({ found, result }, place) => {
        const { value, ...footing } = scoreConfidence(found, result.known, day);
        return {
          rank: offset + place + 1,
          market: found.market,
          score: result.score!,
          data_through: lastDayOf(found.newest!, each),
          latest: found.latest,
          components: componentsOf(result, each),
          confidence: { ...footing, value: calibrated(weights, 'rank_all_markets', value) },
        };
      });
      return {
        ...asked,
        data_through: lastDayOf(newest, each),
        notes: [...notesOf(usable.length, lacking.length, each, newest, latest, day), ...levelNotes(all, kind)],
        grain: each,
        level: kind,
        total: usable.length,
        markets,
        too_little_data: lacking.sort((a, b) => compareNames(a.market, b.market)).slice(0, MOST_APART),
        too_little_data_total: lacking.length,
      };
    }
    const notes = [`There is no whole ${input.grain ?? 'period'} of any market (${of}) up to ${day}.`];
    const nothing = { data_through: null, grain: null, level: null, total: 0, markets: [], too_little_data: [] };
    return { ...asked, ...nothing, notes, too_little_data_total: 0 };
  },
});

const isScored = (found: ScoredHistory, { score }: MarketScore) =>
  found.newest !== null && found.periods >= LEAST_SAMPLE && score !== null;

/** Metros where any can be ranked, else the kind of place with the most markets that can; the larger kind of equals. */
function levelToRank(all: readonly Scored[]): Level {
  const usable = all.filter(({ found, result }) => isScored(found, result));
  const counts = new Map<Level, number>();
  for (const { level: each } of usable.length > 0 ? usable : all) counts.set(each, (counts.get(each) ?? 0) + 1);
  if (counts.has('metro')) return 'metro';
  return [...LEVELS].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0]!;
}

/** Which other kinds of places there are. */
function levelNotes(all: readonly Scored[], ranked: Level | 'all'): string[] {
  if (ranked === 'all') return [];
  const others = LEVELS.flatMap((each) => {
    const count = all.filter((one) => one.level === each).length;
    return each === ranked || count === 0 ? [] : [`${count} of level ${each}`];
  });
  return others.length === 0
    ? []
    : [`Only level ${ranked} is ranked. There are also ${others.join(', ')}: ask with level.`];
}

// By code units: the same on every machine.
const compareNames = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function reasonApart(found: ScoredHistory, result: MarketScore, least: number, each: Grain, newest: string): string {
  if (found.newest === null) return `no price in the newest ${each}s; the newest of all markets starts on ${newest}`;
  return lackOf(found.periods, result.known, least, each);
}

function notesOf(total: number, lacking: number, each: Grain, newest: string, latest: string, day: string): string[] {
  const notes: string[] = [];
  if (total === 0) notes.push(`No market of ${lacking} has enough data to be ranked by ${each}.`);
  else if (lacking > 0) notes.push(`${lacking} markets have too little data to be ranked.`);
  const age = ageDaysOf(lastDayOf(newest, each), day);
  if (age > FRESH_DAYS[each]) notes.push(`The newest ${each} ended ${age} days before ${day}.`);
  if (latest > newest) notes.push(`Periods up to ${latest} are left out: they were not over by ${day}.`);
  return notes;
}
