import { describe, expect, it } from 'vitest';
import type { FunnelQuestion, FunnelWeek } from '../../../src/intelligence/readings/funnel.ts';
import { NAME_END, numberOfDay } from '../../../src/intelligence/readings/number-list.ts';
import { readFunnelSpans } from '../../../src/intelligence/tools/funnel-spans.ts';
import type { Warehouse, WarehouseMemory } from '../../../src/intelligence/warehouse.ts';

const list = (...counts: number[]) => Float64Array.from(counts);
const week = (day: string, segment: string, names: FunnelWeek['names'], leads: Float64Array): FunnelWeek => {
  const half = leads.map((count) => Math.floor(count / 2));
  return { day: numberOfDay(day), segment, names, leads, offers: half, accepted: half, closes: half };
};
const both = `Boise, ID${NAME_END}Reno, NV`;
const WEEKS: FunnelWeek[] = [
  week('2026-03-02', 'all', both, list(100, 60)),
  // Boise has both: what is said of the whole market counts. Reno's leads of the whole are unknown: its segments' are.
  week('2026-02-23', 'all', both, list(90, Number.NaN)),
  week('2026-02-23', 'condo', both, list(10, 20)),
  week('2026-02-23', 'sfr', ['Reno, NV'], list(24)),
  week('2026-02-16', 'condo', ['Reno, NV'], list(8)),
  week('2024-01-01', 'condo', ['Tulsa, OK'], list(8)),
];

function warehouseOf(isKept: boolean) {
  const kept = new Map<string, object>();
  const asked: FunnelQuestion[] = [];
  const memory: WarehouseMemory = {
    find: async (name) => kept.get(name),
    put: async (name, _tables, value) => void kept.set(name, value),
  };
  const read = async (_reading: unknown, params: FunnelQuestion) => {
    asked.push(params);
    return Object.freeze(WEEKS);
  };
  return {
    warehouse: { kind: 'postgres', asked: [], read, ...(isKept ? { memory } : {}) } as unknown as Warehouse,
    asked,
  };
}

const spans = [
  { from: '2026-03-02', to: '2026-03-02' },
  { from: '2026-02-16', to: '2026-02-23' },
];
const question = { market: null, segment: 'all', spans };

describe('the weeks of the funnel', () => {
  it('are summed by span, the whole market before its segments, markets without a week in any left out', async () => {
    const found = await readFunnelSpans(warehouseOf(false).warehouse, question);
    expect(found).toEqual([
      {
        market: 'Boise, ID',
        newest: '2026-03-02',
        spans: [
          { weeks: 1, leads: 100, offers: 50, accepted: 50, closes: 50 },
          { weeks: 1, leads: 90, offers: 45, accepted: 45, closes: 45 },
        ],
      },
      {
        market: 'Reno, NV',
        newest: '2026-03-02',
        spans: [
          { weeks: 1, leads: 60, offers: 30, accepted: 30, closes: 30 },
          { weeks: 2, leads: 52, offers: 26, accepted: 26, closes: 26 },
        ],
      },
    ]);
  });

  it('count in the first span that they lie in', async () => {
    const twice = [spans[0]!, { from: '2026-02-16', to: '2026-03-02' }];
    const [boise] = await readFunnelSpans(warehouseOf(false).warehouse, { ...question, spans: twice });
    expect(boise?.spans.map(({ leads }) => leads)).toEqual([100, 90]);
  });

  it('are read once for every span and market with the same newest week, where they are kept', async () => {
    const { warehouse, asked } = warehouseOf(true);
    const all = await readFunnelSpans(warehouse, question);
    expect(asked).toMatchObject([{ market: null, spans: [{ to: '2026-03-02' }] }]);
    expect(Date.parse(asked[0]!.spans[0]!.from)).toBeLessThanOrEqual(Date.parse('2023-12-11'));
    const one = await readFunnelSpans(warehouse, { ...question, market: 'Reno, NV' });
    expect(one).toEqual(all.filter(({ market }) => market === 'Reno, NV'));
    expect(asked).toHaveLength(1);
    await readFunnelSpans(warehouse, { ...question, segment: 'condo' });
    expect(asked).toHaveLength(2);
  });
});
