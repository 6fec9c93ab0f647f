import { confidenceOf } from '../../domain/market/confidence.ts';
import { type Season, seasonOfPeriods } from '../../domain/market/detect-season.ts';
import type { Grain } from '../../domain/market/metrics.ts';
import { remembered } from '../memory.ts';
import { ageDaysOf, dayOf, periodOf, periodStart, shiftDays } from '../periods.ts';
import { marketColumns, type PeriodColumns } from '../readings/market-columns.ts';
import { laterRows } from '../readings/market-later.ts';
import type { SeriesQuestion } from '../readings/market-series.ts';
import { namesOf, numberOfDay } from '../readings/number-list.ts';
import type { ToolContext } from '../tool.ts';
import type { Warehouse } from '../warehouse.ts';
import { chooseGrain } from './market-scores.ts';

/** Periods that are read: a year for the season, the spread before it, and the look-back. */
export const SCAN_PERIODS = 110;

/** The period by which a scan is made: the asked one, else the shortest that there are figures by; and which others there are. */
export const grainOf = (
  { warehouse, now }: ToolContext,
  question: { market?: string | undefined; segment: string; grain?: Grain | undefined; as_of?: string | undefined },
) =>
  chooseGrain(warehouse, {
    market: question.market ?? null,
    segment: question.segment,
    asOf: question.as_of ?? dayOf(now),
    asked: question.grain,
  });

/** What to scan. */
export interface ScanQuestion {
  market?: string | undefined;
  segment: string;
  grain: Grain;
  metrics: readonly string[];
  /** Read along with the others where what is read is kept: they will be asked for next. */
  alongside?: readonly string[];
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
  remember<T>(name: string, make: () => T[] | Promise<T[]>): Promise<T[]>;
  /** Figures that are kept beside those asked for, one list of values per market as in `markets`. */
  alongside: Array<{ metric: string; values: Float64Array[] }>;
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
  // What is kept does not depend on the day of the question within a period, nor on which figures were asked for together.
  const name = JSON.stringify(['scan', grain, segment, market, lastPeriod]);
  const alongside = market === null ? (question.alongside ?? []) : [];
  const all = await readColumns(warehouse, name, { metrics, alongside, market, segment, grain, periods });
  const columns = metrics.map((metric) => all.get(metric)!);
  const later =
    question.as_of === undefined ? await warehouse.read(laterRows, { market, segment, grain, after: today }) : [];
  const [first] = columns;
  const known = [...first!.keys(), ...later.map((one) => one.market).filter((one) => !first!.has(one))];
  const markets = known.map((one) => ({ market: one, values: columns.map((column) => column.get(one) ?? UNKNOWN) }));
  const notes: string[] = [];
  const future = later.reduce((sum, { periods: rows }) => sum + rows, 0);
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
    alongside: [...all]
      .filter(([metric]) => !metrics.includes(metric))
      .map(([metric, column]) => ({ metric, values: known.map((one) => column.get(one) ?? UNKNOWN) })),
    remember: (what, make) => remembered(warehouse, `${name} ${what}`, TABLES, make, ({ length }) => 200 * length),
  };
}

const UNKNOWN = new Float64Array(SCAN_PERIODS).fill(Number.NaN);

/** The metrics' columns in the order of the question; those that are kept are not read again. */
async function readColumns(
  warehouse: Warehouse,
  name: string,
  {
    periods,
    metrics,
    alongside,
    ...question
  }: Omit<SeriesQuestion, 'from' | 'to'> & { alongside: readonly string[]; periods: readonly string[] },
): Promise<Map<string, Column>> {
  const { memory } = warehouse;
  const columns = new Map<string, Column>();
  const findKept = async (names: readonly string[]) => {
    for (const metric of names) {
      const kept = await memory?.find(`${name} ${metric}`, TABLES);
      if (kept !== undefined) columns.set(metric, kept as Column);
    }
  };
  await findKept(metrics);
  const missing = metrics.filter((metric) => !columns.has(metric));
  if (missing.length > 0 && memory !== undefined) {
    await findKept(alongside);
    missing.push(...alongside.filter((metric) => !columns.has(metric) && !missing.includes(metric)));
  }
  if (missing.length > 0) {
    const span = { from: periods[0]!, to: periods.at(-1)! };
    const read = await warehouse.read(marketColumns, { ...question, metrics: missing, ...span });
    for (const [metric, column] of layOut(read, missing, periods)) {
      columns.set(metric, column);
      await memory?.put(`${name} ${metric}`, TABLES, column, column.size * (8 * SCAN_PERIODS + 150));
    }
  }
  return columns;
}

function layOut(
  read: readonly PeriodColumns[],
  metrics: readonly string[],
  periods: readonly string[],
): Map<string, Column> {
  const placeOf = new Map(periods.map((day, at) => [numberOfDay(day), at]));
  const byMarket = new Map<string, Float64Array[]>();
  let names: PeriodColumns['names'] = '';
  let lists: Float64Array[][] = [];
  for (const one of read) {
    if (one.names !== names) {
      // Mostly the same markets period after period: they are looked up once.
      names = one.names;
      lists = namesOf(names).map((name) => {
        const found = byMarket.get(name) ?? metrics.map(() => new Float64Array(SCAN_PERIODS).fill(Number.NaN));
        byMarket.set(name, found);
        return found;
      });
    }
    const place = placeOf.get(one.day);
    if (place === undefined) continue;
    for (const [m, values] of one.values.entries()) {
      for (let at = 0; at < lists.length; at += 1) lists[at]![m]![place] = values[at]!;
    }
  }
  const markets = [...byMarket].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    metrics.map((metric, m): [string, Column] => [metric, new Map(markets.map(([name, found]) => [name, found[m]!]))]),
  );
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
