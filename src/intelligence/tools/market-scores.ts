import { z } from 'zod';
import { type Confidence, confidenceOf } from '../../domain/market/confidence.ts';
import { GRAINS, type Grain } from '../../domain/market/metrics.ts';
import { type FigureHistory, type MarketScore, SCORE_SPANS, type ScoreHistory } from '../../domain/market/risk.ts';
import { reasonOf } from '../../domain/market/risk-words.ts';
import { ageDaysOf, periodOf, periodStart, shiftDays } from '../periods.ts';
import { type MacroValue, macroSeries } from '../readings/market-macro.ts';
import {
  type GrainCoverage,
  marketCoverage,
  marketWindows,
  type PeriodSnapshot,
  type WindowsQuestion,
} from '../readings/market-windows.ts';
import type { Warehouse } from '../warehouse.ts';

/** Periods that a market may be behind the newest of all before it is left out. */
const SLACK = { week: 4, month: 2, quarter: 1 } as const;
/** The data is as new as it can be within this many days after the period's end. */
export const FRESH_DAYS = { week: 14, month: 45, quarter: 135 } as const;
/** Homes sold that make a median firm. */
const ENOUGH_SOLD = 30;
const RATE = 'mortgage_rate_30y';
const RATE_DAYS = 91;
/** A rate older than this is no rate of the day. */
const RATE_AGE_DAYS = 30;

const FIGURES = [
  'median_sale_price',
  'home_value_index',
  'days_on_market',
  'inventory_count',
  'homes_sold',
  'list_to_sale_ratio',
] as const;
const OFFER_FIGURES = ['offer_price_avg', 'market_estimated_value_avg', 'acceptance_rate'] as const;

/** A component of a score, as answered. */
export const componentSchema = z.object({
  figure: z.string(),
  value: z.number().nullable(),
  now: z.number().nullable(),
  before: z.number().nullable(),
  points: z.number().nullable(),
  most: z.number(),
  reason: z.string(),
});

/** The newest figures of a market, as answered. */
export const latestSchema = z.object({
  median_sale_price: z.number().nullable(),
  home_value_index: z.number().nullable(),
  days_on_market: z.number().nullable(),
  inventory_count: z.number().nullable(),
  homes_sold: z.number().nullable(),
  list_to_sale_ratio: z.number().nullable(),
});

/** First day of the newest period that was over by the end of a day. */
export const lastWholePeriod = (day: string, grain: Grain): string =>
  periodStart(periodOf(shiftDays(day, 1), grain), grain, -1);

/** Last day of the period that starts on a day. */
export const lastDayOf = (period: string, grain: Grain): string => shiftDays(periodStart(period, grain, 1), -1);

/** What periods there are, by grain, none that was not over by the day. */
export async function readCoverage(warehouse: Warehouse, market: string | null, segment: string, asOf: string) {
  const until = {
    week: lastWholePeriod(asOf, 'week'),
    month: lastWholePeriod(asOf, 'month'),
    quarter: lastWholePeriod(asOf, 'quarter'),
  };
  return warehouse.read(marketCoverage, { market, segment, until });
}

/** The grains with data, the asked one alone or else the shortest period first; and what is left out as too new. */
export function grainsOf(coverage: readonly GrainCoverage[], asked: Grain | undefined) {
  const order: readonly Grain[] = asked === undefined ? ['week', 'month', 'quarter'] : [asked];
  return order.flatMap((grain) => {
    const found = coverage.find((one) => one.grain === grain);
    return found?.newest ? [{ grain, newest: found.newest, latest: found.latest ?? found.newest }] : [];
  });
}

/**
 * The period that a question is answered by: the one it asks for, else the shortest that there are figures by; and in
 * words which others there are. Weeks where there is nothing at all.
 */
export async function chooseGrain(
  warehouse: Warehouse,
  question: { market: string | null; segment: string; asOf: string; asked: Grain | undefined },
): Promise<{ grain: Grain; notes: string[] }> {
  const { market, segment, asOf, asked } = question;
  if (asked !== undefined) return { grain: asked, notes: [] };
  const [first, ...others] = grainsOf(await readCoverage(warehouse, market, segment, asOf), undefined);
  if (first === undefined) return { grain: 'week', notes: [] };
  if (others.length === 0) return { grain: first.grain, notes: [] };
  const words = others.map(({ grain }) => grain).join(' and ');
  return {
    grain: first.grain,
    notes: [`Answered by ${first.grain}; there are figures by ${words} too: ask with grain.`],
  };
}

/** A market as it is scored. */
export interface ScoredHistory {
  market: string;
  /** First day of its newest period with a price; null when it has none in reach. */
  newest: string | null;
  /** Periods of the window with a price. */
  periods: number;
  history: ScoreHistory;
  latest: z.infer<typeof latestSchema>;
}

