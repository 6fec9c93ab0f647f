import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKdTree, createFound, findNearest } from '../../../src/domain/valuation/kd-tree.ts';
import { randomOf } from './market.ts';

interface Question {
  points: Float64Array;
  dimensions: number;
  query: Float64Array;
  limit: number;
  except: number;
  wanted: number;
  /** What each position adds to its squared distance. */
  extras: Float64Array;
}

/** Points over a plain or on a coarse grid, where many lie at the same place. */
const questions: fc.Arbitrary<Question> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    count: fc.integer({ min: 0, max: 300 }),
    dimensions: fc.integer({ min: 1, max: 5 }),
    wanted: fc.integer({ min: 1, max: 60 }),
    isGrid: fc.boolean(),
    withExtra: fc.boolean(),
    share: fc.double({ min: 0, max: 1.2, noNaN: true }),
  })
  .map(({ seed, count, dimensions, wanted, isGrid, withExtra, share }) => {
    const random = randomOf(seed);
    const draw = () => (isGrid ? Math.floor(random() * 4) : random() * 10);
    return {
      points: Float64Array.from({ length: count * dimensions }, draw),
      dimensions,
      query: Float64Array.from({ length: dimensions }, draw),
      limit: Math.floor(share * count),
      except: Math.floor(random() * (count + 1)) - 1,
      wanted,
      extras: Float64Array.from({ length: count }, () => (withExtra && random() < 0.5 ? random() * 20 : 0)),
    };
  });

/** Squared distances of all that may be found, nearest first, by looking at each. */
function bruteForce({ points, dimensions, query, limit, except, wanted, extras }: Question): number[] {
  const squares: number[] = [];
  for (let position = 0; position < Math.min(limit, points.length / dimensions); position += 1) {
    if (position !== except) squares.push(squareOf(points, dimensions, query, position) + extras[position]!);
  }
  return squares.sort((a, b) => a - b).slice(0, wanted);
}

function squareOf(points: Float64Array, dimensions: number, query: Float64Array, position: number): number {
  let square = 0;
  for (let d = 0; d < dimensions; d += 1) square += (query[d]! - points[position * dimensions + d]!) ** 2;
  return square;
}

function ask(question: Question, found = createFound(question.wanted)) {
  const { points, dimensions, query, limit, except, extras } = question;
  const tree = buildKdTree(points, dimensions);
  return findNearest(tree, query, limit, except, (position) => extras[position]!, found);
}

describe('the nearest points among those that came before', () => {
  it('are the same as by looking at every point', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const found = ask(question);
        const squares = [...found.squares.subarray(0, found.count)].sort((a, b) => a - b);
        const expected = bruteForce(question);
        expect(squares).toHaveLength(expected.length);
        expected.forEach((square, i) => {
          expect(squares[i]!).toBeCloseTo(square, 9);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('each found once, before the limit, not the one left out, at its own distance, the farthest on top', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const found = ask(question);
        const positions = [...found.positions.subarray(0, found.count)];
        expect(new Set(positions).size).toBe(positions.length);
        positions.forEach((position, i) => {
          expect(position).toBeLessThan(question.limit);
          expect(position).not.toBe(question.except);
          const square = squareOf(question.points, question.dimensions, question.query, position);
          expect(found.squares[i]!).toBeCloseTo(square + question.extras[position]!, 9);
        });
        if (found.count > 0) expect(found.squares[0]).toBe(Math.max(...found.squares.subarray(0, found.count)));
      }),
      { numRuns: 60 },
    );
  });

  it('a question’s answer does not depend on the one before', () => {
    fc.assert(
      fc.property(questions, questions, (first, second) => {
        const found = ask(first, createFound(20));
        ask({ ...second, wanted: 20 }, found);
        const fresh = ask({ ...second, wanted: 20 }, createFound(20));
        expect([...found.positions.subarray(0, found.count)]).toEqual([...fresh.positions.subarray(0, fresh.count)]);
      }),
      { numRuns: 30 },
    );
  });

  it('of a thousand points at one place any are as near', () => {
    const found = ask({
      points: new Float64Array(2000).fill(3),
      dimensions: 2,
      query: Float64Array.from([3, 4]),
      limit: 1000,
      except: 0,
      wanted: 5,
      extras: new Float64Array(1000),
    });
    expect([...found.squares]).toEqual([1, 1, 1, 1, 1]);
  });
});
