import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  missingPoints,
  nextTarget,
  readParts,
  readReasons,
  splitReasons,
  startingPoint,
} from '../../src/web/screens/property/score-reasons.ts';

const reason = (code: string, contribution: number) => ({ code, label: `${code}.`, contribution, sources: ['a'] });

describe('the reasons of a score', () => {
  it('are read from what an answer holds, and nothing else is', () => {
    expect(readReasons([reason('flip_roi', 3), { code: 1 }, null, 'x'])).toEqual([reason('flip_roi', 3)]);
    expect(readReasons(undefined)).toEqual([]);
  });

  it('are told apart by what they do, the strongest first', () => {
    const { raises, lowers, remarks } = splitReasons([
      reason('a', 1),
      reason('b', -2),
      reason('c', 5),
      reason('d', 0),
      reason('e', -7),
    ]);
    expect(raises.map(({ code }) => code)).toEqual(['c', 'a']);
    expect(lowers.map(({ code }) => code)).toEqual(['e', 'b']);
    expect(remarks.map(({ code }) => code)).toEqual(['d']);
  });

  it('lead from the starting point to the score', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.array(fc.integer({ min: -20, max: 30 })),
        (score, points) => {
          const reasons = points.map((value, at) => reason(`r${at}`, value));
          const sum = points.reduce((all, one) => all + one, 0);
          expect(startingPoint(score, reasons) + sum).toBeCloseTo(score, 6);
        },
      ),
    );
  });
});

describe('the parts of a score', () => {
  const parts = readParts([
    { name: 'a', value: 1, weight: 0.3, contribution: 29.8 },
    { name: 'b', value: null, weight: 0.2, contribution: 8 },
    { name: 'c', value: 0, weight: 0.1, contribution: 1 },
  ]);

  it('know what they could have brought', () => {
    expect(parts.map(({ name, possible, isKnown }) => [name, possible, isKnown])).toEqual([
      ['a', 30, true],
      ['b', 20, false],
      ['c', 10, true],
    ]);
  });

  it('that miss most come first, and what is nearly whole is not told', () => {
    expect(missingPoints(parts, 5).map(({ name, missed }) => [name, missed])).toEqual([
      ['b', 12],
      ['c', 9],
    ]);
    expect(missingPoints(parts, 1)).toHaveLength(1);
  });
});

it('the next target is 80, then the next ten, 100 at most', () => {
  expect([12, 79.9, 80, 86.67, 90, 99, 100].map(nextTarget)).toEqual([80, 80, 90, 90, 100, 100, 100]);
});
