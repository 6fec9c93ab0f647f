import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldOutFrom } from '../../../src/activities/platform/train-model.ts';
import { scoreboardStatement, trackOf } from '../../../src/domain/valuation/scoreboard.ts';

const valued = (price: number, value: number, half = 0.2) => ({
  price,
  value,
  low50: value * (1 - half / 2),
  high50: value * (1 + half / 2),
  low80: value * (1 - half),
  high80: value * (1 + half),
  low90: value * (1 - half * 1.5),
  high90: value * (1 + half * 1.5),
});

describe('the scoreboard', () => {
  it('counts errors and intervals', () => {
    const track = trackOf([valued(100, 100), valued(100, 108), valued(100, 115), valued(100, 150)]);
    expect(track).toMatchObject({ count: 4, within_10: 0.5, within_20: 0.75, coverage_50: 0.5, coverage_80: 0.75 });
    expect(track!.median_error).toBeCloseTo(0.115, 9);
    expect(track!.median_ratio).toBeCloseTo(1.115, 9);
    expect(trackOf([])).toBeNull();
    expect(trackOf([valued(0, 100)])).toBeNull();
  });

  it('gives shares that are nested, whatever the sales', () => {
    const money = fc.double({ min: 1, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(money, money), { minLength: 1 }), (pairs) => {
        const track = trackOf(pairs.map(([price, value]) => valued(price, value)))!;
        return (
          track.within_10 <= track.within_20 &&
          track.coverage_50 <= track.coverage_80 &&
          track.coverage_80 <= track.coverage_90 &&
          track.count === pairs.length
        );
      }),
    );
  });

  it('says plainly when nothing, or little, has come true', () => {
    expect(scoreboardStatement(0, { valuations: 0, properties: 0 })).toContain('No property has been valued');
    expect(scoreboardStatement(0, { valuations: 9, properties: 5 })).toContain('None of the 5 valued properties');
    expect(scoreboardStatement(12, { valuations: 99, properties: 50 })).toContain('Only 12');
    expect(scoreboardStatement(30, { valuations: 99, properties: 50 })).not.toContain('Only');
  });
});

describe('what is held out beside a champion', () => {
  const days = (n: number, month: string) =>
    Array.from({ length: n }, (_, at) => ({ closeDate: `2026-${month}-${String(1 + (at % 28)).padStart(2, '0')}` }));

  it('is the later half of the sales that it has not seen, at least 100 of them', () => {
    const sales = [...days(500, '01'), ...days(280, '02'), ...days(280, '03')];
    expect(heldOutFrom(sales, '2026-01-28')).toBe('2026-03-01');
    expect(heldOutFrom(days(100, '02'), '2026-01-31')).toBe('2026-02-01');
    expect(heldOutFrom(days(99, '02'), '2026-01-31')).toBeUndefined();
    expect(heldOutFrom([...days(120, '02'), { closeDate: null }], '2026-02-28')).toBeUndefined();
  });
});
