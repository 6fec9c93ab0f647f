import type { SqlType } from './warehouse.ts';

/** A column as every warehouse has it. */
export type ColumnType = SqlType | 'boolean';

const named = (type: ColumnType, ...names: string[]) => Object.fromEntries(names.map((name) => [name, type]));
const place = named('text', 'market', 'segment');

/** Tables that files and foreign warehouses may bring, with the columns of contracts. Money in dollars, areas in sqft. */
export const WAREHOUSE_TABLES: Readonly<Record<string, Readonly<Record<string, ColumnType>>>> = {
  'raw.mls_listings': {
    ...place,
    ...named('text', 'listing_id', 'zip'),
    ...named('float8', 'list_price', 'sale_price', 'living_area_sqft', 'days_on_market'),
    ...named('date', 'list_date', 'close_date'),
  },
  'raw.offer_events': {
    ...place,
    ...named('text', 'event_id', 'property_ref'),
    ...named('float8', 'offer_price', 'market_estimated_value', 'price_per_sqft', 'days_to_accept'),
    seller_accepted_offer: 'boolean',
    offered_at: 'timestamptz',
  },
  'raw.funnel_activity': {
    ...place,
    week: 'date',
    ...named('int', 'lead_count', 'offer_count', 'accepted_offer_count', 'close_count'),
  },
  'raw.inventory_status': {
    ...place,
    ...named('text', 'home_ref', 'reno_status', 'reno_condition'),
    ...named('date', 'acquisition_date', 'reno_completion_date', 'as_of'),
    ...named('float8', 'acquisition_price', 'days_held', 'inventory_days_on_market', 'reno_cost_actual'),
    ...named('float8', 'estimated_hold_cost', 'living_area_sqft'),
  },
  'raw.avm_values': {
    ...place,
    property_ref: 'text',
    ...named('float8', 'estimated_value', 'confidence'),
    valued_at: 'timestamptz',
  },
  'raw.resales': {
    ...place,
    home_ref: 'text',
    close_date: 'date',
    ...named('float8', 'resale_price', 'resale_margin_actual', 'days_to_sell'),
  },
  'raw.macro': { series: 'text', date: 'date', value: 'float8' },
  'mart.market_metrics': {
    ...place,
    grain: 'text',
    week: 'date',
    ...named('float8', 'median_sale_price', 'median_list_price', 'days_on_market', 'homes_sold', 'new_listings'),
    ...named('float8', 'inventory_count', 'list_to_sale_ratio', 'price_per_sqft', 'offer_count', 'offer_price_avg'),
    ...named('float8', 'market_estimated_value_avg', 'acceptance_rate', 'acceptance_rate_change', 'lead_count'),
    ...named('float8', 'accepted_offer_count', 'close_count', 'lead_to_offer_rate', 'offer_to_close_rate'),
    ...named('float8', 'home_value_index', 'rent_index'),
  },
  'mart.deal_pl': {
    ...place,
    ...named('text', 'home_ref', 'status', 'reno_condition'),
    ...named('date', 'acquisition_date', 'close_date'),
    ...named('float8', 'arv', 'acquisition_price', 'reno_cost', 'hold_cost', 'net_margin', 'resale_margin_actual'),
    ...named('float8', 'days_held', 'days_to_sell', 'living_area_sqft', 'valuation_confidence'),
  },
};
