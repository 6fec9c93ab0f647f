/** How a value is read and what it must be. Amounts are dollars, areas square feet, shares 0–1. */
export type FieldType =
  | 'text'
  | 'above_zero'
  | 'amount'
  | 'number'
  | 'whole'
  | 'share'
  | 'date'
  | 'time'
  | 'flag'
  | 'condition';

/** One column of a feed. */
export interface FeedField {
  column: string;
  type: FieldType;
  isRequired: boolean;
  /** Other headers that mean it. Case, blanks and signs do not matter. */
  synonyms: readonly string[];
}

/** One upstream feed: where its rows go, and what makes a row. */
export interface Feed {
  name: FeedName;
  title: string;
  table: string;
  /** Columns that make a row the same row again. */
  key: readonly string[];
  fields: readonly FeedField[];
  /** The day that a row speaks of; its range and age are checked. */
  day: string;
  /** The column by which the newer of two rows wins, whichever arrives first. */
  newest?: string;
  /** Only rows that are there already are changed. */
  isUpdate?: boolean;
  /** After so many days without a newer row the feed is called stale. */
  freshDays: number;
}

export type FeedName =
  | 'mls_listings'
  | 'offer_events'
  | 'avm_values'
  | 'funnel_activity'
  | 'acquisition_pipeline'
  | 'renovation_tracker'
  | 'resales'
  | 'macro';

const field = (column: string, type: FieldType, ...synonyms: string[]): FeedField => ({
  column,
  type,
  isRequired: false,
  synonyms,
});
const required = (column: string, type: FieldType, ...synonyms: string[]): FeedField => ({
  ...field(column, type, ...synonyms),
  isRequired: true,
});

const market = required('market', 'text', 'market_name', 'metro', 'metro_area', 'cbsa', 'cbsa_name', 'msa', 'region');
const segment = field('segment', 'text', 'market_segment', 'property_type', 'property_sub_type', 'price_band');
const home = required('home_ref', 'text', 'home_id', 'property_ref', 'property_id', 'asset_id', 'house_id', 'unit_id');
const property = required('property_ref', 'text', 'property_id', 'home_ref', 'home_id', 'house_id', 'parcel_id', 'apn');
const area = field(
  'living_area_sqft',
  'above_zero',
  'living_area',
  'sqft',
  'square_feet',
  'sq_ft',
  'gross_living_area',
);
const renovation = [
  field('reno_status', 'text', 'renovation_status', 'rehab_status'),
  field('reno_condition', 'condition', 'renovation_condition', 'rehab_scope', 'renovation_scope', 'scope'),
  field(
    'reno_cost_actual',
    'amount',
    'renovation_cost',
    'reno_cost',
    'rehab_cost',
    'actual_cost',
    'renovation_cost_actual',
  ),
  field(
    'reno_completion_date',
    'date',
    'renovation_completion_date',
    'completion_date',
    'completed_on',
    'reno_completed',
  ),
];
const asOf = field(
  'as_of',
  'date',
  'as_of_date',
  'snapshot_date',
  'report_date',
  'updated_at',
  'updated_on',
  'last_updated',
);

