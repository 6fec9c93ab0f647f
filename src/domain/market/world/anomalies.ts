import type { Random } from '../../valuation/random.ts';
import { between } from './draws.ts';
import type { AnomalyKind, InjectedAnomaly } from './shape.ts';

/** What each kind is put into, how large it is drawn, how long it lasts, and what moves with it. */
const KINDS: Readonly<
  Record<AnomalyKind, { metric: string; size: [number, number]; weeks: [number, number]; consequences: string[] }>
> = {
  inventory_surge: {
    metric: 'inventory_count',
    size: [0.35, 0.6],
    weeks: [5, 9],
    consequences: ['new_listings', 'days_on_market'],
  },
  price_drop: {
    metric: 'median_sale_price',
    size: [-0.15, -0.09],
    weeks: [4, 8],
    consequences: ['price_per_sqft', 'median_list_price', 'market_estimated_value_avg', 'offer_price_avg'],
  },
  dom_jump: { metric: 'days_on_market', size: [0.5, 1], weeks: [4, 8], consequences: [] },
  acceptance_shift: {
    metric: 'acceptance_rate',
    size: [-0.75, -0.55],
    weeks: [6, 10],
    consequences: ['accepted_offer_count', 'close_count', 'offer_to_close_rate'],
  },
  funnel_drop: {
    metric: 'lead_to_offer_rate',
    size: [-0.6, -0.4],
    weeks: [4, 8],
    consequences: ['offer_count', 'accepted_offer_count', 'close_count', 'offer_to_close_rate', 'acceptance_rate'],
  },
  data_gap: {
    metric: 'offer_count',
    size: [-1, -1],
    weeks: [3, 6],
    consequences: ['acceptance_rate', 'lead_count', 'lead_to_offer_rate', 'offer_to_close_rate', 'close_count'],
  },
};

const ORDER = Object.keys(KINDS) as AnomalyKind[];
/** A year must lie before the first, so that its season is known. */
const FIRST_WEEK = 60;
/** Weeks between the start of one and of the next in the same market, by kind and time to come back. */
const APART = 20;

/**
 * Anomalies for one market: one about every 24 weeks after the first 60, the kinds in turn over the markets so that each
 * is put in as often.
 */
export function drawAnomalies(
  random: Random,
  market: string,
  marketNumber: number,
  weeks: readonly string[],
): InjectedAnomaly[] {
  const found: InjectedAnomaly[] = [];
  let start = FIRST_WEEK + random.below(6);
  for (let turn = 0; start < weeks.length - 10; turn += 1) {
    const kind = ORDER[(marketNumber + turn * 3 + Math.floor(marketNumber / ORDER.length)) % ORDER.length]!;
    const { metric, size, weeks: length, consequences } = KINDS[kind];
    const count = length[0] + random.below(length[1] - length[0] + 1);
    const change = between(random, size[0], size[1]);
    found.push({
      market,
      kind,
      metric,
      direction: change > 0 ? 1 : -1,
      from: weeks[start]!,
      to: weeks[Math.min(start + count, weeks.length) - 1]!,
      weeks: count,
      size: Number(change.toFixed(3)),
      consequences,
    });
    start += APART + random.below(5);
  }
  return found;
}

/** How much of the anomaly's size a week has: 1 within it; a surge rises over two weeks and drains over ten. */
export function shareOf(anomaly: InjectedAnomaly, weekNumber: number, fromNumber: number): number {
  const into = weekNumber - fromNumber;
  if (into < 0) return 0;
  if (anomaly.kind === 'inventory_surge') {
    if (into < anomaly.weeks) return Math.min(1, (into + 1) / 2);
    return Math.max(0, 1 - (into - anomaly.weeks + 1) / 11);
  }
  return into < anomaly.weeks ? 1 : 0;
}
