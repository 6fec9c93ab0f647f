import { dateOfDay, dayNumber } from '../../valuation/days.ts';
import { createRandom, type Random } from '../../valuation/random.ts';
import { between, normal, shuffled, spread } from './draws.ts';
import { homeRows } from './home-rows.ts';
import type { World, WorldRow, WorldWeek } from './shape.ts';

/** Values around a median, laid out evenly so that their median is it: a small sample does not blur what was put in. */
function laidOut(random: Random, count: number, median: number, sigma: number): number[] {
  return shuffled(random, count).map((at) => median * Math.exp(sigma * spread((at + 0.5) / count)));
}

/**
 * The world as rows of raw.*, by table: listings whose closings and stock are those of the weeks, offers, funnel, valuations,
 * homes held and resold, macro series. Days on market are laid around the week's figure, whatever the listing date.
 */
export function rawRows(world: World, seed: number): Record<string, WorldRow[]> {
  const random = createRandom(seed ^ 0x5eed);
  const tables: Record<string, WorldRow[]> = {
    'raw.mls_listings': [],
    'raw.offer_events': [],
    'raw.funnel_activity': [],
    'raw.inventory_status': [],
    'raw.avm_values': [],
    'raw.resales': [],
    'raw.macro': world.macro.map(({ series, date, value }) => ({ series, date, value })),
  };
  for (const [number, { market }] of world.profiles.entries()) {
    const weeks = world.weeks.filter((week) => week.market === market);
    tables['raw.mls_listings']!.push(...listingRows(random, weeks, number + 1));
    for (const week of weeks) {
      if (!week.hasOffers) continue;
      tables['raw.offer_events']!.push(...offerRows(random, week, number + 1));
      tables['raw.funnel_activity']!.push({
        market,
        segment: 'all',
        week: week.week,
        lead_count: week.leads,
        offer_count: week.offers,
        accepted_offer_count: week.accepted,
        close_count: week.closings,
      });
    }
    const homes = homeRows(random, weeks, number + 1);
    for (const [table, rows] of Object.entries(homes)) tables[table]!.push(...rows);
  }
  return tables;
}

function listingRows(random: Random, weeks: readonly WorldWeek[], marketNumber: number): WorldRow[] {
  const rows: WorldRow[] = [];
  const open: WorldRow[] = [];
  for (const [at, week] of weeks.entries()) {
    const monday = dayNumber(week.week);
    const areas = laidOut(random, week.newListings, week.sqft, 0.08);
    for (const sqft of areas) {
      const row: WorldRow = {
        market: week.market,
        segment: 'all',
        listing_id: `L${marketNumber}-${rows.length + 1}`,
        zip: String(10_000 + marketNumber * 100 + random.below(40)),
        list_price: Math.round(week.medianListPrice * Math.exp(0.09 * normal(random))),
        sale_price: null,
        living_area_sqft: Math.round(sqft),
        days_on_market: null,
        // What is there at the start was listed in the quarter before.
        list_date: dateOfDay(at === 0 ? monday - random.below(90) : monday + random.below(5)),
        close_date: null,
      };
      rows.push(row);
      open.push(row);
    }
    const prices = laidOut(random, week.homesSold, week.medianSalePrice, 0.09);
    const days = laidOut(random, week.homesSold, week.daysOnMarket, 0.4);
    for (const [sale, price] of prices.entries()) {
      // Mostly the oldest: one of the first half of what is open.
      const [row] = open.splice(random.below(Math.max(1, open.length >> 1)), 1);
      if (row === undefined) break;
      row.sale_price = Math.round(price);
      row.list_price = Math.round(price / (week.medianSalePrice / week.medianListPrice));
      row.living_area_sqft = Math.round(week.sqft * (price / week.medianSalePrice));
      row.days_on_market = Math.max(1, Math.round(days[sale]!));
      row.close_date = dateOfDay(monday + Math.min(6, Math.max(5, random.below(7))));
    }
  }
  return rows;
}

function offerRows(random: Random, week: WorldWeek, marketNumber: number): WorldRow[] {
  const monday = dayNumber(week.week);
  const order = shuffled(random, week.offers);
  return order.map((place, at) => {
    const value = week.estimatedValue * Math.exp(0.1 * spread((at + 0.5) / week.offers));
    const isAccepted = place < week.accepted;
    const minute = random.below(24 * 60);
    const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`;
    const price = Math.round(value * (week.offerPrice / week.estimatedValue));
    return {
      market: week.market,
      segment: 'all',
      event_id: `O${marketNumber}-${week.week}-${at + 1}`,
      property_ref: `P${marketNumber}-${week.week}-${at + 1}`,
      offer_price: price,
      market_estimated_value: Math.round(value),
      price_per_sqft: Number((price / week.sqft).toFixed(2)),
      days_to_accept: isAccepted ? Number(between(random, 0.5, 9).toFixed(1)) : null,
      seller_accepted_offer: isAccepted,
      offered_at: `${dateOfDay(monday + random.below(7))}T${clock}Z`,
    };
  });
}
