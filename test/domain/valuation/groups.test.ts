import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorsByGroup, type GroupedSale } from '../../../src/domain/valuation/groups.ts';

const row = (price: number, extra: Partial<GroupedSale> = {}): GroupedSale => ({
  value: price,
  price,
  neighborhood: null,
  ageYears: null,
  ...extra,
});

describe('errorsByGroup', () => {
  it('makes fifths of the price, labelled with their ends', () => {
    const groups = errorsByGroup(
      Array.from({ length: 10 }, (_, i) => row(100_000 * (i + 1), { value: 110_000 * (i + 1) })),
    );
    const bands = groups.filter(({ by }) => by === 'price_band');
    expect(bands.map(({ group, rows }) => [group, rows])).toEqual([
      ['$100,000–$200,000', 2],
      ['$300,000–$400,000', 2],
      ['$500,000–$600,000', 2],
      ['$700,000–$800,000', 2],
      ['$900,000–$1,000,000', 2],
    ]);
    expect(bands[0]).toMatchObject({ mdape: 0.1, within_20: 1, median_ratio: 1.1 });
  });

  it('names the 20 neighbourhoods with most sales and joins the rest', () => {
    const rows = Array.from({ length: 25 }, (_, i) =>
      new Array<GroupedSale>(i + 1).fill(row(1e5, { neighborhood: `N${i}` })),
    ).flat();
    const groups = errorsByGroup([...rows, row(1e5)]).filter(({ by }) => by === 'neighborhood');
    expect(groups).toHaveLength(22);
    expect(groups[0]).toMatchObject({ group: 'N24', rows: 25 });
    expect(groups[20]).toMatchObject({ group: 'other', rows: 15 });
    expect(groups[21]).toMatchObject({ group: 'unknown', rows: 1 });
  });

  it('puts ages into bands, a house sold before it was finished into the first', () => {
    const ages = [-1, 0, 5, 6, 40, 41, 100, 101, null];
    const groups = errorsByGroup(ages.map((ageYears) => row(1e5, { ageYears }))).filter(({ by }) => by === 'age');
    expect(groups.map(({ group, rows }) => [group, rows])).toEqual([
      ['0–5 years', 3],
      ['6–20 years', 1],
      ['21–40 years', 1],
      ['41–70 years', 1],
      ['71–100 years', 1],
      ['over 100 years', 1],
      ['unknown', 1],
    ]);
  });

  it('counts each sale once per kind, whatever the prices', () => {
    const sale = fc.record({
      value: fc.integer({ min: 1, max: 1000 }),
      price: fc.integer({ min: 1, max: 1000 }),
      neighborhood: fc.option(fc.constantFrom('a', 'b', 'c')),
      ageYears: fc.option(fc.integer({ min: -3, max: 200 })),
    });
    fc.assert(
      fc.property(fc.array(sale, { maxLength: 60 }), (rows) => {
        const groups = errorsByGroup(rows);
        for (const kind of ['price_band', 'neighborhood', 'age']) {
          const own = groups.filter(({ by }) => by === kind);
          expect(own.reduce((sum, group) => sum + group.rows, 0)).toBe(rows.length);
          expect(new Set(own.map(({ group }) => group)).size).toBe(own.length);
        }
      }),
    );
  });
});
