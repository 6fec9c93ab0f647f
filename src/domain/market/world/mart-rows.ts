import type { World, WorldRow, WorldWeek } from './shape.ts';

/** The world as rows of mart.market_metrics, as the transforms would compute them. Offers are unknown where their feed is. */
export function marketMetricRows(world: World): WorldRow[] {
  let before: WorldWeek | undefined;
  return world.weeks.map((one) => {
    const previous = before?.market === one.market && before.hasOffers ? before : undefined;
    before = one;
    return {
      market: one.market,
      segment: 'all',
      grain: 'week',
      week: one.week,
      median_sale_price: one.medianSalePrice,
      median_list_price: one.medianListPrice,
      days_on_market: one.daysOnMarket,
      homes_sold: one.homesSold,
      new_listings: one.newListings,
      inventory_count: one.inventory,
      list_to_sale_ratio: one.medianSalePrice / one.medianListPrice,
      price_per_sqft: one.medianSalePrice / one.sqft,
      ...offerColumns(one, previous),
      home_value_index: null,
      rent_index: null,
    };
  });
}

function offerColumns(one: WorldWeek, previous: WorldWeek | undefined): WorldRow {
  const known = (value: number | null) => (one.hasOffers ? value : null);
  const share = (count: number, of: number) => (of > 0 ? count / of : null);
  const rate = share(one.accepted, one.offers);
  const rateBefore = previous === undefined ? null : share(previous.accepted, previous.offers);
  return {
    offer_count: known(one.offers),
    offer_price_avg: known(one.offerPrice),
    market_estimated_value_avg: known(one.estimatedValue),
    acceptance_rate: known(rate),
    acceptance_rate_change: known(rate === null || rateBefore === null ? null : rate - rateBefore),
    lead_count: known(one.leads),
    accepted_offer_count: known(one.accepted),
    close_count: known(one.closings),
    lead_to_offer_rate: known(share(one.offers, one.leads)),
    offer_to_close_rate: known(share(one.closings, one.offers)),
  };
}