/** What one or all markets are scored from, as of a grain's newest period. */
export async function readHistories(
  warehouse: Warehouse,
  question: { market: string | null; segment: string; grain: Grain; newest: string; withOffers: boolean },
): Promise<ScoredHistory[]> {
  const { market, segment, grain, newest, withOffers } = question;
  const { level, changes } = SCORE_SPANS[grain];
  const year = GRAINS[grain].perYear;
  const windows: WindowsQuestion = {
    metrics: [...FIGURES, ...(withOffers ? OFFER_FIGURES : [])],
    market,
    segment,
    grain,
    from: periodStart(newest, grain, -(level + changes + SLACK[grain])),
    to: newest,
    beforeFrom: periodStart(newest, grain, -(year + level - 1 + SLACK[grain])),
    beforeTo: periodStart(newest, grain, -year),
  };
  const rates = await warehouse.read(macroSeries, {
    series: RATE,
    from: shiftDays(periodStart(newest, grain, -SLACK[grain]), -(RATE_DAYS + RATE_AGE_DAYS)),
    to: lastDayOf(newest, grain),
  });
  const snapshots = await warehouse.read(marketWindows, windows);
  const places = new Map(snapshots.map(({ period }, at) => [period, at]));
  const oldest = periodStart(newest, grain, -SLACK[grain]);
  const calendars = new Map<string, ReturnType<typeof calendarOf>>();
  return [...byMarket(snapshots, windows.metrics.length)].map(([name, values]) => {
    const newestOf = (figure: number) =>
      snapshots.findLastIndex(({ period }, place) => period >= oldest && values[figure]![place] !== null);
    const isSold = newestOf(0) >= 0;
    const at = isSold ? newestOf(0) : newestOf(1);
    const last = at < 0 ? null : snapshots[at]!.period;
    let calendar = calendars.get(last ?? newest);
    if (calendar === undefined) {
      calendar = calendarOf(last ?? newest, grain, rates, places);
      calendars.set(last ?? newest, calendar);
    }
    return historyOf({ market: name, grain, newest: last, withOffers, price: isSold ? 0 : 1 }, calendar, values);
  });
}

/** Values by figure and snapshot; null where a market has no row. */
function byMarket(snapshots: readonly PeriodSnapshot[], figures: number): Map<string, Array<Array<number | null>>> {
  const found = new Map<string, Array<Array<number | null>>>();
  for (const [place, { markets, values }] of snapshots.entries()) {
    for (const [at, market] of markets.entries()) {
      let own = found.get(market);
      if (own === undefined) {
        own = Array.from({ length: figures }, () => new Array<number | null>(snapshots.length).fill(null));
        found.set(market, own);
      }
      for (let figure = 0; figure < figures; figure += 1) own[figure]![place] = values[figure]![at]!;
    }
  }
  return found;
}

/** Places of the snapshots that count back from the newest, −1 where there is none, and how far the mortgage rate rose by its end. */
function calendarOf(newest: string, grain: Grain, rates: readonly MacroValue[], places: ReadonlyMap<string, number>) {
  const { level, changes } = SCORE_SPANS[grain];
  const back = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => places.get(periodStart(newest, grain, -(from + at))) ?? -1);
  const end = lastDayOf(newest, grain);
  const rateOn = (day: string) => {
    const found = rates.findLast((rate) => rate.day <= day);
    return found === undefined || ageDaysOf(found.day, day) > RATE_AGE_DAYS ? null : found.value;
  };
  const now = rateOn(end);
  const before = rateOn(shiftDays(end, -RATE_DAYS));
  return {
    recent: back(0, level + changes + 1),
    yearBefore: back(GRAINS[grain].perYear, level),
    mortgageRateChange: now === null || before === null ? null : now - before,
  };
}

function historyOf(
  about: { market: string; grain: Grain; newest: string | null; withOffers: boolean; price: number },
  { recent, yearBefore, mortgageRateChange }: ReturnType<typeof calendarOf>,
  values: ReadonlyArray<ReadonlyArray<number | null>>,
): ScoredHistory {
  const { market, grain, newest, withOffers } = about;
  const { level } = SCORE_SPANS[grain];
  const valuesOf = (at: number, places: readonly number[]) => places.map((place) => values[at]![place] ?? null);
  // Only of prices are more periods needed than those of a level.
  const figure = (at: number, periods: number = level): FigureHistory => ({
    recent: valuesOf(at, recent.slice(0, periods)),
    yearBefore: valuesOf(at, yearBefore),
  });
  const price = figure(about.price, recent.length);
  const latest = Object.fromEntries(
    FIGURES.map((name, at) => [name, newest === null ? null : (values[at]![recent[0]!] ?? null)]),
  ) as ScoredHistory['latest'];
  return {
    market,
    newest,
    periods: price.recent.filter((value) => value !== null).length,
    latest,
    history: {
      grain,
      price,
      daysOnMarket: figure(2),
      inventory: figure(3),
      homesSold: figure(4),
      saleToList: figure(5),
      ...(withOffers ? { offerPrice: figure(6), estimatedValue: figure(7), acceptanceRate: figure(8) } : {}),
      mortgageRateChange,
    },
  };
}

/** How well a score is founded: periods, age, share of the weights known, and homes sold behind the newest median. */
export function scoreConfidence(scored: ScoredHistory, known: number, asOf: string): Confidence {
  const { grain } = scored.history;
  const { level, changes } = SCORE_SPANS[grain];
  const periods = confidenceOf({
    sampleSize: scored.periods,
    enough: level + changes + 1,
    ageDays: scored.newest === null ? null : ageDaysOf(lastDayOf(scored.newest, grain), asOf),
    freshDays: FRESH_DAYS[grain],
  });
  const reasons = [...periods.reasons];
  if (known < 0.9) reasons.push(`figures worth ${Math.round(known * 100)}% of the weights are known`);
  const counts = scored.history.homesSold.recent.slice(0, level).filter((count) => count !== null);
  const sold = counts.reduce((sum, count) => sum + count, 0);
  const sales = counts.length === 0 ? 1 : Math.min(1, sold / ENOUGH_SOLD);
  if (sales < 0.9) reasons.push(`the newest figures come from ${sold} homes sold; ${ENOUGH_SOLD} would be enough`);
  return { value: periods.value * known * sales, sample_size: scored.periods, reasons };
}

/** Components with their reasons. */
export const componentsOf = ({ components }: MarketScore, grain: Grain): z.infer<typeof componentSchema>[] =>
  components.map((component) => ({ ...component, reason: reasonOf(component, grain) }));
