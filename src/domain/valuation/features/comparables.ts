import { localValue } from '../market-history.ts';
import { positive, type ValuationFeature } from './feature.ts';

const feature = (
  name: string,
  unit: string,
  meaning: string,
  compute: ValuationFeature['compute'],
  nullPolicy: ValuationFeature['nullPolicy'] = 'zero',
): ValuationFeature => ({ name, unit, family: 'comparables', source: 'past sales', meaning, nullPolicy, compute });

/** What similar houses sold for before the day. Logarithms leave the level of prices out: it is added to the model’s output. */
export const COMPARABLE_FEATURES: readonly ValuationFeature[] = [
  feature(
    'hedonic_value',
    'logarithm of dollars',
    'Sum of what its traits and place are worth.',
    ({ past }) => past.hedonic,
  ),
  feature(
    'near_premium',
    'logarithm',
    'What the nearest sales fetched beyond their hedonic value.',
    ({ past }) => past.near.premium,
  ),
  feature('near_doubt', 'share 0-1', 'How little the nearest sales tell.', ({ past }) => past.near.doubt),
  feature(
    'near_value',
    'logarithm of dollars',
    'Hedonic value and the nearest sales’ premium.',
    ({ past }) => past.hedonic + past.near.premium,
  ),
  feature(
    'like_premium',
    'logarithm',
    'What the most similar sales fetched beyond their hedonic value.',
    ({ past }) => past.wide.premium,
  ),
  feature('like_doubt', 'share 0-1', 'How little the most similar sales tell.', ({ past }) => past.wide.doubt),
  feature(
    'like_value',
    'logarithm of dollars',
    'Hedonic value and the most similar sales’ premium.',
    ({ past }) => past.hedonic + past.wide.premium,
  ),
  feature('local_value', 'logarithm of dollars', 'Mean of the near and the like value.', ({ past }) =>
    localValue(past),
  ),
  feature(
    'nearest_sale_distance',
    'steps',
    'Distance to the nearest past sale, in place, traits and time.',
    ({ past }) => past.nearestDistance,
    'missing',
  ),
  feature(
    'price_per_sqft_around',
    'logarithm of dollars per square foot',
    'Median of the nearest sales, without the level of prices.',
    ({ past }) => past.neighbourLogPricePerSqft - past.level,
    'missing',
  ),
  feature(
    'living_area_to_neighbors',
    'logarithm',
    'How much larger it is than the houses that sold around it.',
    ({ past, facts }) => Math.log(positive(facts.sqft)) - past.neighbourLogSqft,
    'missing',
  ),
  feature(
    'parcel_group_premium',
    'logarithm',
    'Premium of its plat or block’s past sales.',
    ({ past }) => past.parcelGroup.mean,
  ),
  feature('parcel_group_sales', 'count', 'Past sales in its plat or block.', ({ past }) => past.parcelGroup.count),
  feature(
    'postal_code_premium',
    'logarithm',
    'Premium of its postal code’s past sales.',
    ({ past }) => past.postalCode.mean,
  ),
  feature(
    'subdivision_premium',
    'logarithm',
    'Premium of its subdivision’s past sales.',
    ({ past }) => past.subdivision.mean,
  ),
  feature('subdivision_sales', 'count', 'Past sales in its subdivision.', ({ past }) => past.subdivision.count),
];
