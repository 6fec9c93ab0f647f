import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFrom, limitsReached, pauseReason } from '../../../src/domain/outreach/sending-health.ts';

describe('limitsReached', () => {
  it.each([
    [{ sent: 49, hardBounces: 49, complaints: 49 }, 0],
    [{ sent: 50, hardBounces: 0, complaints: 0 }, 0],
    [{ sent: 100, hardBounces: 1, complaints: 0 }, 0],
    [{ sent: 100, hardBounces: 2, complaints: 0 }, 1],
    [{ sent: 1_250, hardBounces: 24, complaints: 1 }, 1],
    [{ sent: 1_251, hardBounces: 25, complaints: 1 }, 0],
    [{ sent: 1_250, hardBounces: 25, complaints: 1 }, 2],
  ])('%o reaches %i', (counts, limits) => {
    expect(limitsReached(counts)).toHaveLength(limits);
  });

  it('never lets go when more of the same messages go wrong', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5_000 }), fc.nat(200), fc.nat(5), fc.nat(20), (sent, bad, spam, more) => {
        const less = limitsReached({ sent, hardBounces: bad, complaints: spam });
        expect(limitsReached({ sent, hardBounces: bad + more, complaints: spam + more })).toEqual(
          expect.arrayContaining(less),
        );
      }),
    );
  });
});

describe('pauseReason', () => {
  const [bounces, complaints] = limitsReached({ sent: 50, hardBounces: 50, complaints: 50 }) as [string, string];

  it('is the same whichever limit was reached first', () => {
    const [one, other] = [pauseReason(null, [bounces]), pauseReason(null, [complaints])];
    expect(pauseReason(one, [complaints])).toBe(pauseReason(other, [bounces]));
    expect(pauseReason(one, [])).toBe(one);
    expect(pauseReason(null, [])).toBeNull();
  });
});

describe('countFrom', () => {
  it('is the resumption, and never more than seven days back', () => {
    const now = new Date('2026-06-10T00:00:00Z');
    expect(countFrom(new Date('2026-06-09T00:00:00Z'), now)).toEqual(new Date('2026-06-09T00:00:00Z'));
    expect(countFrom(new Date(0), now)).toEqual(new Date('2026-06-03T00:00:00Z'));
  });
});
