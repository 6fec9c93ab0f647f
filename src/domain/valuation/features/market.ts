import type { ValuationFeature } from './feature.ts';

const feature = (
  name: string,
  unit: string,
  meaning: string,
  compute: ValuationFeature['compute'],
): ValuationFeature => ({ name, unit, family: 'market', source: 'past sales', meaning, nullPolicy: 'zero', compute });

/** How the market stood on that day, told by sales before it. */
export const MARKET_FEATURES: readonly ValuationFeature[] = [
  feature('price_level', 'logarithm', 'Level of prices against the average of training.', ({ past }) => past.level),
  feature(
    'price_level_change_90d',
    'logarithm',
    'Change of the level in the last 90 days.',
    ({ past }) => past.levelChange90,
  ),
  feature(
    'sales_last_90d',
    'share of all',
    'Sales of the last 90 days as a share of all before the day.',
    ({ past }) => (past.sales > 0 ? past.salesLast90 / past.sales : 0),
  ),
];
