import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FigureForecast, forecastFigure, newestRun } from '../../../src/domain/market/forecast.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

const made = (result: FigureForecast) => {
  if (!result.available) throw new Error(result.statement);
  return result;
};
const random = createRandom(11);
const noise = () => random.unit() + random.unit() + random.unit() - 1.5;

describe('a forecast of a market', () => {
  it('goes by the season where there is one, and says what the others erred', () => {
    const values = Array.from(
      { length: 72 },
      (_, at) => 1000 * (1 + 0.3 * Math.sin((2 * Math.PI * at) / 12)) + noise(),
    );
    const { method, mae, forecast } = made(forecastFigure(values, 'month', 6));
    expect(method).not.toBe('naive');
    expect(mae[method]).toBe(Math.min(...Object.values(mae).map((each) => each ?? Number.POSITIVE_INFINITY)));
    expect(mae.naive!).toBeGreaterThan(10 * mae[method]!);
    expect(forecast).toHaveLength(6);
    for (const { ahead, value } of forecast) {
      expect(value / (1000 * (1 + 0.3 * Math.sin((2 * Math.PI * (71 + ahead)) / 12)))).toBeCloseTo(1, 1);
    }
  });

  it('stays below the trend’s error of the last value only where that is better: a random walk', () => {
    let level = 400_000;
    const walk = Array.from({ length: 60 }, () => {
      level *= 1 + 0.02 * noise();
      return level;
    });
    const { mae, method } = made(forecastFigure(walk, 'month', 3));
    expect(mae[method]!).toBeLessThanOrEqual(mae.naive!);
    expect(mae.seasonal_naive!).toBeGreaterThan(mae.naive!);
  });

  it('keeps the value in its interval, moves with the unit, and never goes below nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 12, maxLength: 30 }),
        fc.constantFrom('month' as const, 'quarter' as const),
        (values, grain) => {
          const { forecast } = made(forecastFigure(values, grain, 2));
          for (const { low, value, high } of forecast) {
            expect(low).toBeGreaterThanOrEqual(0);
            expect(value).toBeGreaterThanOrEqual(low);
            expect(high).toBeGreaterThanOrEqual(value);
          }
        },
      ),
      { numRuns: 8 },
    );
    const values = Array.from({ length: 20 }, (_, at) => 100 + at + noise());
    const once = made(forecastFigure(values, 'month', 2));
    const scaled = made(
      forecastFigure(
        values.map((each) => each * 1000),
        'month',
        2,
      ),
    );
    expect(scaled.method).toBe(once.method);
    expect(scaled.forecast[1]!.value / once.forecast[1]!.value).toBeCloseTo(1000, 3);
  });

  it('is refused, with the count, when periods in a row are too few', () => {
    expect(forecastFigure([1, 2, 3], 'month', 3)).toEqual({
      available: false,
      statement: 'No forecast: 3 months in a row, at least 12 are needed.',
      periods: 3,
      needed: 12,
    });
    const cut = [...Array<number>(11).fill(5), null, null, null, 5, 5];
    expect(forecastFigure(cut, 'month', 3)).toMatchObject({ available: false, periods: 2 });
    expect(newestRun([1, null, 3, null, null, 6])).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
