/** What a column of `mart.market_metrics` measures. */
export interface MarketMetric {
  /** Column, and the name in questions and answers. */
  name: string;
  unit: 'dollars' | 'dollars_per_sqft' | 'days' | 'homes' | 'offers' | 'leads' | 'ratio' | 'index';
  /** Whether more of it is good for who sells homes: +1, or bad: −1, or neither: 0. */
  direction: 1 | -1 | 0;
  /** Whether it is compared on a logarithmic scale: amounts are, shares are not. */
  isLogarithmic: boolean;
  label: string;
}

const metric = (
  name: string,
  unit: MarketMetric['unit'],
  direction: MarketMetric['direction'],
  label: string,
): MarketMetric => ({ name, unit, direction, isLogarithmic: unit !== 'ratio', label });

/** Every figure of a market's snapshot. Money in dollars, areas in square feet, shares 0–1. */
export const MARKET_METRICS = [
  metric('median_sale_price', 'dollars', 1, 'Median sale price'),
  metric('median_list_price', 'dollars', 1, 'Median list price'),
  metric('days_on_market', 'days', -1, 'Median days on market'),
  metric('homes_sold', 'homes', 1, 'Homes sold'),
  metric('new_listings', 'homes', 0, 'New listings'),
  metric('inventory_count', 'homes', -1, 'Homes for sale'),
  metric('list_to_sale_ratio', 'ratio', 1, 'Sale price to list price'),
  metric('price_per_sqft', 'dollars_per_sqft', 1, 'Median price per square foot'),
  metric('offer_count', 'offers', 0, 'Offers made'),
  metric('offer_price_avg', 'dollars', 0, 'Mean offer'),
  metric('market_estimated_value_avg', 'dollars', 1, 'Mean estimated value of homes offered on'),
  metric('acceptance_rate', 'ratio', 0, 'Share of answered offers that were accepted'),
  metric('lead_count', 'leads', 1, 'Leads'),
  metric('accepted_offer_count', 'offers', 1, 'Offers accepted'),
  metric('close_count', 'homes', 1, 'Purchases closed'),
  metric('lead_to_offer_rate', 'ratio', 1, 'Offers per lead'),
  metric('offer_to_close_rate', 'ratio', 1, 'Closings per offer'),
  metric('home_value_index', 'index', 1, 'Published home value or price index'),
  metric('rent_index', 'index', 1, 'Published rent index'),
] as const satisfies readonly MarketMetric[];

/** Names of the figures. */
export const METRIC_NAMES = MARKET_METRICS.map(({ name }) => name);

/** The figure of that name; undefined for another word. */
export function marketMetric(name: string): MarketMetric | undefined {
  return MARKET_METRICS.find((one) => one.name === name);
}

/** How long one period of a grain is, in days, and how many make a year. */
export const GRAINS = {
  week: { days: 7, perYear: 52 },
  month: { days: 30.4375, perYear: 12 },
  quarter: { days: 91.3125, perYear: 4 },
} as const;
export type Grain = keyof typeof GRAINS;
