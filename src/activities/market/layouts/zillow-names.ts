import { ReosError } from '../../../domain/errors.ts';

/** What a file of Zillow says of itself by its name. */
export interface ZillowName {
  metric: string;
  segment: string;
  publisher: string;
  /** `metro`, `zip` …; undefined where the name does not say it. */
  level: string | undefined;
  isWeekly: boolean;
}

/** How smoothed and seasonally adjusted the file is that Zillow itself quotes, where a measure comes in several. */
type Flavour = 'sm_sa' | 'sm' | 'sa' | 'raw';

interface Measure {
  words: RegExp;
  metric: string;
  quoted?: Flavour;
  /** A mean, where the mart's figure is a median of the same. */
  isMean?: boolean;
}

/**
 * Zillow's names of its measures (zillow.com/research/data), newest and oldest spelling, and the figure each is. The first
 * that fits counts. What no tool asks for keeps a name of its own.
 */
const MEASURES: readonly Measure[] = [
  { words: /zhvi/, metric: 'home_value_index', quoted: 'sm_sa' },
  { words: /zordi/, metric: 'renter_demand_index' },
  { words: /zori|(^|_)zri(_|$)/, metric: 'rent_index' },
  { words: /market_temp_index/, metric: 'market_temperature', quoted: 'raw' },
  { words: /invt_fs|inventorymeasure|for_sale_inventory/, metric: 'inventory_count' },
  { words: /sales_count|sale_counts/, metric: 'homes_sold', quoted: 'raw' },
  { words: /new_pending/, metric: 'pending_sales' },
  { words: /new_listings/, metric: 'new_listings' },
  { words: /median_?listing_?price_?per_?sq_?ft/, metric: 'list_price_per_sqft' },
  { words: /(^|_)mlp(_|$)|median_?listing_?price/, metric: 'median_list_price' },
  { words: /median_sale_price_per_sqft/, metric: 'price_per_sqft' },
  { words: /mean_sale_price/, metric: 'median_sale_price', isMean: true },
  { words: /median_sale_price|sale_prices/, metric: 'median_sale_price' },
  { words: /med(ian)?_doz_pending|daysonzillow/, metric: 'days_on_market' },
  { words: /mean_doz_pending/, metric: 'days_on_market', isMean: true },
  { words: /med(ian)?_days_to_close/, metric: 'median_days_to_close' },
  { words: /mean_days_to_close/, metric: 'mean_days_to_close' },
  { words: /perc_listings_price_cut/, metric: 'price_drops' },
  { words: /listings_price_cut_amt/, metric: 'price_cut_amount' },
  { words: /listings_price_cut_perc/, metric: 'price_cut_share' },
  { words: /mean_sale_to_list/, metric: 'list_to_sale_ratio', isMean: true },
  { words: /sale_to_list/, metric: 'list_to_sale_ratio' },
  { words: /pct_sold_above_list/, metric: 'sold_above_list' },
  { words: /pct_sold_below_list/, metric: 'sold_below_list' },
  { words: /total_transaction_value/, metric: 'total_transaction_value' },
  { words: /total_monthly_payment/, metric: 'total_monthly_payment' },
  { words: /mortgage_payment/, metric: 'mortgage_payment' },
  { words: /new_homeowner_income_needed/, metric: 'new_homeowner_income_needed' },
  { words: /new_renter_income_needed/, metric: 'new_renter_income_needed' },
  { words: /new_homeowner_affordability/, metric: 'new_homeowner_affordability' },
  { words: /new_renter_affordability/, metric: 'new_renter_affordability' },
  { words: /affordable_(home_)?price/, metric: 'affordable_price' },
  { words: /years_to_save/, metric: 'years_to_save' },
  { words: /median_?rental_?price/, metric: 'median_rent' },
  { words: /price_?to_?rent/, metric: 'price_to_rent_ratio' },
];

/** Every figure that a Zillow file can be said to measure. */
export const ZILLOW_METRICS: readonly string[] = [...new Set(MEASURES.map(({ metric }) => metric))];

