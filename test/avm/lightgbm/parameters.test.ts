import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameterText } from '../../../src/avm/lightgbm/parameters.ts';

const names = new Map(
  Object.entries({
    verbosity: ['verbose'],
    deterministic: [],
    force_row_wise: [],
    feature_pre_filter: [],
    seed: ['random_state'],
    num_threads: ['n_jobs'],
    num_leaves: ['max_leaves'],
    learning_rate: ['eta'],
    monotone_constraints: [],
    objective: [],
  }).flatMap(([name, others]) => [name, ...others].map((word) => [word, name] as const)),
);
const text = (params: Parameters<typeof parameterText>[0]) => parameterText(params, names, { threads: 2 });

describe('parameterText', () => {
  it('adds what makes training repeatable, sorted, and lets the caller overrule it by any alias', () => {
    expect(text({})).toBe(
      'deterministic=true feature_pre_filter=false force_row_wise=true num_threads=2 seed=1 verbosity=-1',
    );
    expect(text({ random_state: 7, n_jobs: 1, max_leaves: 15 })).toBe(
      'deterministic=true feature_pre_filter=false force_row_wise=true num_leaves=15 num_threads=1 seed=7 verbosity=-1',
    );
    expect(text({ monotone_constraints: [1, 0, -1] })).toContain('monotone_constraints=1,0,-1');
  });

  it('says which word it does not know and which one is meant', () => {
    expect(() => text({ num_leafs: 31 })).toThrow(/no parameter 'num_leafs'. Did you mean num_leaves\?/);
    expect(() => text({ zzz: 31 })).toThrow(/no parameter 'zzz'/);
    expect(() => text({ eta: 0.1, learning_rate: 0.2 })).toThrow(/learning_rate twice/);
  });

  it('lets no value smuggle in another parameter', () => {
    for (const value of ['', 'a b', 'a=b', 'l2\nseed=3'])
      expect(() => text({ objective: value })).toThrow(/cannot read/);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, []]) {
      expect(() => text({ num_leaves: value })).toThrow(/finite numbers/);
    }
  });

  it('gives each number back exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const written = /learning_rate=(\S+)/.exec(text({ eta: number }))?.[1];
        expect(Number(written)).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});
