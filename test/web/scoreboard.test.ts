import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countyName } from '../../src/web/lib/names.ts';
import { readReport } from '../../src/web/screens/market/weight-report.ts';
import {
  chanceOf,
  coverageLines,
  coverageWord,
  type Entry,
  entryName,
  orderEntries,
  readForecast,
  readMetrics,
} from '../../src/web/screens/scoreboard/tracks.ts';

const entry = (county: string, more: Partial<Entry> = {}): Entry => ({
  county,
  model_id: 'm',
  version: 'v1',
  is_shadow: false,
  count: 300,
  median_error: 0.08,
  within_10: 0.6,
  within_20: 0.9,
  coverage_50: 0.48,
  coverage_80: 0.78,
  coverage_90: 0.9,
  median_ratio: 1,
  ...more,
});

describe('the scoreboard', () => {
  it('names counties and models, champions first', () => {
    expect(countyName('king-wa')).toBe('King County, WA');
    expect(countyName('los-angeles-ca')).toBe('Los Angeles County, CA');
    const entries = [entry('king-wa', { is_shadow: true }), entry('king-wa'), entry('clark-nv')];
    expect(orderEntries(entries).map(entryName)).toEqual([
      'Clark County, NV · v1',
      'King County, WA · v1',
      'King County, WA · v1 (shadow)',
    ]);
  });

  it('calls an interval wrong only beyond chance', () => {
    expect(coverageWord(0.7, 0.8, 300)).toMatchObject({ word: 'too narrow' });
    expect(coverageWord(0.7, 0.8, 30)).toMatchObject({ word: 'as it should' });
    expect(coverageWord(0.95, 0.8, 300)).toMatchObject({ word: 'too wide' });
    expect(chanceOf(0.8, 0)).toBe(1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (count, share) => {
          expect(chanceOf(share, count * 4)).toBeCloseTo(chanceOf(share, count) / 2, 9);
          expect(coverageWord(share, share, count).word).toBe('as it should');
        },
      ),
    );
  });

  it('draws what was held beside what should have been', () => {
    const lines = coverageLines([entry('king-wa')]);
    expect(lines.map(({ name }) => name)).toEqual(['King County, WA · v1', 'As it should be']);
    expect(lines[0]?.points.map(({ y }) => y)).toEqual([0.48, 0.78, 0.9]);
    expect(lines[1]?.points.map(({ y }) => y)).toEqual([0.5, 0.8, 0.9]);
  });

  it('reads measures and forecasts whose shape is open, and nothing that is not there', () => {
    expect(readMetrics({ mdape: 0.1, within_20: 'x', rows: 5 })).toEqual({
      rows: 5,
      mdape: 0.1,
      within10: null,
      within20: null,
      coverage80: null,
      r2: null,
    });
    expect(readMetrics(null).mdape).toBeNull();
    const read = readForecast({
      sales: 9,
      price_per_sqft: 200,
      history: [{ month: '2025-01', index: 0.5 }, { month: '2025-02' }],
      forecast: [
        { month: '2025-03', price_per_sqft: 210, low: 200, high: 220 },
        { month: '2025-04', price_per_sqft: 210 },
      ],
    });
    expect(read).toEqual({
      sales: 9,
      history: [{ x: '2025-01-01', y: 100 }],
      ahead: [{ x: '2025-03-01', y: 210, low: 200, high: 220 }],
    });
    expect(readForecast({})).toEqual({ sales: 0, history: [], ahead: [] });
  });
});

describe('the report of a recalibration', () => {
  it('is read by tool; empty bins and what is no report are left out', () => {
    const bin = (stated: number | null) => ({ low: 0, high: 1, count: 3, stated, observed: stated });
    const [one] = readReport({
      tools: [{ tool: 't', outcomes: 40, brier_before: 0.3, brier_after: null, curve_before: [bin(0.2), bin(null)] }],
    });
    expect(one).toMatchObject({ tool: 't', outcomes: 40, brierBefore: 0.3, brierAfter: null, isRecalibrated: false });
    expect(one?.before).toEqual([{ stated: 0.2, observed: 0.2, count: 3 }]);
    expect(one?.after).toEqual([]);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readReport(value)).toBeInstanceOf(Array);
      }),
    );
  });
});
