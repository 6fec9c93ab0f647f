import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { plainZ } from '../../domain/market/detect-plain.ts';
import {
  expectedRange,
  findGaps,
  judgeSeries,
  LEAST_PERIODS,
  SEVERITIES,
  severityOf,
} from '../../domain/market/detect-series.ts';
import { GRAINS, type Grain } from '../../domain/market/metrics.ts';
import { answerBase, asOf, confidenceSchema, grain, market, segment, tool } from '../tool.ts';
import { grainOf, SCAN_PERIODS, type Scan, scanConfidence, scanMarkets } from './market-scan.ts';

const surge = z.object({
  rank: z.number(),
  market: z.string(),
  severity: z.enum(SEVERITIES),
  /** The newest period of the surge. */
  period: z.string(),
  inventory_count: z.number(),
  expected_inventory: z.number(),
  expected_low: z.number(),
  expected_high: z.number(),
  excess_homes: z.number(),
  change: z.number(),
  robust_z: z.number(),
  peak_robust_z: z.number(),
  plain_z: z.number().nullable(),
  months_of_supply: z.number().nullable(),
  expected_months_of_supply: z.number().nullable(),
  months_of_supply_robust_z: z.number().nullable(),
  months_of_supply_plain_z: z.number().nullable(),
  strength: z.number(),
  started: z.string(),
  alarmed: z.string(),
  ended: z.string().nullable(),
  periods: z.number(),
  confidence: confidenceSchema,
});

/** Periods in which a surge may be asked for. */
const MOST_LOOKBACK = 52;
/** Sales are averaged over so many periods, so that one holiday week is no glut. */
const SALES_PERIODS: Readonly<Record<Grain, number>> = { week: 4, month: 1, quarter: 1 };

/** Markets in which more homes are for sale than their past lets expect. */
export const detectInventorySurges = tool({
  name: 'detect_inventory_surges',
  title: 'Inventory surges',
  description:
    'Markets with more homes for sale than expected from their own past, worst first: robust z (season, level and MAD as in detect_anomalies) beside the plain z-score of 26 periods, the homes above expectation, and months of supply (homes for sale ÷ homes sold a month, sales averaged over four weeks). Severity LOW to CRITICAL by size and persistence. Source: inventory_count and homes_sold of mart.market_metrics, at most 110 periods; without grain by the shortest that there are figures by.',
  input: z.strictObject({
    market: market.optional(),
    segment,
    grain: grain.optional(),
    lookback: z
      .int()
      .min(1)
      .max(MOST_LOOKBACK)
      .default(4)
      .describe('Newest complete periods in which the surge must lie'),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    grain,
    lookback: z.number(),
    markets: z.number(),
    markets_judged: z.number(),
    surges: z.array(surge),
  }),
  async run(context, input) {
    const { grain: each, notes: aside } = await grainOf(context, input);
    const scan = await scanMarkets(context, { ...input, grain: each, metrics: ['inventory_count', 'homes_sold'] });
    const verdicts = await scan.remember('surges', () => judgeAll(scan, each));
    const surges: Array<Omit<z.output<typeof surge>, 'rank'>> = [];
    const notes = [...scan.notes, ...aside];
    const few: string[] = [];
    const stopped: string[] = [];
    let judgedMarkets = 0;
    for (const [place, { market: name, values }] of scan.markets.entries()) {
      const inventory = values[0]!;
      const { known: periods, lastJudged, rows } = verdicts[place]!;
      const open = findGaps(inventory, scan.first).find(({ isOpen }) => isOpen);
      if (open !== undefined) stopped.push(`${name} since ${scan.periods[open.from]}`);
      if (lastJudged < scan.first) few.push(`${name} (${periods} ${each}s)`);
      else judgedMarkets += 1;
      const rising = rows.filter(({ to }) => to >= scan.first);
      if (rising.length === 0) continue;
      const confidence = scanConfidence(scan, each, inventory);
      for (const { row } of rising) {
        const stated = confidence.value * (1 - 0.1 / row.strength ** 2);
        const value = calibrated(context.weights, 'detect_inventory_surges', stated);
        surges.push({ market: name, ...row, confidence: { ...confidence, value } });
      }
    }
    if (few.length > 0) {
      notes.push(
        `Too little history to judge (${LEAST_PERIODS} ${each}s are needed), or none in the look-back: ${some(few)}.`,
      );
    }
    if (stopped.length > 0) notes.push(`No inventory: ${some(stopped)}. A feed may have stopped.`);
    const weight = (one: (typeof surges)[number]) =>
      SEVERITIES.indexOf(one.severity) * 1_000 + Math.min(999, one.strength);
    surges.sort((a, b) => weight(b) - weight(a));
    return {
      as_of: scan.asOf,
      data_through: scan.dataThrough,
      notes,
      grain: each,
      lookback: input.lookback,
      markets: scan.markets.length,
      markets_judged: judgedMarkets,
      surges: surges.map((one, at) => ({ rank: at + 1, ...one })),
    };
  },
});

