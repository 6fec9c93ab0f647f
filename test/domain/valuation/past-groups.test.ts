import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPastGroups, pastMean } from '../../../src/domain/valuation/past-groups.ts';

const NAMES = ['a', 'b', 'c', null] as const;
const members = fc
  .array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      day: fc.integer({ min: 0, max: 30 }),
      residual: fc.double({ min: -1, max: 1, noNaN: true }),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.sort((a, b) => a.day - b.day));
const names = fc.constantFrom(...NAMES, 'unseen');

function groupsOf(list: ReadonlyArray<{ name: string | null; day: number; residual: number }>, isDated = true) {
  const residuals = Float64Array.from(list, ({ residual }) => residual);
  const days = Float64Array.from(list, ({ day }) => (isDated ? day : Number.NaN));
  const groups = buildPastGroups(
    list.map(({ name }) => name),
    days,
    residuals,
  );
  return { groups, residuals };
}

/** The mean with three more at 0. */
const drawn = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / (values.length + 3);

describe('what a group’s past sales fetched', () => {
  it('is the mean of those before the day, drawn to 0, and their number', () => {
    fc.assert(
      fc.property(members, names, fc.integer({ min: -1, max: 32 }), (list, name, day) => {
        const { groups, residuals } = groupsOf(list);
        const before = list.filter((sale) => name !== null && sale.name === name && sale.day < day);
        const { mean, count } = pastMean(groups, name, day, -1, residuals);
        expect(count).toBe(before.length);
        expect(mean).toBeCloseTo(before.length === 0 ? 0 : drawn(before.map(({ residual }) => residual)), 12);
      }),
    );
  });

  it('without dates is the mean of all but the house’s own', () => {
    fc.assert(
      fc.property(members, names, fc.integer({ min: -1, max: 39 }), (list, name, except) => {
        const { groups, residuals } = groupsOf(list, false);
        const others = list.filter((sale, i) => name !== null && sale.name === name && i !== except);
        const { mean, count } = pastMean(groups, name, Number.NaN, except, residuals);
        expect(count).toBe(others.length);
        expect(mean).toBeCloseTo(drawn(others.map(({ residual }) => residual)), 12);
      }),
    );
  });
});
