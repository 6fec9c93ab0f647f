import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyondFormer, formerNormal } from '../../../src/domain/market/detect-former.ts';
import { seasonOfPeriods } from '../../../src/domain/market/detect-season.ts';
import { judgeSeries } from '../../../src/domain/market/detect-series.ts';

const WEEKS = 110;
const weeks = Array.from({ length: WEEKS }, (_, at) =>
  new Date(Date.UTC(2024, 0, 1) + at * 7 * 86_400_000).toISOString().slice(0, 10),
);
const season = seasonOfPeriods(weeks, 'week');
/** Homes for sale with a little unrest, and from week 60 on so many times as many. */
const inventory = (times: (week: number) => number) =>
  Float64Array.from(weeks, (_, at) => 1_000 * (1 + 0.01 * Math.sin(at * 12.9898) ** 3) * times(at));
const alarms = (values: Float64Array) =>
  judgeSeries('inventory_count', values, season, 0).episodes.map(({ direction, alarmAt }) => ({ direction, alarmAt }));

describe('the way back from what became normal', () => {
  it('is no alarm: a glut that lasts and is sold off is one alarm, at its start', () => {
    const glut = inventory((at) => (at < 60 ? 1 : Math.max(1, 1.5 - Math.max(0, at - 72) * 0.03)));
    expect(alarms(glut)).toEqual([{ direction: 1, alarmAt: 60 }]);
  });

  it('ends at the former normal: what falls below it is an alarm', () => {
    const crash = inventory((at) => (at < 60 ? 1 : at < 80 ? 1.5 : 0.6));
    expect(alarms(crash)).toMatchObject([
      { direction: 1, alarmAt: 60 },
      { direction: -1, alarmAt: 80 },
    ]);
  });

  it('is remembered for half a year, not longer', () => {
    const lasting = inventory((at) => (at < 50 ? 1 : at < 95 ? 1.5 : 1));
    expect(alarms(lasting)).toMatchObject([{ direction: 1 }, { direction: -1, alarmAt: 95 }]);
  });

  it('never makes a distance greater, nor turns it round', () => {
    const size = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, -1), (distance, fromFormer, side) => {
        const left = beyondFormer(distance, fromFormer, formerNormal(0, side, 0));
        expect(Math.abs(left)).toBeLessThanOrEqual(Math.abs(distance));
        expect([0, Math.sign(distance)]).toContain(Math.sign(left) + 0);
        if (Math.sign(distance) === side) expect(left).toBe(distance);
      }),
    );
  });
});
