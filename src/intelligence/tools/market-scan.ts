import { confidenceOf } from '../../domain/market/confidence.ts';
import { type Season, seasonOfPeriods } from '../../domain/market/detect-season.ts';
import type { Grain } from '../../domain/market/metrics.ts';
import { ageDaysOf, dayOf, periodOf, periodStart, shiftDays } from '../periods.ts';
import { type MarketSeries, marketSeries } from '../readings/market-series.ts';
import type { ToolContext } from '../tool.ts';

/** Periods that are read: a year for the season, the spread before it, and the look-back. */
export const SCAN_PERIODS = 110;

/** What to scan. */
export interface ScanQuestion {
  market?: string | undefined;
  segment: string;
  grain: Grain;
  metrics: readonly string[];
  as_of?: string | undefined;
  lookback: number;
}

/** Series of markets on one grid of complete periods. */
export interface Scan {
  asOf: string;
  /** First days of the periods, oldest first, up to the last complete one. */
  periods: string[];
  season: Season;
  /** Index of the first period of the look-back. */
  first: number;
  markets: Array<{ market: string; values: Float64Array[]; last: number; known: number }>;
  dataThrough: string | null;
  notes: string[];
}

/**
 * Reads at most 110 periods of the markets and lays them on one grid. The period that still goes on is left out: half a
 * week looks like a slump. Rows beyond the present are left out and said.
 */
export async function scanMarkets({ warehouse, now }: ToolContext, question: ScanQuestion): Promise<Scan> {
  const { grain, segment, metrics, lookback } = question;
  const today = dayOf(now);
  const asOf = question.as_of ?? today;
  // The period that ends with the day before the one in which as_of + 1 lies is complete.
  const lastPeriod = periodStart(periodOf(shiftDays(asOf, 1), grain), grain, -1);
  const periods = Array.from({ length: SCAN_PERIODS }, (_, at) =>
    periodStart(lastPeriod, grain, at - SCAN_PERIODS + 1),
  );
  const placeOf = new Map(periods.map((day, at) => [day, at]));
  const market = question.market ?? null;
  const to = question.as_of === undefined ? shiftDays(asOf, 3_660) : asOf;
  const series = await warehouse.read(marketSeries, { metrics, market, segment, grain, from: periods[0]!, to });
  const notes: string[] = [];
  let future = 0;
  const markets = series.map((one: MarketSeries) => {
    future += one.weeks.filter((week) => week > today).length;
    const values = metrics.map(() => new Float64Array(SCAN_PERIODS).fill(Number.NaN));
    let last = -1;
    let known = 0;
    for (const [row, week] of one.weeks.entries()) {
      const at = placeOf.get(week);
      if (at === undefined) continue;
      let has = false;
      for (const [m, list] of one.values.entries()) {
        const value = list[row];
        if (value === null || value === undefined) continue;
        values[m]![at] = value;
        has = true;
      }
      if (!has) continue;
      known += 1;
      last = Math.max(last, at);
    }
    return { market: one.market, values, last, known };
  });
  if (future > 0) notes.push(`${future} rows lie after ${today}: left out.`);
  const newest = Math.max(-1, ...markets.map(({ last }) => last));
  if (newest < 0) {
    notes.push(
      `There is no complete ${grain} of ${market ?? 'any market'} (${segment}) in the ${SCAN_PERIODS} up to ${asOf}.`,
    );
  }
  return {
    asOf,
    periods,
    season: seasonOfPeriods(periods, grain),
    first: SCAN_PERIODS - lookback,
    markets,
    dataThrough: newest < 0 ? null : periods[newest]!,
    notes,
  };
}

const FRESH_DAYS = { week: 14, month: 45, quarter: 135 } as const;

/** How well a verdict on a series is founded: its known periods, the age of its newest, and its holes. */
export function scanConfidence(scan: Scan, grain: Grain, values: Float64Array) {
  const firstKnown = values.findIndex((value) => !Number.isNaN(value));
  const last = values.findLastIndex((value) => !Number.isNaN(value));
  const known = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  return confidenceOf({
    sampleSize: known,
    enough: 78,
    ageDays: last < 0 ? null : ageDaysOf(periodStart(scan.periods[last]!, grain, 1), scan.asOf),
    freshDays: FRESH_DAYS[grain],
    coverage: last < 0 ? 0 : known / (last - firstKnown + 1),
  });
}
