import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated, NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import {
  brierScore,
  calibrationCurve,
  LEAST_OUTCOMES,
  predictionAccuracy,
  recalibrate,
  type Stated,
} from '../../../src/domain/market/recalibration.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

/** Outcomes that come true with the probability that `truth` makes of what was stated. */
function simulate(count: number, seed: number, truth: (stated: number) => number): Stated[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const probability = 0.05 + 0.9 * random.unit();
    return { probability, outcome: random.unit() < truth(probability) };
  });
}

const overconfident = (p: number) => 0.5 + (p - 0.5) * 0.4;

/** Probabilities of new outcomes through the learned points. */
function through(points: Array<{ stated: number; calibrated: number }> | null, pairs: Stated[]): Stated[] {
  const weights = points === null ? NO_WEIGHTS : { version: 1, tools: { t: points } };
  return pairs.map((pair) => ({ ...pair, probability: calibrated(weights, 't', pair.probability) }));
}

describe('recalibration', () => {
  it('improves the Brier score of outcomes it has not seen, where confidence was wrong', () => {
    for (const seed of [1, 2, 3]) {
      const { points } = recalibrate(simulate(800, seed, overconfident));
      const unseen = simulate(4_000, seed + 100, overconfident);
      expect(points).not.toBeNull();
      expect(brierScore(through(points, unseen))).toBeLessThan(brierScore(unseen) - 0.01);
    }
  });

  it('changes nothing material where confidence was right: in 60 runs of noise', () => {
    let touched = 0;
    let worst = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const { points } = recalibrate(simulate(200, seed, (p) => p));
      if (points === null) continue;
      touched += 1;
      const unseen = simulate(4_000, seed + 1_000, (p) => p);
      worst = Math.max(worst, brierScore(through(points, unseen)) - brierScore(unseen));
    }
    expect(touched).toBeLessThanOrEqual(7);
    expect(worst).toBeLessThan(0.01);
  });

  it('waits for outcomes, and survives outcomes that are all alike', () => {
    expect(recalibrate([])).toMatchObject({ points: null, brierBefore: null, outcomes: 0 });
    const few = simulate(LEAST_OUTCOMES - 1, 1, () => 0);
    expect(recalibrate(few)).toMatchObject({ points: null, reason: expect.stringContaining('are needed') });
    const never = recalibrate(simulate(200, 1, () => 0));
    expect(never.points?.at(-1)?.calibrated).toBeLessThan(0.2);
  });

  it('keeps the order of confidences and stays within 0 and 1, whatever the outcomes', () => {
    const pair = fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), outcome: fc.boolean() });
    fc.assert(
      fc.property(fc.array(pair, { minLength: 0, maxLength: 120 }), (pairs) => {
        const { points, curveBefore } = recalibrate(pairs);
        expect(curveBefore.reduce((sum, { count }) => sum + count, 0)).toBe(pairs.length);
        for (const [at, point] of (points ?? []).entries()) {
          expect(point.calibrated).toBeGreaterThanOrEqual(points![at - 1]?.calibrated ?? 0);
          expect(point.calibrated).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('draws the curve of stated against observed', () => {
    const pairs = [0.1, 0.12, 1].map((probability, at) => ({ probability, outcome: at > 0 }));
    const curve = calibrationCurve(pairs);
    expect(curve[1]).toEqual({ low: 0.1, high: 0.2, count: 2, stated: 0.11, observed: 0.5 });
    expect(curve[9]).toMatchObject({ count: 1, observed: 1 });
    expect(curve[0]).toMatchObject({ count: 0, stated: null, observed: null });
  });

  it('says how close a recommendation came', () => {
    const row = { probability: 0.8, predictedValue: null, outcome: true, actualValue: null };
    expect(predictionAccuracy(row)).toBeCloseTo(0.96);
    expect(predictionAccuracy({ ...row, predictedValue: 110, actualValue: 100 })).toBeCloseTo(0.9);
    expect(predictionAccuracy({ ...row, outcome: null })).toBeNull();
  });
});

describe('calibrated confidence', () => {
  it('is what was stated until something was learned, and between the points a straight line', () => {
    expect(calibrated(NO_WEIGHTS, 't', 0.7)).toBe(0.7);
    const points = [
      { stated: 0.2, calibrated: 0.3 },
      { stated: 0.8, calibrated: 0.6 },
    ];
    const weights = { version: 1, tools: { t: points } };
    expect(calibrated(weights, 't', 0.5)).toBeCloseTo(0.45);
    expect(calibrated(weights, 't', 0)).toBe(0.3);
    expect(calibrated(weights, 't', 1)).toBe(0.6);
    expect(calibrated(weights, 'other', 1)).toBe(1);
  });
});
