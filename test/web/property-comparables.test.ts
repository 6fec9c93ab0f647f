import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Comparison,
  countsInWords,
  keyOf,
  type Sale,
  saleRows,
} from '../../src/web/screens/property/comparable-sales.ts';
import {
  type Choice,
  choose,
  isUntouched,
  NO_CHOICE,
  readChoice,
  shareApart,
  writeChoice,
} from '../../src/web/screens/property/comparables-choice.ts';
import { halfWidth, planInterval } from '../../src/web/screens/property/interval.ts';

const uuid = fc.uuid().map((id) => id.toLowerCase());
const anyChoice: fc.Arbitrary<Choice> = fc
  .record({
    ids: fc.uniqueArray(uuid, { maxLength: 8 }),
    cut: fc.nat(8),
    radiusMiles: fc.constantFrom(null, 0.25, 0.5, 1, 10),
    months: fc.constantFrom(null, 6, 12, 36),
  })
  .map(({ ids, cut, ...rest }) => ({ include: ids.slice(0, cut), exclude: ids.slice(cut), ...rest }));

describe('the choice in the address', () => {
  it('comes back as it was, for its property alone', () => {
    fc.assert(
      fc.property(uuid, uuid, anyChoice, (property, other, choice) => {
        const written = writeChoice(choice, property);
        expect(readChoice(written, property)).toEqual(choice);
        if (property.slice(0, 8) !== other.slice(0, 8)) expect(readChoice(written, other)).toEqual(NO_CHOICE);
      }),
    );
  });

  it('leaves out what is no id or out of reach', () => {
    const property = '2df24658-2a87-5be8-9d42-a058c0812c8b';
    expect(readChoice('2df24658~-drop table~+x~r99~m0', property)).toEqual(NO_CHOICE);
    expect(readChoice(7, property)).toEqual(NO_CHOICE);
    expect(writeChoice(NO_CHOICE, property)).toBeUndefined();
  });

  it('changes by one sale, and is untouched again when that is taken back', () => {
    fc.assert(
      fc.property(uuid, fc.boolean(), (sale, isByRules) => {
        const changed = choose(NO_CHOICE, sale, !isByRules, isByRules);
        expect(isUntouched(changed)).toBe(false);
        expect(isUntouched(choose(changed, sale, isByRules, isByRules))).toBe(true);
      }),
    );
  });
});

const sale = (id: string, over: Partial<Sale> = {}) =>
  ({ property_id: id, close_date: '2025-01-01', reasons: [], ...over }) as unknown as Sale;
const answer = (included: Sale[], excluded: Sale[]) => ({ included, excluded }) as unknown as Comparison;

describe('the sales in the table', () => {
  it('keep their places when one is left out', () => {
    const rules = answer([sale('a'), sale('b')], [sale('c')]);
    const chosen = answer([sale('b')], [sale('c'), sale('a')]);
    expect(saleRows(rules, chosen).map((row) => [row.property_id, row.isIn, row.isByRules])).toEqual([
      ['a', false, true],
      ['b', true, true],
      ['c', false, false],
    ]);
  });

  it('tell a sale of the house itself, and two sales of one house apart', () => {
    const own = sale('x', { reasons: [{ code: 'own_sale', message: '' }] });
    const rows = saleRows(answer([], [own]), answer([sale('a'), sale('a', { close_date: '2025-02-01' })], [own]));
    expect(rows.map(({ isOwn }) => isOwn)).toEqual([true, false, false]);
    expect(new Set(rows.map(keyOf)).size).toBe(3);
  });

  it('that are not listed are counted by reason', () => {
    expect(countsInWords({ too_far: 16, own_sale: 1, too_large: 12, too_old: 0 })).toBe('16 too far, 12 too large');
    expect(countsInWords({})).toBe('');
  });
});

it('a share apart needs both values', () => {
  expect(shareApart(110, 100)).toBeCloseTo(0.1);
  expect(shareApart(null, 100)).toBeNull();
  expect(shareApart(1, 0)).toBeNull();
});

describe('an interval on its axis', () => {
  it('has everything on it, the widest band first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000_000 }),
        fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 3_000_000 }),
        (value, halves, price) => {
          const ranges = halves.map((half, at) => ({
            name: `${at}`,
            range: { low: value - half, high: value + half },
          }));
          const plan = planInterval(
            ranges.filter(({ range }) => range.low >= 0),
            [
              { name: 'v', value },
              { name: 'p', value: price },
            ],
          );
          for (const { start, length } of plan.bands) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start + length).toBeLessThanOrEqual(1 + 1e-9);
          }
          for (const { at } of plan.marks) expect(at >= 0 && at <= 1).toBe(true);
          const widths = plan.bands.map(({ range }) => range.high - range.low);
          expect(widths).toEqual([...widths].sort((a, b) => b - a));
        },
      ),
    );
  });

  it('tells half its width as a share of the value', () => {
    expect(halfWidth({ low: 80, high: 120 }, 100)).toBeCloseTo(0.2);
    expect(halfWidth({ low: 0, high: 0 }, 0)).toBe(0);
  });
});
