import { dateOfDay, dayNumber } from '../../valuation/days.ts';
import type { Random } from '../../valuation/random.ts';
import { between, normal } from './draws.ts';
import type { WorldRow, WorldWeek } from './shape.ts';

const CONDITIONS = [
  { name: 'cosmetic', share: 0.55, perSqft: 14 },
  { name: 'moderate', share: 0.85, perSqft: 32 },
  { name: 'full_gut', share: 1, perSqft: 68 },
] as const;
/** Cost of a day of holding, as a share of the price. */
const HOLD_SHARE_PER_DAY = 0.00022;

/** The homes bought in the weeks, by their closings: how they are held, repaired, valued and sold again. */
export function homeRows(
  random: Random,
  weeks: readonly WorldWeek[],
  marketNumber: number,
): Record<string, WorldRow[]> {
  const held: WorldRow[] = [];
  const resales: WorldRow[] = [];
  const values: WorldRow[] = [];
  const end = dayNumber(weeks.at(-1)!.week) + 6;
  for (const [at, week] of weeks.entries()) {
    // A market's purchases are thinned to a few a week: enough for every margin.
    for (let n = 0; n < Math.min(5, week.closings); n += 1) {
      const place = { market: week.market, segment: 'all' };
      const home = `H${marketNumber}-${at + 1}-${n + 1}`;
      const bought = dayNumber(week.week) + random.below(5);
      const price = week.offerPrice * Math.exp(0.09 * normal(random)) * 0.93;
      const draw = random.unit();
      const condition = CONDITIONS.find(({ share }) => draw < share)!;
      const sqft = Math.round(week.sqft * Math.exp(0.1 * normal(random)));
      const cost = condition.perSqft * sqft * Math.exp(0.18 * normal(random));
      const readyDays = Math.round((12 + condition.perSqft) * between(random, 0.8, 1.5));
      const sellDays = Math.round(week.daysOnMarket * between(random, 0.5, 1.8)) + 25;
      const sold = bought + readyDays + sellDays;
      const isSold = sold <= end;
      const days = Math.min(end, sold) - bought;
      const holdCost = price * HOLD_SHARE_PER_DAY * days;
      const worth = (price / 0.86) * (1 + 0.4 * (cost / price)) * Math.exp(0.05 * normal(random));
      held.push({
        ...place,
        home_ref: home,
        reno_status: bought + readyDays <= end ? 'complete' : 'in_progress',
        reno_condition: condition.name,
        acquisition_date: dateOfDay(bought),
        reno_completion_date: bought + readyDays <= end ? dateOfDay(bought + readyDays) : null,
        as_of: dateOfDay(Math.min(end, sold)),
        acquisition_price: Math.round(price),
        days_held: days,
        inventory_days_on_market: Math.max(0, days - readyDays),
        reno_cost_actual: Math.round(cost),
        estimated_hold_cost: Math.round(holdCost),
        living_area_sqft: sqft,
      });
      values.push({
        ...place,
        property_ref: home,
        estimated_value: Math.round(worth * Math.exp(0.04 * normal(random))),
        confidence: Number(between(random, 0.6, 0.95).toFixed(2)),
        valued_at: `${dateOfDay(bought)}T06:00:00Z`,
      });
      if (!isSold) continue;
      resales.push({
        ...place,
        home_ref: home,
        close_date: dateOfDay(sold),
        resale_price: Math.round(worth),
        resale_margin_actual: Math.round(worth - price - cost - holdCost),
        days_to_sell: sellDays,
      });
    }
  }
  return { 'raw.inventory_status': held, 'raw.resales': resales, 'raw.avm_values': values };
}
