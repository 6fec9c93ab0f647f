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
});
