import { isNumber } from './format.ts';
import type { MemoSale } from './input.ts';

/** One closed sale on the trend: days since 1970 and whole cents per square foot. */
export interface TrendPoint {
  day: number;
  centsPerSqft: number;
}

/** The middle of a calendar quarter's sales, by price and by day. */
export interface TrendQuarter extends TrendPoint {
  /** Counts quarters: four less is the same quarter a year before. */
  quarter: number;
  /** `2025 Q1`. */
  name: string;
  count: number;
}

/** Prices per square foot around the property over time. */
export interface PriceTrend {
  points: TrendPoint[];
  /** Quarters with at least three sales, oldest first. */
  quarters: TrendQuarter[];
}

const DAY_MS = 86_400_000;
/** A median of fewer sales tells of the houses, not of the market. */
const FEWEST_IN_QUARTER = 3;

/** Sales with a living area and a price as points, oldest first, and the medians of their quarters. */
export function priceTrend(sales: readonly MemoSale[]): PriceTrend {
  const points = sales
    .flatMap((sale) => {
      const day = Date.parse(sale.closeDate.slice(0, 10)) / DAY_MS;
      const isUsable =
        isNumber(day) &&
        isNumber(sale.sqft) &&
        sale.sqft > 0 &&
        isNumber(sale.closePriceCents) &&
        sale.closePriceCents > 0;
      return isUsable ? [{ day, centsPerSqft: sale.closePriceCents / (sale.sqft ?? 1) }] : [];
    })
    .toSorted((a, b) => a.day - b.day || a.centsPerSqft - b.centsPerSqft);
  const groups = new Map<number, TrendPoint[]>();
  for (const point of points) {
    const date = new Date(point.day * DAY_MS);
    const quarter = date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
    groups.set(quarter, [...(groups.get(quarter) ?? []), point]);
  }
  const quarters = [...groups]
    .filter(([, sold]) => sold.length >= FEWEST_IN_QUARTER)
    .toSorted(([a], [b]) => a - b)
    .map(([quarter, sold]) => quarterOf(quarter, sold));
  return { points, quarters };
}

function quarterOf(quarter: number, sold: readonly TrendPoint[]): TrendQuarter {
  return {
    quarter,
    name: `${Math.floor(quarter / 4)} Q${(quarter % 4) + 1}`,
    count: sold.length,
    day: median(sold.map(({ day }) => day)),
    centsPerSqft: median(sold.map(({ centsPerSqft }) => centsPerSqft)),
  };
}

/** The middle value, or the mean of the two in the middle. Not a number for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** The value below which a share (0–1) of the sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}
