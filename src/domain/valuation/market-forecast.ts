import { forecastSeries, MIN_MONTHS, type MonthAhead } from './forecast.ts';
import { medianOf } from './quantile.ts';

/** A sale as the index reads it: dollars, square feet. */
export interface IndexedSale {
  closeDate: string;
  price: number;
  sqft: number | null;
}

/** One month of the market. */
export interface MarketMonth {
  /** YYYY-MM. */
  month: string;
  sales: number;
  /** Level of prices, house for house; the newest month is 1. */
  index: number;
}

/** A market's forecast, or why there is none. */
export type MarketForecast =
  | { available: false; statement: string; sales: number; months: number; needed: { sales: number; months: number } }
  | {
      available: true;
      statement: string;
      sales: number;
      history: MarketMonth[];
      /** Median price per square foot of the last three months, dollars: what the changes apply to. */
      price_per_sqft: number;
      forecast: Array<{
        month: string;
        price_per_sqft: number;
        low: number;
        high: number;
        change: number;
        change_low: number;
        change_high: number;
      }>;
      /** Share of past forecasts whose 80% interval held; null when there are too few to say. */
      coverage_80: number | null;
      backtests: number;
      is_seasonal: boolean;
    };

export const MIN_SALES = 100;
/** A month with fewer sales says nothing by itself; its neighbours speak for it. */
const MIN_MONTH_SALES = 5;
/** A gap of more months than this cuts the series: what lies before is another time. */
const MAX_GAP = 2;

/**
 * Where a market's prices are going. The index is the monthly median of prices adjusted for size, so that a month of
 * large houses is no rise; only the newest run of months without a gap counts.
 */
export function forecastMarket(sales: readonly IndexedSale[], horizon: number): MarketForecast {
  const usable = sales.filter(({ price, sqft }) => price > 0 && sqft !== null && sqft > 0);
  const months = usable.length < MIN_SALES ? [] : monthlyIndex(usable);
  if (usable.length < MIN_SALES || months.length < MIN_MONTHS) return refusal(usable, months.length);
  const result = forecastSeries(
    months.map(({ log }) => log),
    horizon,
  );
  const last = months.at(-1)!;
  const recent = usable.filter(
    ({ closeDate }) => monthNumber(closeDate) > last.number - 3 && monthNumber(closeDate) <= last.number,
  );
  const perSqft = medianOf(recent.map(({ price, sqft }) => price / sqft!));
  const { coverage80, backtests, isSeasonal } = result;
  return {
    available: true,
    statement: statementOf(result.ahead, coverage80, backtests, last.month),
    sales: usable.length,
    history: months.map(({ month, count, log }) => ({ month, sales: count, index: Math.exp(log - last.log) })),
    price_per_sqft: perSqft,
    forecast: result.ahead.map(({ months: ahead, change, low, high }) => ({
      month: monthName(last.number + ahead),
      price_per_sqft: perSqft * (1 + change),
      low: perSqft * (1 + low),
      high: perSqft * (1 + high),
      change,
      change_low: low,
      change_high: high,
    })),
    coverage_80: coverage80,
    backtests,
    is_seasonal: isSeasonal,
  };
}

interface IndexMonth {
  number: number;
  month: string;
  count: number;
  log: number;
}

/** Monthly medians of the logarithm of prices less what the size explains, gaps of up to two months bridged. */
function monthlyIndex(sales: readonly IndexedSale[]): IndexMonth[] {
  const slope = sizeSlope(sales);
  const groups = new Map<number, number[]>();
  for (const { closeDate, price, sqft } of sales) {
    const at = monthNumber(closeDate);
    const level = Math.log(price) - slope * Math.log(sqft!);
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [level]);
    else group.push(level);
  }
  const usual = medianOf([...groups.values()].map(({ length }) => length));
  const newest = Math.max(...groups.keys());
  const known = [...groups]
    // The newest month may have just begun.
    .filter(([at, levels]) => levels.length >= MIN_MONTH_SALES && (at !== newest || levels.length >= usual / 3))
    .sort(([a], [b]) => a - b)
    .map(([at, levels]) => ({ number: at, month: monthName(at), count: levels.length, log: medianOf(levels) }));
  let months: IndexMonth[] = [];
  for (const month of known) {
    const before = months.at(-1);
    const gap = before === undefined ? 0 : month.number - before.number - 1;
    if (gap > MAX_GAP) months = [];
    else if (before !== undefined) {
      for (let k = 1; k <= gap; k += 1) {
        const log = before.log + ((month.log - before.log) * k) / (gap + 1);
        months.push({ number: before.number + k, month: monthName(before.number + k), count: 0, log });
      }
    }
    months.push(month);
  }
  return months;
}

/** By how many percent the price rises with one percent of size (Theil–Sen over a fixed pairing), kept between 0.3 and 1.2. */
function sizeSlope(sales: readonly IndexedSale[]): number {
  const half = Math.floor(sales.length / 2);
  const sorted = [...sales].sort((a, b) => a.sqft! - b.sqft!);
  const slopes: number[] = [];
  for (let at = 0; at < half; at += 1) {
    const [small, large] = [sorted[at]!, sorted[at + half]!];
    const run = Math.log(large.sqft! / small.sqft!);
    if (run > 0.05) slopes.push(Math.log(large.price / small.price) / run);
  }
  return slopes.length === 0 ? 1 : Math.min(1.2, Math.max(0.3, medianOf(slopes)));
}

function refusal(usable: readonly IndexedSale[], months: number): MarketForecast {
  const seen = months === 0 ? new Set(usable.map(({ closeDate }) => closeDate.slice(0, 7))).size : months;
  return {
    available: false,
    statement: `No forecast: ${usable.length} sales with price and size over ${seen} months; at least ${MIN_SALES} sales and ${MIN_MONTHS} months in a row are needed.`,
    sales: usable.length,
    months: seen,
    needed: { sales: MIN_SALES, months: MIN_MONTHS },
  };
}

function statementOf(ahead: readonly MonthAhead[], coverage: number | null, backtests: number, from: string): string {
  const last = ahead.at(-1)!;
  const percent = (share: number) => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}%`;
  const worth =
    coverage === null
      ? `The series is too short to say how often such intervals held (${backtests} past forecasts).`
      : `On the series' own past ${(coverage * 100).toFixed(0)}% of ${backtests} such intervals held.`;
  return `In ${last.months} months ${percent(last.change)} against ${from}, with 80% between ${percent(last.low)} and ${percent(last.high)}. ${worth}`;
}

const monthNumber = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const monthName = (number: number): string =>
  `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
