import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ARMS_LENGTH,
  keepArmsLength,
  nominalFloor,
  type SaleCandidate,
} from '../../../src/domain/valuation/arms-length.ts';
import { VALUATION_FACTS, type ValuationFacts } from '../../../src/domain/valuation/sale-record.ts';

const NO_FACTS = Object.fromEntries(VALUATION_FACTS.map((name) => [name, null])) as unknown as ValuationFacts;

function row(at: number, more: Partial<SaleCandidate> & { sqft?: number } = {}): SaleCandidate {
  const { sqft = 1500, ...given } = more;
  return {
    row: at,
    parcel: `p${at}`,
    closeDate: '2020-03-01',
    closeDateIsExact: true,
    closePrice: 300_000 + at,
    street: null,
    facts: { ...NO_FACTS, sqft },
    extras: {},
    ...given,
  };
}

const market = Array.from({ length: 60 }, (_, i) => row(i + 100));
const reasonFor = (odd: SaleCandidate) => Object.keys(keepArmsLength([...market, odd]).leftOut);

describe("sales at arm's length", () => {
  it.each([
    ['no price', { closePrice: null }, 'no price, or none that can be read'],
    ['no number', { closePrice: Number.NaN }, 'no price, or none that can be read'],
    ['0', { closePrice: 0 }, "not arm's length: price is 0 or negative"],
    ['a negative price', { closePrice: -5 }, "not arm's length: price is 0 or negative"],
    ['a dollar', { closePrice: 1 }, "not arm's length: price below $15,006"],
    ['a family sale', { extras: { 'Sale Condition': 'Family' } }, "not arm's length: Sale Condition is Family"],
    [
      'a quitclaim deed',
      { extras: { deed_type: 'Quit Claim Deed' } },
      "not arm's length: deed_type is Quit Claim Deed",
    ],
    ['a foreclosure', { extras: { 'SALE TYPE': 'Foreclosure' } }, "not arm's length: SALE TYPE is Foreclosure"],
    ['a denied flag', { extras: { arms_length: 'N' } }, "not arm's length: arms_length is N"],
  ] as const)('leaves out %s', (_, more, reason) => {
    expect(reasonFor(row(1, more))).toEqual([reason]);
  });

  it.each([
    { 'Sale Condition': 'Abnorml' },
    { 'Sale Condition': 'Partial' },
    { 'Sale Type': 'WD' },
    { type: 'Family' },
    { BldgType: 'Single Family' },
    { arms_length: 'Y' },
    { 'SALE TYPE': 'PAST SALE' },
    { 'Condition 1': 'Norm' },
  ])('keeps %j', (extras) => {
    expect(reasonFor(row(1, { extras: extras as unknown as Record<string, string> }))).toEqual([]);
  });

  it('leaves out a price per square foot that no house has, only where enough houses say what is usual', () => {
    expect(reasonFor(row(1, { closePrice: 9_000_000 }))[0]).toContain('price per square foot');
    expect(reasonFor(row(1, { closePrice: 9_000_000, sqft: 45_000 }))).toEqual([]);
    expect(keepArmsLength([row(1), row(2), row(3, { closePrice: 9_000_000 })]).leftOut).toEqual({});
  });

  it('leaves out one price for three parcels of a street on a day, not two, nor two streets, nor a whole month', () => {
    const deed = (n: number, more: Partial<SaleCandidate>) =>
      Array.from({ length: n }, (_, i) => row(i, { street: 'OAK LN', closePrice: 900_000, ...more }));
    const lost = (rows: SaleCandidate[]) => Object.values(keepArmsLength([...market, ...rows]).leftOut)[0] ?? 0;
    expect(lost(deed(3, {}))).toBe(3);
    expect(lost(deed(2, {}))).toBe(0);
    expect(lost([...deed(2, {}), row(9, { street: 'ELM ST', closePrice: 900_000 })])).toBe(0);
    expect(lost(deed(3, { closeDateIsExact: false }))).toBe(0);
  });

  it('counts a row that is there twice once, and a quick resale as a note', () => {
    const result = keepArmsLength([
      ...market,
      row(1),
      row(1),
      row(1, { closeDate: '2020-04-01', closePrice: 2_000_000 }),
    ]);
    expect(result.leftOut).toEqual({ 'duplicate: same parcel, date and price as another row': 1 });
    expect(result.notes[0]).toContain('1 parcels were sold twice within 90 days');
  });

  it('accounts for every row exactly once, in order, with positive prices', () => {
    const candidate = fc.record({
      closePrice: fc.oneof(fc.constant(null), fc.double({ min: -10, max: 5e6 }), fc.constantFrom(0, 1, 10, 250_000)),
      parcel: fc.constantFrom('a', 'b', 'c', null),
      street: fc.constantFrom('OAK LN', null),
      sqft: fc.integer({ min: 1, max: 9000 }),
    });
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 80 }), (given) => {
        const rows = given.map((more, at) => row(at + 1, more));
        const { sales, leftOut } = keepArmsLength(rows);
        expect(sales.length + Object.values(leftOut).reduce((sum, n) => sum + n, 0)).toBe(rows.length);
        expect(sales.every(({ closePrice }) => closePrice > 0)).toBe(true);
        expect(sales.map((sale) => sale.row)).toEqual([...sales.map((sale) => sale.row)].sort((a, b) => a - b));
      }),
    );
  });

  it('keeps most of any market: the floor never exceeds a tenth of the median and follows the currency', () => {
    expect(nominalFloor([230_000])).toBe(11_500);
    expect(nominalFloor([150_000])).toBe(10_000);
    expect(nominalFloor([40_000])).toBe(4_000);
    expect(nominalFloor([0, 10, 10, 10, 800_000, 900_000])).toBe(42_500);
    expect(nominalFloor([])).toBe(ARMS_LENGTH.nominalDollars);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1000, max: 1e9, noNaN: true }), { minLength: 1 }), (prices) => {
        const floor = nominalFloor(prices);
        expect(prices.filter((price) => price >= floor).length).toBeGreaterThanOrEqual(prices.length / 2);
      }),
    );
  });
});