/** The inventory of one market, judged over all periods that were read. */
interface Verdict {
  known: number;
  /** The newest period with a verdict; −1 without one. */
  lastJudged: number;
  /** The surges, each with the last period that belongs to it. */
  rows: Array<{ to: number; row: Omit<z.output<typeof surge>, 'rank' | 'market' | 'confidence'> }>;
}

function judgeAll(scan: Scan, of: Grain): Verdict[] {
  return scan.markets.map(({ values }): Verdict => {
    const [inventory, sold] = [values[0]!, values[1]!];
    const judged = judgeSeries('inventory_count', inventory, scan.season, SCAN_PERIODS - MOST_LOOKBACK);
    const rising = judged.episodes.filter(({ direction }) => direction > 0);
    const lastJudged = judged.scores.z.findLastIndex((score) => !Number.isNaN(score));
    if (rising.length === 0) return { known: judged.known, lastJudged, rows: [] };
    const supply = monthsOfSupply(inventory, sold, of);
    const supplyJudged = judgeSeries('months_of_supply', supply, scan.season, 0).scores;
    const [plain, supplyPlain] = [plainZ(inventory), plainZ(supply)];
    const rows = rising.map((episode) => {
      const { to: at, peakAt } = episode;
      const { expected, low, high } = expectedRange('inventory_count', judged.scores, at);
      const row = {
        severity: severityOf(episode),
        period: scan.periods[at]!,
        inventory_count: inventory[at]!,
        expected_inventory: expected,
        expected_low: low,
        expected_high: high,
        excess_homes: inventory[at]! - expected,
        change: inventory[at]! / expected - 1,
        robust_z: judged.scores.z[at]!,
        peak_robust_z: judged.scores.z[peakAt]!,
        plain_z: known(plain[at]!),
        months_of_supply: known(supply[at]!),
        expected_months_of_supply: known(supplyJudged.expected[at]!),
        months_of_supply_robust_z: known(supplyJudged.z[at]!),
        months_of_supply_plain_z: known(supplyPlain[at]!),
        strength: episode.strength,
        started: scan.periods[episode.from]!,
        alarmed: scan.periods[episode.alarmAt]!,
        ended: episode.isOpen ? null : scan.periods[at]!,
        periods: at - episode.from + 1,
      };
      return { to: at, row };
    });
    return { known: judged.known, lastJudged, rows };
  });
}

const known = (value: number) => (Number.isFinite(value) ? value : null);
const some = (names: readonly string[]) =>
  names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`;

/** Homes for sale over homes sold a month; NaN without sales. */
function monthsOfSupply(inventory: Float64Array, sold: Float64Array, grain: Grain): Float64Array {
  const perMonth = GRAINS[grain].perYear / 12;
  return inventory.map((homes, at) => {
    let [sum, count] = [0, 0];
    for (let u = Math.max(0, at - SALES_PERIODS[grain] + 1); u <= at; u += 1) {
      if (Number.isNaN(sold[u]!)) continue;
      sum += sold[u]!;
      count += 1;
    }
    return sum > 0 ? homes / ((sum / count) * perMonth) : Number.NaN;
  });
}
