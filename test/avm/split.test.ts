import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSales } from '../../src/avm/split.ts';
import { dateOfDay } from '../../src/domain/valuation/days.ts';
import type { SaleRecord } from '../../src/domain/valuation/sale-record.ts';
import { inventSales, NO_FACTS, shuffled } from './synthetic-market.ts';

const sale = (row: number, closeDate: string | null, closePrice = 100_000 + row): SaleRecord => ({
  row,
  parcel: `P${row}`,
  closeDate,
  closePrice,
  facts: NO_FACTS,
  extras: {},
});
const undated = (count: number) => Array.from({ length: count }, (_, i) => sale(i + 2, null));

describe('the split', () => {
  it('trains before the given day and tests from it on', () => {
    const { sales, trainRows, split, isDated } = splitSales(inventSales(), { seed: 1, testAfter: '2023-12-01' });
    expect(isDated).toBe(true);
    expect(split).toMatchObject({ kind: 'date', testAfter: '2023-12-01', trainRows, testRows: 900 - trainRows });
    expect(sales.slice(0, trainRows).every(({ closeDate }) => closeDate! < '2023-12-01')).toBe(true);
    expect(sales.slice(trainRows).every(({ closeDate }) => closeDate! >= '2023-12-01')).toBe(true);
    expect(split.note).toContain('before its own day');
  });

  it('orders by time, keeps every sale once, and never parts a day, whatever the days and the share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 150, maxLength: 300 }),
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        (days, testShare) => {
          const given = days.map((day, i) => sale(i + 2, dateOfDay(19_000 + day)));
          let result: ReturnType<typeof splitSales>;
          try {
            result = splitSales(given, { seed: 1, testShare });
          } catch (error) {
            expect(error).toMatchObject({ code: 'validation' });
            return;
          }
          const { sales, trainRows, split } = result;
          expect(new Set(sales.map(({ row }) => row)).size).toBe(given.length);
          const dates = sales.map(({ closeDate }) => closeDate!);
          expect([...dates].sort()).toEqual(dates);
          expect(trainRows + split.testRows).toBe(given.length);
          if (split.testRows === 0) return;
          expect(dates[trainRows - 1]! < dates[trainRows]!).toBe(true);
          expect(split.testRows).toBeGreaterThanOrEqual(Math.round(given.length * testShare) - 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same whatever the order of the file', () => {
    const given = inventSales({ sales: 300 });
    for (const sales of [given, given.map((each) => ({ ...each, closeDate: null }))]) {
      const rows = (list: readonly SaleRecord[]) => splitSales(list, { seed: 3 }).sales.map(({ row }) => row);
      expect(rows(shuffled(sales, 9))).toEqual(rows(sales));
    }
  });

  it('holds out a seeded share of sales without dates and says so', () => {
    const one = splitSales(undated(200), { seed: 1, testShare: 0.25 });
    expect(one.isDated).toBe(false);
    expect(one.split).toMatchObject({ kind: 'hash', testAfter: null, trainRows: 150, testRows: 50 });
    expect(one.split.note).toContain('no dates');
    expect(one.split.note).toContain('no time is held out');
    const held = (seed: number) =>
      splitSales(undated(200), { seed, testShare: 0.25 })
        .sales.slice(150)
        .map(({ row }) => row);
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  it('holds each fifth of few sales without dates out in turn, the sales of a parcel together', () => {
    const given = undated(300).map((each, i) => ({ ...each, parcel: `P${i >> 1}` }));
    const { turns, sales, trainRows, split } = splitSales(given, { seed: 7 });
    expect(split).toMatchObject({ kind: 'hash', parts: 5, trainRows: 240, testRows: 300 });
    expect(split.note).toMatch(
      /^The sales have no dates: a hash of the parcel \(seed 7\) parts them into five, .* no time is held out\.$/,
    );
    expect(trainRows).toBe(turns[0]!.to);
    const held = turns.map((turn) => new Set(turn.sales.slice(turn.to).map(({ parcel }) => parcel)));
    expect(turns.flatMap(({ positions }) => positions)).toEqual(sales.map((_, at) => at));
    for (const [part, turn] of turns.entries()) {
      const learned = turn.sales.slice(0, turn.to).filter(({ parcel }) => held[part]!.has(parcel));
      expect(learned).toEqual([]);
    }
    const many = splitSales(undated(5_000), { seed: 7 });
    expect(many.split).toMatchObject({ parts: 1, trainRows: 4_000, testRows: 1_000 });
    expect(splitSales(given, { seed: 7, testShare: 0.3 }).split).toMatchObject({ parts: 1, testRows: 90 });
  });

  it('parts sales that are all of one day as it does those without dates', () => {
    const oneDay = Array.from({ length: 200 }, (_, i) => sale(i + 2, '2020-05-05'));
    const { isDated, sales, split } = splitSales(oneDay, { seed: 1, testShare: 0.25 });
    expect([isDated, split.kind, split.trainRows, split.testRows]).toEqual([false, 'hash', 150, 50]);
    expect(split.note).toContain('All sales are dated 2020-05-05');
    expect(sales.every(({ closeDate }) => closeDate === null)).toBe(true);
    expect(() => splitSales(oneDay, { seed: 1, testAfter: '2020-05-05' })).toThrow(/dated 2020-05-05.*--test-share/s);
  });

  it('leaves out the few sales without a date and counts them', () => {
    const { sales, notes } = splitSales([...inventSales({ sales: 200 }), ...undated(7)], { seed: 1 });
    expect(sales).toHaveLength(200);
    expect(notes).toEqual(['7 sales without a date were left out.']);
  });

  it('holds nothing out when told so', () => {
    const { trainRows, split } = splitSales(inventSales({ sales: 100 }), { seed: 1, testShare: 0 });
    expect([trainRows, split.testRows]).toEqual([100, 0]);
    expect(split.note).toBe('Nothing is held out.');
  });

  it.each([
    ['no sales', [], {}, /There are 0 usable sales; a valuation model needs at least 80/],
    ['too few sales', inventSales({ sales: 79 }), {}, /There are 79 usable sales/],
    ['one price', inventSales({ sales: 90 }).map((s) => ({ ...s, closePrice: 5 })), {}, /same price of \$5.*dry-run/s],
    ['a day after the last', inventSales(), { testAfter: '2030-01-01' }, /No sale closed on or after 2030.*2023-01-0/],
    ['a day before the first', inventSales(), { testAfter: '2020-01-01' }, /leaves 0 sales to learn from and 900/],
    [
      'a part that is too small',
      inventSales(),
      { testShare: 0.005 },
      /leaves 89\d sales to learn from and \d+ to test/,
    ],
    ['a day where there are none', undated(100), { testAfter: '2023-05-01' }, /have no dates.*--test-share/s],
  ])('refuses %s', (_, sales, options, message) => {
    expect(() => splitSales(sales, { seed: 1, ...options })).toThrow(message);
    expect(() => splitSales(sales, { seed: 1, ...options })).toThrow(expect.objectContaining({ code: 'validation' }));
  });
});
