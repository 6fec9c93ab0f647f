import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOME_DAY, homeRows } from '../support/home-rows.ts';
import { createTwins, differences, type TwinWarehouses } from '../support/twin-warehouses.ts';

const MARKETS = ['Boise, ID', 'Reno, NV', 'Tampa, FL'];
const NOW = new Date(`${HOME_DAY}T12:00:00Z`);
let twins: TwinWarehouses;

beforeAll(async () => {
  twins = await createTwins(homeRows(MARKETS));
});
afterAll(() => twins.close());

type Answer = Record<string, unknown> & { notes: string[]; confidence: { value: number } };
const ask = async (name: string, input: object = {}): Promise<Answer> => {
  const { postgres } = await twins.ask(name, input, NOW);
  return postgres as Answer;
};

const QUESTIONS: ReadonlyArray<readonly [string, object]> = [
  ['get_top_deals', {}],
  ['get_top_deals', { market: 'Boise, ID', segment: 'condo', n: 3 }],
  ['get_top_deals', { market: 'Nowhere' }],
  ['rank_top_100_deals', {}],
  ['rank_top_100_deals', { n: 7, as_of: '2026-01-05' }],
  ['estimate_renovation', { condition: 'moderate', living_area_sqft: 1_500, market: 'Boise, ID' }],
  ['estimate_renovation', { condition: 'full_gut', living_area_sqft: 900, market: 'Nowhere' }],
  ['get_contribution_margin_forecast', { market: 'Reno, NV', n: 5 }],
  ['get_contribution_margin_forecast', { weeks: 26, segment: 'condo' }],
  ['get_contribution_margin_forecast', {}],
  ['get_contribution_margin_forecast', { market: 'Nowhere' }],
  ['analyze_pricing_accuracy', { by: 'price_band' }],
  ['analyze_pricing_accuracy', { basis: 'offer_estimate', market: 'Tampa, FL' }],
  ['analyze_pricing_accuracy', { basis: 'acquisition_price', by: 'market', days: 200 }],
  ['analyze_funnel_drop', {}],
  ['analyze_funnel_drop', { market: 'Reno, NV', recent_weeks: 6 }],
  ['estimate_business_impact', { change: { kind: 'offer_level', share: -0.02 }, market: 'Boise, ID' }],
  ['estimate_business_impact', { change: { kind: 'days_held', days: 10 } }],
  ['generate_pricing_actions', {}],
  ['generate_pricing_actions', { market: 'Tampa, FL', segment: 'single_family' }],
  ['generate_pricing_actions', { market: 'Nowhere' }],
];