/** The eight feeds of a home buyer. */
export const FEEDS: readonly Feed[] = [
  {
    name: 'mls_listings',
    title: 'MLS listings',
    table: 'raw.mls_listings',
    key: ['listing_id'],
    day: 'list_date',
    freshDays: 14,
    fields: [
      required('listing_id', 'text', 'mls_number', 'mls_id', 'mls', 'listing_key', 'listing_number'),
      market,
      segment,
      field('zip', 'text', 'postal_code', 'zip_code', 'zipcode', 'postcode'),
      field('list_price', 'above_zero', 'asking_price', 'listing_price', 'current_price'),
      field('sale_price', 'above_zero', 'close_price', 'sold_price', 'closed_price'),
      area,
      field('days_on_market', 'amount', 'dom', 'cumulative_days_on_market', 'cdom'),
      field('list_date', 'date', 'listing_contract_date', 'listed_on', 'on_market_date', 'listing_date'),
      field('close_date', 'date', 'sale_date', 'sold_date', 'closed_on', 'closing_date'),
    ],
  },
  {
    name: 'offer_events',
    title: 'Offers',
    table: 'raw.offer_events',
    key: ['event_id'],
    day: 'offered_at',
    freshDays: 7,
    fields: [
      required('event_id', 'text', 'offer_id', 'offer_event_id', 'id'),
      property,
      market,
      segment,
      required('offer_price', 'above_zero', 'offer_amount', 'offered_price', 'offer'),
      field('market_estimated_value', 'above_zero', 'estimated_market_value', 'estimated_value', 'avm_value', 'avm'),
      field('price_per_sqft', 'above_zero', 'ppsf', 'offer_price_per_sqft'),
      field('seller_accepted_offer', 'flag', 'accepted', 'is_accepted', 'offer_accepted', 'seller_accepted'),
      field('days_to_accept', 'amount', 'days_until_accepted', 'acceptance_days'),
      required(
        'offered_at',
        'time',
        'offer_date',
        'offer_time',
        'offered_on',
        'created_at',
        'occurred_at',
        'timestamp',
      ),
    ],
  },
  {
    name: 'avm_values',
    title: 'AVM values',
    table: 'raw.avm_values',
    key: ['property_ref', 'valued_at'],
    day: 'valued_at',
    freshDays: 30,
    fields: [
      property,
      market,
      segment,
      required(
        'estimated_value',
        'above_zero',
        'avm_value',
        'avm',
        'value',
        'valuation',
        'estimate',
        'market_estimated_value',
      ),
      field('confidence', 'share', 'confidence_score', 'avm_confidence'),
      required('valued_at', 'time', 'valuation_date', 'as_of', 'as_of_date', 'estimate_date', 'valued_on', 'timestamp'),
    ],
  },
  {
    name: 'funnel_activity',
    title: 'CRM funnel',
    table: 'raw.funnel_activity',
    key: ['market', 'segment', 'week'],
    day: 'week',
    freshDays: 14,
    fields: [
      market,
      segment,
      required('week', 'date', 'week_start', 'week_of', 'week_begin', 'week_starting', 'period'),
      required('lead_count', 'whole', 'leads', 'new_leads'),
      required('offer_count', 'whole', 'offers', 'offers_made'),
      required('accepted_offer_count', 'whole', 'accepted_offers', 'offers_accepted', 'accepted', 'contracts'),
      required('close_count', 'whole', 'closes', 'closings', 'closed', 'purchases'),
    ],
  },
  {
    name: 'acquisition_pipeline',
    title: 'Acquisition pipeline',
    table: 'raw.inventory_status',
    key: ['home_ref'],
    day: 'as_of',
    newest: 'as_of',
    freshDays: 7,
    fields: [
      home,
      market,
      segment,
      field('acquisition_date', 'date', 'acquired_on', 'purchase_date', 'bought_on', 'acquired_date'),
      required('acquisition_price', 'above_zero', 'purchase_price', 'bought_for', 'acquired_price', 'cost_basis'),
      field('days_held', 'amount', 'holding_days', 'days_in_inventory', 'days_owned'),
      field('inventory_days_on_market', 'amount', 'days_on_market', 'dom', 'resale_days_on_market'),
      ...renovation,
      field('estimated_hold_cost', 'amount', 'hold_cost', 'holding_cost', 'carrying_cost', 'carry_cost'),
      area,
      asOf,
    ],
  },
  {
    name: 'renovation_tracker',
    title: 'Renovation tracker',
    table: 'raw.inventory_status',
    key: ['home_ref'],
    day: 'as_of',
    newest: 'as_of',
    isUpdate: true,
    freshDays: 14,
    fields: [
      home,
      ...renovation.map((one) =>
        one.column === 'reno_status' ? { ...one, isRequired: true, synonyms: [...one.synonyms, 'status'] } : one,
      ),
      asOf,
    ],
  },
  {
    name: 'resales',
    title: 'Resales',
    table: 'raw.resales',
    key: ['home_ref'],
    day: 'close_date',
    freshDays: 30,
    fields: [
      home,
      market,
      segment,
      required('close_date', 'date', 'resale_date', 'sold_date', 'sale_date', 'closed_on', 'closing_date'),
      required('resale_price', 'above_zero', 'resold_for', 'sale_price', 'sold_price', 'close_price'),
      field('resale_margin_actual', 'number', 'margin', 'actual_margin', 'resale_margin', 'net_margin', 'profit'),
      field('days_to_sell', 'amount', 'days_on_market', 'dom', 'days_until_sold'),
    ],
  },
  {
    name: 'macro',
    title: 'Macro series',
    table: 'raw.macro',
    key: ['series', 'date'],
    day: 'date',
    freshDays: 120,
    fields: [
      required('series', 'text', 'series_id', 'series_name', 'indicator'),
      required('date', 'date', 'observation_date', 'period', 'day'),
      required('value', 'number', 'observation_value', 'reading'),
    ],
  },
];
