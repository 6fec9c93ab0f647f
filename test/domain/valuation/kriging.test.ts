import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKdTree, createFound, type NearestFound } from '../../../src/domain/valuation/kd-tree.ts';
import { createKrigingScratch, krige, type SharedNames } from '../../../src/domain/valuation/kriging.ts';
import { randomOf } from './market.ts';

const DIMENSIONS = 3;

interface Case {
  points: Float64Array;
  found: NearestFound;
  residuals: Float64Array;
  noise: number;
  names: SharedNames;
}

/** Neighbours at random places around a house at the origin, all of them found. */
function invent(seed: number, count: number, noise: number): Case {
  const random = randomOf(seed);
  const points = Float64Array.from({ length: count * DIMENSIONS }, () => random() * 4 - 2);
  const found = createFound(Math.max(1, count));
  found.count = count;
  for (let i = 0; i < count; i += 1) {
    found.positions[i] = i;
    for (let d = 0; d < DIMENSIONS; d += 1) found.squares[i] = found.squares[i]! + points[i * DIMENSIONS + d]! ** 2;
  }
  return {
    points,
    found,
    residuals: Float64Array.from({ length: count }, () => random() - 0.5),
    noise,
    names: {
      codes: [Int32Array.from({ length: count }, () => Math.floor(random() * 4) - 1)],
      otherSquare: 0.36,
    },
  };
}

function estimate({ points, found, residuals, noise, names }: Case) {
  const scratch = createKrigingScratch(found.squares.length, DIMENSIONS, names.codes.length);
  return krige(buildKdTree(points, DIMENSIONS), found, residuals, noise, names, scratch);
}

/** Solves a·x = b by elimination with pivots. */
function solve(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const below = rows.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + below.indexOf(Math.max(...below));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let other = 0; other < size; other += 1) {
      if (other === column) continue;
      const factor = rows[other]![column]! / rows[column]![column]!;
      rows[other] = rows[other]!.map((value, k) => value - factor * rows[column]![k]!);
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}

/** Simple kriging as the textbook has it: k·(K + noise)⁻¹·r, and 1 − k·(K + noise)⁻¹·k. */
function textbook({ points, found, residuals, noise, names }: Case) {
  const positions = [...found.positions.subarray(0, found.count)];
  const squareOf = (a: number, b: number) => {
    let square = 0;
    for (let d = 0; d < DIMENSIONS; d += 1) square += (points[a * DIMENSIONS + d]! - points[b * DIMENSIONS + d]!) ** 2;
    for (const of of names.codes) square += of[a] !== of[b] || of[a] === -1 ? names.otherSquare : 0;
    return square;
  };
  const covariance = positions.map((a) =>
    positions.map((b) => (a === b ? 1 + noise : Math.exp(-Math.sqrt(squareOf(a, b))))),
  );
  const kernel = positions.map((_, i) => Math.exp(-Math.sqrt(found.squares[i]!)));
  const dot = (values: number[]) => values.reduce((sum, value, i) => sum + value * kernel[i]!, 0);
  return {
    premium: dot(
      solve(
        covariance,
        positions.map((at) => residuals[at]!),
      ),
    ),
    doubt: 1 - dot(solve(covariance, kernel)),
  };
}

const cases = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    count: fc.integer({ min: 1, max: 24 }),
    noise: fc.double({ min: 0.05, max: 3, noNaN: true }),
  })
  .map(({ seed, count, noise }) => invent(seed, count, noise));

describe('what the nearest sales say', () => {
  it('is what the textbook’s formula says', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { premium, doubt } = estimate(given);
        const expected = textbook(given);
        expect(premium).toBeCloseTo(expected.premium, 9);
        expect(doubt).toBeCloseTo(Math.max(0, expected.doubt), 9);
      }),
      { numRuns: 80 },
    );
  });

  it('doubt lies between 0 and 1, and one more sale never adds to it', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { doubt } = estimate(given);
        expect(doubt).toBeGreaterThanOrEqual(0);
        expect(doubt).toBeLessThanOrEqual(1);
        const fewer = { ...given, found: { ...given.found, count: given.found.count - 1 } };
        expect(doubt).toBeLessThanOrEqual(estimate(fewer).doubt + 1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order in which they were found', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { found } = given;
        const reversed = {
          ...found,
          positions: found.positions.toReversed(),
          squares: found.squares.toReversed(),
        };
        const a = estimate(given);
        const b = estimate({ ...given, found: reversed });
        expect(b.premium).toBeCloseTo(a.premium, 10);
        expect(b.doubt).toBeCloseTo(a.doubt, 10);
      }),
      { numRuns: 40 },
    );
  });

  it('a house that sold itself, at next to no noise, is worth its premium for certain', () => {
    const given = invent(4, 6, 1e-9);
    given.found.squares[2] = 0;
    given.points.fill(0, 2 * DIMENSIONS, 3 * DIMENSIONS);
    for (const codes of given.names.codes) codes.fill(1);
    given.residuals[2] = 0.25;
    const { premium, doubt } = estimate(given);
    expect(premium).toBeCloseTo(0.25, 6);
    expect(doubt).toBeCloseTo(0, 6);
  });

  it('far away or without sales nothing is known: no premium, full doubt', () => {
    expect(estimate({ ...invent(1, 1, 0.4), found: createFound(4) })).toEqual({ premium: 0, doubt: 1 });
    const far = invent(1, 5, 0.4);
    far.found.squares.fill(1e4);
    const { premium, doubt } = estimate(far);
    expect(Math.abs(premium)).toBeLessThan(1e-12);
    expect(doubt).toBeCloseTo(1, 12);
  });

  it('a sale alone counts for less the noisier sales are', () => {
    const alone = (noise: number) => {
      const given = invent(9, 1, noise);
      given.found.squares[0] = 0;
      given.residuals[0] = 0.3;
      return estimate(given).premium;
    };
    expect(alone(1)).toBeCloseTo(0.15, 12);
    expect(alone(0.2)).toBeCloseTo(0.25, 12);
  });
});
