import { confidenceOf } from '../../domain/market/confidence.ts';
import { type Season, seasonOfPeriods } from '../../domain/market/detect-season.ts';
import type { Grain } from '../../domain/market/metrics.ts';
import { remembered } from '../memory.ts';
import { ageDaysOf, dayOf, periodOf, periodStart, shiftDays } from '../periods.ts';
import { type MarketSeries, marketSeries } from '../readings/market-series.ts';
import type { ToolContext } from '../tool.ts';
import type { Warehouse } from '../warehouse.ts';

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
  /** In order of name; one list of values per metric, NaN where nothing is known. */
  markets: Array<{ market: string; values: Float64Array[] }>;
  dataThrough: string | null;
  notes: string[];
  /** What is computed from these series alone, whatever the look-back: kept while they stay as they are. */
  remember<T>(name: string, make: () => T[]): Promise<T[]>;
}

/** One metric of every market, by name of the market. */
type Column = Map<string, Float64Array>;

const TABLES = ['mart.market_metrics'];

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
  const market = question.market ?? null;
  const to = question.as_of === undefined ? shiftDays(asOf, 3_660) : asOf;
  const name = JSON.stringify(['scan', grain, segment, market, lastPeriod, to, today]);
  const known = await recall(warehouse, name, metrics);
  const read =
    known ?? (await warehouse.read(marketSeries, { metrics, market, segment, grain, from: periods[0]!, to }));
  const laid = known ?? layOut(read as MarketSeries[], metrics, periods, today);
  if (known === null) await keep(warehouse, name, laid);
  const { columns, later } = laid;
  const markets = [...later.keys()].map((one) => ({
    market: one,
    values: metrics.map((metric) => columns.get(metric)!.get(one)!),
  }));
  const notes: string[] = [];
  let future = 0;
  for (const own of later.values()) future += own;
  if (future > 0) notes.push(`${future} rows lie after ${today}: left out.`);
  let newest = -1;
  for (const { values } of markets) {
    for (const list of values) {
      let at = SCAN_PERIODS - 1;
      while (at > newest && Number.isNaN(list[at]!)) at -= 1;
      newest = Math.max(newest, at);
    }
  }
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
    remember: (what, make) => remembered(warehouse, `${name} ${what}`, TABLES, make, ({ length }) => 200 * length),
  };
}

/** Series on the grid, and of each market how many rows lie after today. */
interface LaidOut {
  columns: Map<string, Column>;
  later: Map<string, number>;
}

function layOut(
  series: readonly MarketSeries[],
  metrics: readonly string[],
  periods: readonly string[],
  today: string,
): LaidOut {
  const placeOf = new Map(periods.map((day, at) => [day, at]));
  const columns = new Map(metrics.map((metric): [string, Column] => [metric, new Map()]));
  const later = new Map<string, number>();
  for (const one of series) {
    later.set(one.market, one.weeks.filter((week) => week > today).length);
    const places = one.weeks.map((week) => placeOf.get(week) ?? -1);
    for (const [m, list] of one.values.entries()) {
      const values = new Float64Array(SCAN_PERIODS).fill(Number.NaN);
      for (const [row, at] of places.entries()) if (at >= 0) values[at] = list[row] ?? Number.NaN;
      columns.get(metrics[m]!)!.set(one.market, values);
    }
  }
  return { columns, later };
}

const partOf = (name: string, metric: string) => `${name} ${metric}`;

async function recall({ memory }: Warehouse, name: string, metrics: readonly string[]): Promise<LaidOut | null> {
  const later = (await memory?.find(partOf(name, 'later'), TABLES)) as LaidOut['later'] | undefined;
  if (memory === undefined || later === undefined) return null;
  const columns = new Map<string, Column>();
  for (const metric of metrics) {
    const column = (await memory.find(partOf(name, metric), TABLES)) as Column | undefined;
    if (column === undefined) return null;
    columns.set(metric, column);
  }
  return { columns, later };
}

async function keep({ memory }: Warehouse, name: string, { columns, later }: LaidOut): Promise<void> {
  if (memory === undefined) return;
  await memory.put(partOf(name, 'later'), TABLES, later, 150 * later.size);
  for (const [metric, column] of columns) {
    await memory.put(partOf(name, metric), TABLES, column, column.size * (8 * SCAN_PERIODS + 150));
  }
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