describe('the tools about homes', () => {
  it.each(QUESTIONS)('%s %o: the same over Postgres and files', async (name, input) => {
    const { postgres, duckdb } = await twins.ask(name, input, NOW);
    expect(differences(postgres, duckdb)).toEqual([]);
  });

  it('lists deals by margin, with costs that sum, and nothing confident about a market without homes', async () => {
    const answer = await ask('get_top_deals', { n: 5 });
    const deals = answer.deals as Array<Record<string, number>>;
    expect(deals).toHaveLength(5);
    for (const deal of deals) {
      expect(deal.net_margin).toBe(deal.arv! - deal.acquisition_price! - deal.reno_cost! - deal.hold_cost!);
    }
    const margins = deals.map((deal) => deal.net_margin!);
    expect(margins).toEqual([...margins].sort((a, b) => b - a));
    const none = await ask('get_top_deals', { market: 'Nowhere' });
    expect(none).toMatchObject({ deals: [], open_homes: 0, data_through: null, confidence: { value: 0 } });
    expect(none.notes[0]).toContain('No open home of Nowhere');
  });

  it('ranks by risk-adjusted margin over all markets', async () => {
    const { deals } = (await ask('rank_top_100_deals')) as unknown as { deals: Array<Record<string, number>> };
    expect(deals).toHaveLength(60);
    const adjusted = deals.map((deal) => deal.risk_adjusted_margin!);
    expect(adjusted).toEqual([...adjusted].sort((a, b) => b - a));
  });

  it('estimates a renovation from the market, else from all markets, and says which', async () => {
    const here = { condition: 'moderate', living_area_sqft: 1_500, market: 'Boise, ID' };
    const own = await ask('estimate_renovation', here);
    const cost = own.cost as { value: number; low: number; high: number };
    expect(cost.value / 1_500).toBeGreaterThan(28);
    expect(cost.value / 1_500).toBeLessThan(56);
    expect(cost.low < cost.value && cost.value < cost.high).toBe(true);
    expect(own).toMatchObject({ basis: 'market', homes_market: 20, homes_all_markets: 60 });
    const other = await ask('estimate_renovation', { ...here, market: 'Nowhere' });
    expect(other).toMatchObject({ basis: 'all_markets', homes_market: 0 });
    expect(other.confidence.value).toBeLessThan(own.confidence.value);
    expect(other.notes.join()).toContain('mostly other markets');
  });

  it('forecasts the margin of held homes; per market it sums to the total', async () => {
    const answer = await ask('get_contribution_margin_forecast', {});
    const total = answer.expected_margin as { value: number; low: number; high: number };
    const markets = answer.markets as Array<{ homes: number; expected_margin: { value: number } }>;
    expect(markets.map(({ homes }) => homes)).toEqual([10, 10, 10]);
    expect(markets.reduce((sum, one) => sum + one.expected_margin.value, 0)).toBeCloseTo(total.value, 3);
    expect(total.low < total.value && total.value < total.high).toBe(true);
    const one = await ask('get_contribution_margin_forecast', { market: 'Reno, NV' });
    expect(one.homes).toHaveLength(10);
    const none = await ask('get_contribution_margin_forecast', { market: 'Nowhere' });
    expect(none).toMatchObject({ held_homes: 0, confidence: { value: 0 } });
  });

  it('holds valuations from before the sale against it, never later ones', async () => {
    const answer = await ask('analyze_pricing_accuracy', { by: 'market' });
    const overall = answer.overall as {
      pairs: number;
      median_absolute_percentage_error: number;
      bias: { value: number };
    };
    expect(overall.pairs).toBe(answer.sales);
    // The value of five days after the sale is within 0.1%: it must not be the one.
    expect(overall.median_absolute_percentage_error).toBeGreaterThan(0.01);
    expect(overall.median_absolute_percentage_error).toBeLessThan(0.08);
    expect((answer.groups as Array<{ group: string }>).map(({ group }) => group)).toEqual(MARKETS);
  });

  it('finds the market whose funnel drops, and what that costs', async () => {
    const answer = await ask('analyze_funnel_drop');
    expect(answer).toMatchObject({ markets_compared: 3, drops: 1 });
    const [boise] = answer.markets as Array<{ market: string; steps: Array<Record<string, unknown>> }>;
    expect(boise!.market).toBe('Boise, ID');
    expect(boise!.steps[0]).toMatchObject({ step: 'lead_to_offer', is_drop: true, is_seasonal: true });
    const later = await twins.ask('analyze_funnel_drop', { market: 'Boise, ID' }, new Date('2026-09-01T00:00:00Z'));
    expect(later.postgres).toMatchObject({ drops: 0, confidence: { value: 0 } });
  });

  it('says what a change is worth, with every assumption', async () => {
    const answer = await ask('estimate_business_impact', { change: { kind: 'renovation_cost', share: 0.1 } });
    const impact = answer.impact as { low: number; expected: number; high: number };
    expect(impact.low <= impact.expected && impact.expected <= impact.high && impact.expected < 0).toBe(true);
    expect(answer.assumptions).toHaveLength(3);
  });

  it('moves offers with reasons, and holds them where nothing was sold', async () => {
    const answer = await ask('generate_pricing_actions');
    const actions = answer.actions as Array<{
      market: string;
      percent: number;
      reasons: unknown[];
      expected_effect: object;
    }>;
    expect(actions.map((one) => one.market).sort()).toEqual(MARKETS);
    expect(answer.markets_judged).toBe(3);
    for (const { percent, reasons } of actions) expect(percent === 0 || reasons.length > 0).toBe(true);
    const none = await ask('generate_pricing_actions', { market: 'Nowhere' });
    expect(none.actions).toMatchObject([
      { action: 'hold', percent: 0, reasons: [{ code: 'too_few_sales' }], confidence: { value: 0 } },
    ]);
  });
});
