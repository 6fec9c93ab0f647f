import { expect, it } from 'vitest';
import { dayOfNumber, numberOfDay } from '../../../src/intelligence/readings/number-list.ts';
import type { MarketSales } from '../../../src/intelligence/readings/pricing-pairs.ts';
import { newestIn, pairsIn, pileOf, pileSales, readPricedSales } from '../../../src/intelligence/tools/price-pairs.ts';
import type { Warehouse, WarehouseMemory } from '../../../src/intelligence/warehouse.ts';

const sales = (market: string, segment: string, rows: Array<[day: string, price: number, estimate: number]>) => ({
  market,
  segment,
  days: Float64Array.from(rows, ([day]) => numberOfDay(day)),
  prices: Float64Array.from(rows, ([, price]) => price),
  estimates: Float64Array.from(rows, ([, , estimate]) => estimate),
});
/** As a warehouse may give them: in no order. */
const READ: MarketSales[] = [
  sales('Reno, NV', 'sfr', [
    ['2026-02-09', 100, 90],
    ['2026-02-20', 300, 310],
  ]),
  sales('Boise, ID', 'sfr', [
    ['2025-01-01', 100, 90],
    ['2026-03-01', 300, 310],
  ]),
  sales('Reno, NV', 'condo', [['2026-02-10', 200, Number.NaN]]),
  sales('Boise, ID', 'condo', [['2026-02-01', 200, Number.NaN]]),
];

function warehouseOf(isKept: boolean) {
  const kept = new Map<string, object>();
  const asked: unknown[] = [];
  const memory: WarehouseMemory = {
    find: async (name) => kept.get(name),
    put: async (name, _tables, value) => void kept.set(name, value),
  };
  const warehouse = {
    kind: 'postgres',
    asked: [],
    ...(isKept ? { memory } : {}),
    read: async (_reading: unknown, params: { market: string | null }) => {
      asked.push(params);
      return Object.freeze(READ.filter(({ market }) => params.market === null || market === params.market));
    },
  } as unknown as Warehouse;
  return { warehouse, asked };
}

const rowsOf = (found: readonly MarketSales[]) =>
  found.flatMap(({ market, segment, days, prices, estimates }) =>
    Array.from(days, (day, at) => [market, segment, dayOfNumber(day), prices[at], estimates[at]]),
  );

it('cuts spans, markets and segments from sales that were read once', async () => {
  const { warehouse, asked } = warehouseOf(true);
  const all = { market: null, segment: 'all', from: '2026-02-01', to: '2026-02-28' };
  expect(rowsOf(await readPricedSales(warehouse, 'avm', all))).toEqual([
    ['Boise, ID', 'condo', '2026-02-01', 200, Number.NaN],
    ['Reno, NV', 'condo', '2026-02-10', 200, Number.NaN],
    ['Reno, NV', 'sfr', '2026-02-20', 300, 310],
    ['Reno, NV', 'sfr', '2026-02-09', 100, 90],
  ]);
  const one = { market: 'Boise, ID', segment: 'sfr', from: '2025-01-01', to: '2026-03-10' };
  expect(rowsOf(await readPricedSales(warehouse, 'avm', one)).map(([, , , price]) => price)).toEqual([300, 100]);
  expect(asked).toHaveLength(1);
});

it('reads one market alone while nobody has asked for all, or where nothing is kept', async () => {
  for (const isKept of [true, false]) {
    const { warehouse, asked } = warehouseOf(isKept);
    const one = { market: 'Boise, ID', segment: 'all', from: '2026-01-01', to: '2026-03-10' };
    expect(rowsOf(await readPricedSales(warehouse, 'avm', one))).toHaveLength(2);
    expect(asked).toMatchObject([{ market: 'Boise, ID', from: '2026-01-01' }]);
  }
});

it('puts sales together by a word, in order of the words, and knows the newest of each', async () => {
  const found = await readPricedSales(warehouseOf(false).warehouse, 'avm', {
    market: null,
    segment: 'all',
    from: '2026-01-01',
    to: '2026-12-31',
  });
  const piles = pileSales(found, ({ days }, at) => dayOfNumber(days[at]!).slice(0, 7));
  expect(piles.map(([month, pile]) => [month, pile.prices.length, pairsIn(pile), newestIn(pile)])).toEqual([
    ['2026-02', 4, 2, '2026-02-20'],
    ['2026-03', 1, 1, '2026-03-01'],
  ]);
  expect(newestIn(pileOf([]))).toBeNull();
});
