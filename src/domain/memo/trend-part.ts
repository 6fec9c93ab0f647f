import { drawTrendChart } from './charts/trend-chart.ts';
import { formatCents, formatDistance, formatPercent, isNumber } from './format.ts';
import type { MemoInput, MemoSale } from './input.ts';
import { centsPerSqft } from './metrics-part.ts';
import { referenceLabel } from './price.ts';
import { type PriceTrend, priceTrend } from './price-trend.ts';
import { sourceName } from './sourced.ts';

/** Prices nearby over time: the chart, what it says in words, and where the sales came from. */
export interface TrendPart {
  /** SVG, or null for too few sales. */
  chart: string | null;
  sentence: string;
  source: string;
}

/** The trend of prices around the property, from the sales nearby or, without them, from the comparables. */
export function trendPart(input: MemoInput): TrendPart {
  const sales: readonly MemoSale[] = input.nearbySales ?? input.comparables;
  const trend = priceTrend(sales);
  const drawn = drawTrendChart(trend, {
    name: `${referenceLabel(input.score)} of this property`,
    centsPerSqft: centsPerSqft(input),
  });
  return {
    chart: drawn,
    sentence:
      drawn === null
        ? 'Too few closed sales with a living area are known nearby to show how prices moved.'
        : trendSentence(trend),
    source: salesSource(sales, input.salesSources),
  };
}

/** How the last quarter's median stands to the one a year before, or to the first there is. */
function trendSentence({ quarters, points }: PriceTrend): string {
  const last = quarters.at(-1);
  if (last === undefined) return `${points.length} closed sales nearby; no quarter has enough of them for a median.`;
  const now = `Median of ${last.count} sales in ${last.name}: ${formatCents(last.centsPerSqft)} per sq ft`;
  const yearBefore = quarters.find(({ quarter }) => quarter === last.quarter - 4);
  const before = yearBefore ?? quarters.at(0);
  if (before === undefined || before === last) return `${now}.`;
  const change = last.centsPerSqft / before.centsPerSqft - 1;
  const share = formatPercent(Math.abs(change));
  const move = Math.abs(change) < 0.0005 ? 'level with' : `${share} ${change > 0 ? 'above' : 'below'}`;
  return `${now}, ${move} ${before.name}.`;
}

/** Where closed sales came from, how many and how far, in one line. */
export function salesSource(sales: readonly { distanceMetres: number }[], sources: readonly string[] = []): string {
  const names = [...new Set(sources.map(sourceName))].toSorted();
  const furthest = Math.max(0, ...sales.map((sale) => sale.distanceMetres).filter(isNumber));
  const count = `${sales.length} closed ${sales.length === 1 ? 'sale' : 'sales'}`;
  const reach = furthest > 0 ? ` within ${formatDistance(furthest)}` : '';
  return `${names.length === 0 ? 'Recorded sales' : names.join(', ')}: ${count}${reach}`;
}
