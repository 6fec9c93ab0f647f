import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FunnelCounts, funnelChanges } from '../../../src/domain/market/funnel.ts';

const counts = (leads: number, offers: number, accepted: number, closes: number): FunnelCounts => ({
  weeks: 4,
  leads,
  offers,
  accepted,
  closes,
});
const alone = { recentYearBefore: null, pastYearBefore: null };
const PAST = counts(1_000, 500, 150, 120);

describe('drops in the funnel', () => {
  it('finds the step that fell and what it lost', () => {
    const changes = funnelChanges({ recent: counts(400, 120, 36, 29), past: PAST, ...alone }, 0.01);
    expect(changes.map(({ isDrop }) => isDrop)).toEqual([true, false, false]);
    const [first] = changes;
    expect(first!.rate.value).toBeCloseTo(0.3, 12);
    expect(first!.expectedRate).toBeCloseTo(0.5, 12);
    expect(first!.lost.value).toBeCloseTo(80, 9);
    expect(first!.lostCloses.value).toBeCloseTo(80 * 0.3 * 0.8, 9);
  });

  it('does not take the season for a drop', () => {
    const recent = counts(400, 120, 36, 29);
    const year = { recentYearBefore: counts(380, 114, 34, 27), pastYearBefore: counts(950, 475, 143, 114) };
    const [seasonal] = funnelChanges({ recent, past: PAST, ...year }, 0.01);
    expect(seasonal).toMatchObject({ isSeasonal: true, isDrop: false });
    expect(seasonal!.expectedRate).toBeCloseTo(0.3, 2);
  });

  it('says nothing of few leads, nor of a feed that stopped', () => {
    expect(funnelChanges({ recent: counts(10, 0, 0, 0), past: PAST, ...alone }, 0.01)[0]!.isDrop).toBe(false);
    const none = funnelChanges({ recent: counts(0, 0, 0, 0), past: PAST, ...alone }, 0.01);
    expect(none.every(({ isDrop, lost }) => !isDrop && lost.value === 0)).toBe(true);
  });

  const any = fc
    .tuple(fc.nat(3_000), fc.nat(3_000), fc.nat(900), fc.nat(900))
    .map(([leads, offers, accepted, closes]) => counts(leads, offers, accepted, closes));
  it('has intervals that hold their values, and fewer successes never lose less', () => {
    fc.assert(
      fc.property(any, any, fc.option(any), fc.option(any), (recent, past, recentYearBefore, pastYearBefore) => {
        const spans = { recent, past, recentYearBefore, pastYearBefore };
        for (const { lost, lostCloses, pValue } of funnelChanges(spans, 0.01)) {
          expect(lost.low <= lost.value && lost.value <= lost.high).toBe(true);
          expect(lostCloses.low <= lostCloses.value && lostCloses.value <= lostCloses.high).toBe(true);
          expect(pValue >= 0 && pValue <= 1).toBe(true);
        }
        const worse = { ...recent, offers: Math.floor(recent.offers / 2) };
        const before = funnelChanges(spans, 0.01)[0]!.lost.value;
        expect(funnelChanges({ ...spans, recent: worse }, 0.01)[0]!.lost.value).toBeGreaterThanOrEqual(before - 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});
