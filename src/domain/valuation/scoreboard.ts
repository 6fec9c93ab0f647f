import { percentageErrors } from './metrics.ts';
import { medianOf } from './quantile.ts';

/** A valuation beside the sale that followed it; any one unit of money. */
export interface ValuedSale {
  price: number;
  value: number;
  low50: number;
  high50: number;
  low80: number;
  high80: number;
  low90: number;
  high90: number;
}

/** How a model's valuations came true. Shares and errors are fractions. */
export interface Track {
  count: number;
  median_error: number;
  within_10: number;
  within_20: number;
  coverage_50: number;
  coverage_80: number;
  coverage_90: number;
  /** Median of value / price. */
  median_ratio: number;
}

/** Fewer outcomes than this say little: the scoreboard says so beside the numbers. */
export const FEW_OUTCOMES = 30;

/** Counts how a model's valuations came true; null without any. */
export function trackOf(sales: readonly ValuedSale[]): Track | null {
  const valid = sales.filter(({ price, value }) => price > 0 && value > 0);
  if (valid.length === 0) return null;
  const prices = valid.map(({ price }) => price);
  const errors = percentageErrors(
    valid.map(({ value }) => value),
    prices,
  );
  const shareOf = (holds: (sale: ValuedSale, at: number) => boolean) => valid.filter(holds).length / valid.length;
  const inside = (low: 'low50' | 'low80' | 'low90', high: 'high50' | 'high80' | 'high90') =>
    shareOf((sale) => sale.price >= sale[low] && sale.price <= sale[high]);
  return {
    count: valid.length,
    median_error: medianOf(errors),
    within_10: shareOf((_, at) => errors[at]! <= 0.1),
    within_20: shareOf((_, at) => errors[at]! <= 0.2),
    coverage_50: inside('low50', 'high50'),
    coverage_80: inside('low80', 'high80'),
    coverage_90: inside('low90', 'high90'),
    median_ratio: medianOf(valid.map(({ price, value }) => value / price)),
  };
}

/** What the scoreboard says where nothing, or little, has come true yet. */
export function scoreboardStatement(outcomes: number, waiting: { valuations: number; properties: number }): string {
  if (outcomes >= FEW_OUTCOMES) return `${outcomes} valuations were followed by a sale.`;
  if (outcomes > 0) {
    return `Only ${outcomes} valuations were followed by a sale; below ${FEW_OUTCOMES} the numbers say little.`;
  }
  if (waiting.valuations === 0) {
    return 'No property has been valued by a model yet, so nothing can come true. Train one: reos train';
  }
  return `None of the ${waiting.properties} valued properties has sold since. From ${FEW_OUTCOMES} sales on the numbers say something.`;
}
