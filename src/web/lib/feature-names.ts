import { humanise } from './format.ts';

/** Beside each feature of the score; `test/web/feature-names.test.ts` holds the two together. */
export const FEATURE_NAMES: Record<string, string> = {
  asking_discount: 'Asking price against value',
  equity_since_sale: 'Value gained since the last sale',
  flip_roi: 'Return of a flip',
  offer_margin: 'Room under the highest offer',
  rental_yield: 'Rental yield',
  price_per_sqft_gap: 'Price per square foot',
  market_to_assessed: 'Value against assessment',
  owner_equity: 'The owner’s equity',
  tenure_years: 'Years since the last sale',
  days_on_market: 'Days on the market',
  renovation_upside: 'Room to renovate',
  size_upside: 'Size against neighbours',
  lot_to_living: 'Lot against living area',
  neighborhood_multiplier: 'Target neighbourhood',
  market_heat: 'Heat of the market',
  appreciation_annual: 'Trend of prices',
  price_to_income: 'Price against incomes',
  price_to_county_median: 'Price against the county',
  flood_risk: 'Flood risk',
  comparable_strength: 'Strength of the comparables',
  building_age: 'Age of the building',
};

/** A feature of the score in a reader's words, the same wherever it is shown. */
export function featureName(code: string): string {
  return FEATURE_NAMES[code] ?? humanise(code);
}