const LEVELS = ['country', 'metro', 'state', 'county', 'city', 'zip', 'neighborhood'] as const;

/**
 * Reads the name of a file as Zillow builds it: `Metro_zhvi_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv`, and the older
 * `Zip_Zhvi_SingleFamilyResidence.csv`. Prefixes and dates that somebody added do not matter.
 * @returns null when no measure is named
 * @throws ReosError `validation` for Zillow's forecasts: what has not been is no figure of a market
 */
export function readZillowName(file: string): ZillowName | null {
  const name = file
    .toLowerCase()
    .replace(/(\.(csv|tsv|txt|gz|json|jsonl|ndjson|parquet))+$/, '')
    .replaceAll(/[\s-]+/g, '_');
  if (/zhvf|zorf/.test(name)) {
    throw new ReosError('validation', `${file} is a forecast of Zillow. Only figures of periods that were are loaded.`);
  }
  const measure = MEASURES.find(({ words }) => words.test(name));
  if (measure === undefined) return null;
  const level = LEVELS.find((one) => new RegExp(`(^|_)${one}(_|$)`).test(name));
  const flavour = flavourOf(name);
  const words = [
    'zillow',
    ...(measure.isMean === true ? ['mean'] : []),
    ...(flavour === undefined || flavour === (measure.quoted ?? 'sm') ? [] : [FLAVOUR_WORDS[flavour]]),
  ];
  return {
    metric: measure.metric,
    segment: segmentOfName(name),
    publisher: words.join('_'),
    level,
    isWeekly: /(^|_)week(ly)?(_|$)/.test(name),
  };
}

const FLAVOUR_WORDS: Readonly<Record<Flavour, string>> = {
  sm_sa: 'smoothed_adjusted',
  sm: 'smoothed',
  sa: 'adjusted',
  raw: 'raw',
};

function flavourOf(name: string): Flavour | undefined {
  if (/_sm_sa(_|$)|_ssa(_|$)/.test(name)) return 'sm_sa';
  if (/_sm(_|$)/.test(name)) return 'sm';
  if (/_sa(_|$)/.test(name)) return 'sa';
  return /_raw(_|$)|_uc_/.test(name) ? 'raw' : undefined;
}

/** `all`, or what the file is limited to: `sfr`, `condo`, `top-tier`, `3-bedroom`, `downpayment-0.05` …, joined by hyphens. */
function segmentOfName(name: string): string {
  const parts: string[] = [];
  if (/(^|_)new_con(_|$)/.test(name)) parts.push('new-construction');
  const rooms = /bdrmcnt_(\d)|(?:^|_)(\d)_?bedroom/.exec(name);
  if (rooms !== null) parts.push(`${rooms[1] ?? rooms[2]}-bedroom`);
  const isMixed = /sfrcondo|allhomes/.test(name);
  if (!isMixed && /(^|_)sfr(_|$)|single_?family/.test(name)) parts.push('sfr');
  if (!isMixed && /(^|_)condo/.test(name)) parts.push('condo');
  if (!isMixed && /(^|_)mfr(_|$)|multi_?family/.test(name)) parts.push('mfr');
  const tier = /tier_(\d\.\d+)_(\d\.\d+)/.exec(name);
  const [low, high] = [Number(tier?.[1] ?? 0.33), Number(tier?.[2] ?? 0.67)];
  if (low >= 0.65 || /(top|upper)_?tier/.test(name)) parts.push('top-tier');
  else if (high <= 0.36 || /(bottom|lower)_?tier/.test(name)) parts.push('bottom-tier');
  else if (low !== 0.33 || high !== 0.67) parts.push(`tier-${low}-${high}`);
  const down = /downpayment_(\d\.\d+)/.exec(name);
  if (down !== null && Number(down[1]) !== 0.2) parts.push(`downpayment-${down[1]}`);
  return parts.length === 0 ? 'all' : parts.join('-');
}
