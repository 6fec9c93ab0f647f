import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accelerationOf, directionOf, slopeOf, yearChanges } from '../../../src/domain/market/trend.ts';

const value = fc.double({ min: 1, max: 1_000_000, noNaN: true });
const series = fc.array(fc.option(value, { freq: 6 }), { minLength: 3, maxLength: 40 });
const about = { perYear: 12, isRelative: true, level: 100, known: 36 };

describe('the slope', () => {
  it('of a straight line is the line’s, gaps or not', () => {
    expect(slopeOf([1, null, 5, 7, null, 11])).toMatchObject({ value: 2, low: 2, high: 2, pairs: 6 });
    expect(slopeOf([1, null, 2])).toBeNull();
  });

  it('and its interval are those of the book’s method', () => {
    // Ten values; 45 slopes; half width 1.645 × √(10·9·25/18) = 18.39 ranks.
    const slope = slopeOf([10, 12, 11, 15, 14, 18, 17, 21, 20, 24])!;
    expect(slope.pairs).toBe(45);
    expect(slope.value).toBeCloseTo(1.5, 9);
    expect(slope.low).toBeGreaterThan(1);
    expect(slope.high).toBeLessThan(2);
  });

  it('lies in its interval, moves with the unit and turns with the sign', () => {
    fc.assert(
      fc.property(series, fc.constantFrom(0.5, 4, 1024), (values, by) => {
        const slope = slopeOf(values);
        if (slope === null) return;
        expect(slope.low).toBeLessThanOrEqual(slope.value);
        expect(slope.high).toBeGreaterThanOrEqual(slope.value);
        const scaled = slopeOf(values.map((each) => (each === null ? null : each * by)))!;
        expect(scaled.value).toBe(slope.value * by);
        const turned = slopeOf(values.map((each) => (each === null ? null : -each)))!;
        expect(turned.value).toBeCloseTo(-slope.value, 6);
        expect(turned.low).toBeCloseTo(-slope.high, 6);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the direction', () => {
  const season = (at: number) => 100 * (1 + 0.2 * Math.sin((2 * Math.PI * at) / 12));
  const monthly = (growth: number) => Array.from({ length: 36 }, (_, at) => season(at) * (1 + growth) ** at);
  const found = (values: number[]) => directionOf(yearChanges(values, 12, true), slopeOf(values), about).direction;

  it('is not fooled by the season', () => {
    // From the height of one season to the depth of another the values fall; against a year before they do not.
    for (let end = 24; end <= 36; end += 1) {
      expect(found(monthly(0).slice(0, end))).toBe('flat');
      expect(found(monthly(0.005).slice(0, end))).toBe('rising');
      expect(found(monthly(-0.005).slice(0, end))).toBe('falling');
    }
  });

  it('is mixed when the newest changes disagree, and the slope’s without a year', () => {
    expect(directionOf([0.1, -0.05, 0.06], null, about).direction).toBe('mixed');
    const few = [100, 101, 102, 103, 104, 105, 106, 107];
    expect(directionOf(yearChanges(few, 12, true), slopeOf(few), { ...about, known: 8 })).toEqual({
      direction: 'rising',
      method: 'slope',
    });
    expect(directionOf([], slopeOf([1, 2, 3]), { ...about, known: 3 }).direction).toBe('unknown');
  });

  it('compares a year back, shares by difference', () => {
    expect(yearChanges([2, null, 3], 2, true)).toEqual([null, null, 0.5]);
    expect(yearChanges([0.5, 0.25], 1, false)).toEqual([null, -0.25]);
    expect(yearChanges([0, 5], 1, true)).toEqual([null, null]);
  });

  it('gains speed when the yearly change grows', () => {
    const changes = [...Array<null>(12).fill(null), 0.01, 0.02, 0.03, 0.05];
    expect(accelerationOf([], changes, 12)).toEqual({ value: 0.04, method: 'year_over_year' });
    const bend = [0, 1, 2, 3, 4, 5, 8, 11, 14, 17];
    expect(accelerationOf(bend, [], 12)).toEqual({ value: 2, method: 'slopes_of_halves' });
    expect(accelerationOf([1, 2, 3], [], 12)).toBeNull();
  });
});
