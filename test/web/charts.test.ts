import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignSeries,
  describeSeries,
  formatTick,
  formatValue,
  niceCeiling,
  placeOf,
} from '../../src/web/ui/charts/chart-data.ts';
import { sparkPath } from '../../src/web/ui/charts/spark-path.ts';

describe('series over one axis', () => {
  it('are joined by date, in order, with nothing where a series states nothing, and null for a gap', () => {
    const aligned = alignSeries([
      {
        name: 'sold',
        points: [
          { x: '2025-01-13', y: 3 },
          { x: '2025-01-06', y: 2 },
        ],
      },
      {
        name: 'forecast',
        points: [
          { x: '2025-01-13', y: null },
          { x: '2025-01-20', y: 4, low: 3, high: 6 },
        ],
      },
    ]);
    expect(aligned.kind).toBe('day');
    expect(aligned.xs).toEqual(['2025-01-06', '2025-01-13', '2025-01-20'].map(placeOf));
    expect(aligned.lines[0]).toMatchObject({ ys: [2, 3, undefined], hasBand: false });
    expect(aligned.lines[1]).toMatchObject({
      ys: [undefined, null, 4],
      lows: [undefined, null, 3],
      highs: [undefined, null, 6],
      hasBand: true,
    });
  });

  it('keep every stated value at its own place', () => {
    const point = fc.record({
      x: fc.integer({ min: 0, max: 500 }),
      y: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(point, { selector: ({ x }) => x, minLength: 1 }), (points) => {
        const { kind, xs, lines } = alignSeries([{ name: 'a', points }]);
        expect(kind).toBe('number');
        expect(new Map(xs.map((x, at) => [x, lines[0]?.ys[at]]))).toEqual(new Map(points.map(({ x, y }) => [x, y])));
        expect(xs).toEqual([...xs].sort((a, b) => a - b));
      }),
    );
  });

  it('are told in one sentence each, and an empty one says so', () => {
    const text = describeSeries(
      [
        {
          name: 'Price',
          points: [
            { x: '2025-01-06', y: 100_000 },
            { x: '2025-01-13', y: 90_000 },
          ],
        },
        { name: 'Forecast', points: [] },
      ],
      '$',
    );
    expect(text).toBe(
      'Price: 2 values, Jan 6, 2025 to Jan 13, 2025, from $100,000 to $90,000, lowest $90,000, highest $100,000. Forecast: no values.',
    );
  });
});

describe('units', () => {
  it('are dollars, fractions, or a word behind the number', () => {
    expect(formatValue(412_500, '$')).toBe('$412,500');
    expect(formatValue(0.079, '%')).toBe('7.9%');
    expect(formatValue(31, 'days')).toBe('31 days');
    expect(formatValue(null, 'days')).toBe('—');
    expect(formatTick(0.5, '%')).toBe('50%');
    expect(formatTick(0.005, '%')).toBe('0.5%');
    expect(formatTick(1_250_000, '$')).toBe('$1.3M');
    expect([formatTick(0.25, '$'), formatTick(0, '$'), formatTick(12, '$')]).toEqual(['$0.25', '$0', '$12']);
    expect([formatValue(1.294, '$'), formatValue(0.0079, '$')]).toEqual(['$1.29', '$0.0079']);
  });

  it('an axis ends at a round number that holds the longest bar', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (value) => {
        const end = niceCeiling(value);
        expect(end).toBeGreaterThanOrEqual(value * (1 - 1e-8));
        expect(end).toBeLessThanOrEqual(value * 2.5 * (1 + 1e-8));
      }),
    );
    expect(niceCeiling(0)).toBe(1);
  });
});

describe('a sparkline', () => {
  it('breaks at gaps, ends at the last known value, and stays in its box', () => {
    expect(sparkPath([1, 2, null, 3], 60, 20)).toEqual({ path: 'M3 17L21 10M57 3', end: { x: 57, y: 3 } });
    expect(sparkPath([null], 60, 20)).toEqual({ path: '', end: null });
    expect(sparkPath([5, 5], 60, 20).path).toBe('M3 10L57 10');
  });
});
