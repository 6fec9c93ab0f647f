import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreWeeks } from '../../../src/domain/market/detect.ts';
import { findEpisodes } from '../../../src/domain/market/detect-episodes.ts';
import { medianInto } from '../../../src/domain/market/detect-median.ts';
import { plainZ } from '../../../src/domain/market/detect-plain.ts';
import { scaleOf } from '../../../src/domain/market/detect-scale.ts';
import { seasonOfPeriods } from '../../../src/domain/market/detect-season.ts';
import { findGaps, judgeSeries, severityOf } from '../../../src/domain/market/detect-series.ts';
import { holidayOf } from '../../../src/domain/market/holidays.ts';
import { normal } from '../../../src/domain/market/world/draws.ts';
import { medianOf } from '../../../src/domain/valuation/quantile.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

const monday = (at: number) => new Date(Date.UTC(2024, 0, 1 + 7 * at)).toISOString().slice(0, 10);
const weeks = Array.from({ length: 104 }, (_, at) => monday(at));
const season = seasonOfPeriods(weeks, 'week');
const steady = (seed: number, sigma = 0.02) => {
  const random = createRandom(seed);
  return weeks.map(() => 300_000 * Math.exp(sigma * normal(random)));
};

describe('a series held against its past', () => {
  it('never changes a verdict because of what came later', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.integer({ min: 30, max: 100 }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (seed, cut, factor) => {
          const values = steady(seed);
          const changed = values.map((value, at) => (at > cut ? value * factor : value));
          const [a, b] = [values, changed].map((one) => scoreWeeks(one, scaleOf('median_sale_price'), season));
          expect(Array.from(b!.strength.slice(0, cut + 1))).toEqual(Array.from(a!.strength.slice(0, cut + 1)));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('says the same of dollars and of cents', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.double({ min: 0.001, max: 1_000, noNaN: true }), (seed, unit) => {
        const values = steady(seed);
        const a = scoreWeeks(values, scaleOf('median_sale_price'), season);
        const b = scoreWeeks(
          values.map((value) => value * unit),
          scaleOf('median_sale_price'),
          season,
        );
        for (const [at, z] of a.z.entries()) if (!Number.isNaN(z)) expect(b.z[at]!).toBeCloseTo(z, 6);
      }),
      { numRuns: 10 },
    );
  });

  it('finds a drop when it happens, says when it started, and makes no alarm of its end', () => {
    const values = steady(3).map((value, at) => (at >= 70 && at < 76 ? value * 0.85 : value));
    const { episodes } = judgeSeries('median_sale_price', values, season, 60);
    expect(episodes).toHaveLength(1);
    expect(episodes[0]).toMatchObject({ direction: -1, from: 70, to: 75, isOpen: false });
    expect(episodes[0]!.alarmAt).toBeLessThanOrEqual(71);
  });

  it('takes a lasting change for the new normal after a quarter', () => {
    const values = steady(4).map((value, at) => (at >= 60 ? value * 1.3 : value));
    const scores = scoreWeeks(values, scaleOf('median_sale_price'), season);
    expect(scores.strength[64]!).toBeGreaterThan(1);
    expect(Math.max(...Array.from(scores.strength.slice(80), Math.abs))).toBeLessThan(1);
    expect(findEpisodes(scores, 60)).toHaveLength(1);
  });

  it('says nothing of three rows, of a flat line, and of what is unknown', () => {
    const few = weeks.map((_, at) => (at < 101 ? Number.NaN : 100 * (at - 100)));
    expect(judgeSeries('inventory_count', few, season, 60)).toMatchObject({ episodes: [], known: 3, judged: 0 });
    expect(
      judgeSeries(
        'inventory_count',
        weeks.map(() => 200),
        season,
        60,
      ).episodes,
    ).toEqual([]);
    const nothing = weeks.map(() => Number.NaN);
    expect(judgeSeries('acceptance_rate', nothing, season, 60)).toMatchObject({ episodes: [], known: 0, judged: 0 });
  });

  it('tells holes from a feed that stopped', () => {
    const values = weeks.map((_, at) => ((at >= 80 && at < 83) || at >= 100 ? Number.NaN : 1));
    expect(findGaps(values, 60)).toEqual([
      { from: 80, to: 82, isOpen: false },
      { from: 100, to: 103, isOpen: true },
    ]);
    const late = weeks.map((_, at) => (at === 103 ? Number.NaN : 1));
    expect(findGaps(late, 60)).toEqual([]);
  });

  it('grades by size and persistence', () => {
    const base = { direction: 1 as const, from: 90, to: 95, alarmAt: 91, peakAt: 92, strength: 1.6, isOpen: true };
    expect(severityOf(base)).toBe('HIGH');
    expect(severityOf({ ...base, isOpen: false })).toBe('LOW');
    expect(severityOf({ ...base, strength: 9 })).toBe('CRITICAL');
  });
});

describe('its parts', () => {
  it('selects the median of any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 60 }),
        (values) => {
          expect(medianInto(Float64Array.from(values), values.length)).toBeCloseTo(medianOf(values), 6);
        },
      ),
    );
  });

  it('knows the weeks of holidays', () => {
    expect(['2025-11-24', '2025-12-22', '2025-12-29', '2026-06-29', '2026-03-02'].map(holidayOf)).toEqual([
      'thanksgiving',
      'christmas',
      'new_year',
      'independence',
      null,
    ]);
  });

  it('has a plain z-score that is the textbook one', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 10];
    expect(plainZ(values).at(-1)).toBeCloseTo((10 - 4.5) / Math.sqrt(6), 12);
  });
});
