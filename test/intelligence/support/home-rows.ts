import { createRandom } from '../../../src/domain/valuation/random.ts';
import { shiftDays } from '../../../src/intelligence/periods.ts';
import type { WarehouseRows } from './twin-warehouses.ts';

/** The day that the made-up homes stand at. */
export const HOME_DAY = '2026-03-10';

const CONDITIONS = ['cosmetic', 'moderate', 'full_gut'] as const;

/** Homes, offers, valuations, resales and funnels of a few invented markets: the same for the same seed. */
export function homeRows(markets: readonly string[], seed = 11, homes = 60): WarehouseRows {
  const random = createRandom(seed);
  const between = (low: number, high: number) => low + random.unit() * (high - low);
  const deals: Array<Record<string, string | number | null>> = [];
  const resales: Array<Record<string, string | number>> = [];
  const avm: Array<Record<string, string | number>> = [];
  const offers: Array<Record<string, string | number | boolean | null>> = [];
  const funnel: Array<Record<string, string | number>> = [];
  const metrics: Array<Record<string, string | number>> = [];
  for (const market of markets) {
    for (let i = 0; i < homes; i += 1) {
      const ref = `${market.slice(0, 2)}-${i}`;
      const segment = i % 4 === 0 ? 'condo' : 'single_family';
      const status = i % 6 === 0 ? 'prospect' : i % 3 === 0 ? 'held' : 'sold';
      const worth = Math.round(between(200_000, 600_000));
      const price = Math.round(worth * between(0.78, 0.92));
      const sqft = Math.round(worth / 220);
      const reno = Math.round(sqft * [15, 40, 90][i % 3]! * between(0.7, 1.4));
      const held = Math.round(between(20, 240));
      const hold = Math.round(held * 45);
      const closed = shiftDays(HOME_DAY, -Math.round(between(1, 330)));
      const bought = status === 'sold' ? shiftDays(closed, -held) : shiftDays(HOME_DAY, -held);
      const isSure = i % 5 !== 0;
      deals.push({
        home_ref: ref,
        market,
        segment,
        status,
        acquisition_date: status === 'prospect' ? null : bought,
        close_date: status === 'sold' ? closed : null,
        arv: worth,
        acquisition_price: price,
        reno_condition: CONDITIONS[i % 3]!,
        reno_cost: reno,
        hold_cost: hold,
        net_margin: worth - price - reno - hold,
        days_held: status === 'prospect' ? null : held,
        days_to_sell: status === 'sold' ? Math.round(held / 3) : null,
        living_area_sqft: sqft,
        valuation_confidence: isSure ? Number(between(0.4, 0.95).toFixed(3)) : null,
      });
      const offered = shiftDays(status === 'sold' ? bought : HOME_DAY, -Math.round(between(3, 40)));
      offers.push({
        event_id: `offer ${ref}`,
        property_ref: ref,
        market,
        segment,
        offer_price: price,
        market_estimated_value: Math.round(worth * between(0.93, 1.09)),
        seller_accepted_offer: i % 6 === 0 ? null : i % 7 !== 0,
        offered_at: `${offered}T15:30:00Z`,
      });
      if (status !== 'sold') continue;
      resales.push({ home_ref: ref, market, segment, close_date: closed, resale_price: worth, days_to_sell: held });
      for (const [days, error] of [
        [-90, 0.2],
        [-20, 0.06],
        [5, 0.001],
      ] as const) {
        avm.push({
          property_ref: ref,
          market,
          segment,
          estimated_value: Math.round(worth * (1 + between(-error, error * 1.3))),
          confidence: 0.8,
          valued_at: `${shiftDays(closed, days)}T23:10:00Z`,
        });
      }
    }
    for (let week = 0; week < 75; week += 1) {
      const day = shiftDays('2026-03-02', -7 * week);
      const leads = Math.round(between(90, 120));
      const made = Math.round(leads * (week < 4 && market === markets[0] ? 0.3 : 0.5) * between(0.95, 1.05));
      const accepted = Math.round(made * between(0.28, 0.34));
      const counts = { lead_count: leads, offer_count: made, accepted_offer_count: accepted };
      funnel.push({ market, segment: 'all', week: day, ...counts, close_count: Math.round(accepted * 0.8) });
      const rate = between(0.25, 0.35);
      metrics.push({ market, segment: 'all', grain: 'week', week: day, offer_count: made, acceptance_rate: rate });
    }
  }
  return {
    'mart.deal_pl': deals,
    'raw.resales': resales,
    'raw.avm_values': avm,
    'raw.offer_events': offers,
    'raw.funnel_activity': funnel,
    'mart.market_metrics': metrics,
  };
}
