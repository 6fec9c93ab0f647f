import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseVariant,
  compareVariants,
  fisherExact,
  MIN_RECIPIENTS,
  type TwoGroups,
} from '../../../src/domain/outreach/ab-test.ts';

const group = fc.nat(60).chain((count) => fc.nat(count).map((hits) => ({ count, hits })));
const groups: fc.Arbitrary<TwoGroups> = fc.record({ first: group, second: group });

describe('Fisher’s exact test', () => {
  it.each([
    // Fisher's tea lady, 3 of 4 right: 34/70; all right: 2/70.
    [{ first: { count: 4, hits: 3 }, second: { count: 4, hits: 1 } }, 34 / 70],
    [{ first: { count: 4, hits: 4 }, second: { count: 4, hits: 0 } }, 2 / 70],
    // 1 of 10 against 11 of 14: the studying example of many textbooks.
    [{ first: { count: 12, hits: 1 }, second: { count: 12, hits: 9 } }, 0.002759456],
    [{ first: { count: 0, hits: 0 }, second: { count: 9, hits: 4 } }, 1],
  ])('%j → %d', (table, p) => {
    expect(fisherExact(table)).toBeCloseTo(p, 8);
  });

  it('lies in (0, 1], whichever group comes first, and whether hits or misses are counted', () => {
    fc.assert(
      fc.property(groups, ({ first, second }) => {
        const p = fisherExact({ first, second });
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherExact({ first: second, second: first })).toBeCloseTo(p, 9);
        const misses = ({ count, hits }: { count: number; hits: number }) => ({ count, hits: count - hits });
        expect(fisherExact({ first: misses(first), second: misses(second) })).toBeCloseTo(p, 9);
      }),
    );
  });

  it('is 1 where both groups do the same', () => {
    fc.assert(
      fc.property(group, (one) => {
        expect(fisherExact({ first: one, second: one })).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('comparing variants', () => {
  const result = (variant: string, recipients: number, hits: number) => ({ variant, recipients, hits });

  it('says nothing below the smallest sample, however far apart they are', () => {
    const [only] = compareVariants([result('a', MIN_RECIPIENTS - 1, 0), result('b', 500, 500)], 'answers');
    expect(only).toMatchObject({ isSignificant: false, conclusion: expect.stringContaining('Too early to tell') });
  });

  it('names the better one, on either side', () => {
    const [worse] = compareVariants([result('a', 100, 30), result('b', 100, 5)], 'answers');
    expect(worse).toMatchObject({
      isSignificant: true,
      conclusion: expect.stringContaining("'a' brings more answers"),
    });
    const [better] = compareVariants([result('a', 100, 5), result('b', 100, 30)], 'answers');
    expect(better?.conclusion).toContain("'b' brings more answers");
  });

  it('asks more of each comparison the more there are', () => {
    const two = [result('a', 100, 10), result('b', 100, 21)];
    const [alone] = compareVariants(two, 'answers');
    const among = compareVariants([...two, result('c', 100, 10), result('d', 100, 10)], 'answers');
    expect(alone!.pValue).toBeLessThan(0.06);
    expect(among[0]!.pValue).toBeCloseTo(alone!.pValue * 3, 9);
  });
});

describe('choosing a variant', () => {
  const variants = [
    { name: 'a', template: 'a', weight: 3 },
    { name: 'b', template: 'b', weight: 1 },
  ];
  it('is the same for the same key, and none without variants', () => {
    fc.assert(
      fc.property(fc.uuid(), (key) => {
        expect(chooseVariant(variants, key)).toEqual(chooseVariant(variants, key));
        expect(chooseVariant([], key)).toBeNull();
      }),
    );
  });
  it('gives shares as the weights say', () => {
    const keys = Array.from({ length: 8_000 }, (_, n) => `contact-${n}:campaign:1`);
    const a = keys.filter((key) => chooseVariant(variants, key)?.name === 'a').length;
    expect(a / keys.length).toBeGreaterThan(0.72);
    expect(a / keys.length).toBeLessThan(0.78);
  });
});
