import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Booster, LightGbm, Params } from '../../../src/avm/lightgbm/lightgbm.ts';
import { openLightGbm } from '../../../src/avm/lightgbm/lightgbm.ts';
import { houses, lightGbmPath, openTestLightGbm } from './support.ts';

const base: Params = { objective: 'regression', num_leaves: 15, learning_rate: 0.1, min_data_in_leaf: 10 };
const data = houses(2_000);
let lightGbm: LightGbm;
beforeAll(async () => {
  lightGbm = await openTestLightGbm({ threads: 2 });
});

async function trained(params: Params = {}, more: { weight?: Float64Array; using?: LightGbm; rounds?: number } = {}) {
  const { weight, using = lightGbm, rounds = 40 } = more;
  const train = using.dataset({ ...data, weight, categorical: [2], featureNames: ['size', 'age', 'kind', 'noise'] });
  const booster = await using.train({ train, params: { ...base, ...params }, rounds });
  train.free();
  return booster;
}

const rowOf = (row: number) => data.values.slice(row * 4, row * 4 + 4);
const meanOver = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((sum, x) => sum + x, 0) / numbers.length;

describe('a trained model', () => {
  let booster: Booster;
  let predicted: Float64Array;
  beforeAll(async () => {
    booster = await trained();
    predicted = booster.predict(data.values, data.rows);
  });

  it('learns what is there to learn, from columns with missing values and with codes', () => {
    const error = meanOver(predicted.map((value, row) => Math.abs(value - data.label[row]!)));
    expect(error).toBeLessThan(0.25);
    expect(booster).toMatchObject({ iterations: 40, bestIteration: 40, featureCount: 4, bestScore: null });
    expect(booster.featureNames).toEqual(['size', 'age', 'kind', 'noise']);
    const [size, age, kind, noise] = booster.importance() as unknown as [number, number, number, number];
    expect(kind).toBeGreaterThan(size);
    expect(size).toBeGreaterThan(age);
    expect(age).toBeGreaterThan(20 * noise);
  });

  it('explains each row exactly', () => {
    const contributions = booster.contributions(data.values, data.rows);
    expect(contributions).toHaveLength(data.rows * 5);
    for (let row = 0; row < data.rows; row += 1) {
      const sum = contributions.subarray(row * 5, row * 5 + 5).reduce((total, each) => total + each, 0);
      expect(Math.abs(sum - predicted[row]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(predicted[row]!)));
    }
    expect(booster.contributions(rowOf(3), 1)).toEqual(contributions.slice(15, 20));
  });

  it('says the same of one row as of many', () => {
    for (let row = 0; row < 300; row += 1) expect(booster.predictOne(rowOf(row))).toBe(predicted[row]);
    expect(booster.predictOne(new Float64Array(4).fill(Number.NaN))).toSatisfy(Number.isFinite);
    expect(booster.predict(data.values, data.rows, { iterations: 1 })).not.toEqual(predicted);
  });

  it('is the same after save and load', () => {
    const text = booster.save();
    const again = lightGbm.load(text);
    expect(again.predict(data.values, data.rows)).toEqual(predicted);
    expect(again.save()).toBe(text);
    expect(again).toMatchObject({ bestIteration: 40, featureNames: booster.featureNames });
    again.free();
  });

  it('names the leaf of each tree', () => {
    const leaves = booster.leaves(data.values, data.rows);
    expect(leaves).toHaveLength(data.rows * 40);
    const distinct = new Set(Array.from({ length: data.rows }, (_, row) => leaves[row * 40]!));
    expect(distinct.size).toBe(15);
    expect(Math.min(...distinct)).toBe(0);
  });

  it('refuses what does not fit', () => {
    expect(() => booster.predict(data.values, 3)).toThrow(/8000 values are not 3 rows × 4 columns/);
    expect(() => booster.predictOne(new Float64Array(3))).toThrow(/3 values are not 1 rows × 4/);
    expect(() => booster.predict(data.values, data.rows, { iterations: 41 })).toThrow(/1–40, not 41/);
    expect(() => lightGbm.load('tree\nversion=v4\n')).toThrow(/cut off/);
    expect(() => lightGbm.load('')).toThrow(/no LightGBM model/);
    expect(() => lightGbm.load(booster.save().replace('num_leaves=15', 'num_leaves=51'))).toThrow(/was changed/);
  });
});

describe('training', () => {
  it('gives the same bytes for the same data and seed, with any number of threads', async () => {
    const sampling = { bagging_fraction: 0.7, bagging_freq: 1, feature_fraction: 0.6, seed: 11 };
    const [first, again] = [await trained(sampling), await trained(sampling)];
    const alone = await trained(sampling, { using: await openTestLightGbm({ threads: 1 }) });
    const other = await trained({ ...sampling, seed: 12 });
    expect(again.save()).toBe(first.save());
    expect(alone.save()).toBe(first.save());
    expect(other.save()).not.toBe(first.save());
  });

  it('stops early at the best round of the validation set and keeps that one', async () => {
    const [train, rest] = [lightGbm.dataset(houses(300)), houses(300, 8)];
    const valid = lightGbm.dataset({ ...rest, reference: train });
    const values: number[] = [];
    const booster = await lightGbm.train({
      ...{ train, valid, params: { ...base, metric: ['l1', 'l2'].join(','), learning_rate: 0.4 } },
      ...{ rounds: 500, earlyStoppingRounds: 10 },
      onRound: ({ value }) => values.push(value!),
    });
    const best = values.indexOf(Math.min(...values)) + 1;
    expect(booster).toMatchObject({ iterations: best + 10, bestIteration: best });
    expect(booster.bestScore).toEqual({ metric: 'l1', value: values[best - 1] });
    const predicted = booster.predict(rest.values, rest.rows);
    const error = meanOver(predicted.map((each, row) => Math.abs(each - Math.fround(rest.label[row]!))));
    expect(error).toBeCloseTo(values[best - 1]!, 10);
  });

  it('knows quantiles, absolute error, weights and monotone columns', async () => {
    const below = (booster: Booster) =>
      meanOver(booster.predict(data.values, data.rows).map((value, row) => (data.label[row]! <= value ? 1 : 0)));
    expect(below(await trained({ objective: 'quantile', alpha: 0.9 }))).toBeCloseTo(0.9, 1);
    expect(below(await trained({ objective: 'quantile', alpha: 0.1 }))).toBeCloseTo(0.1, 1);
    expect(below(await trained({ objective: 'regression_l1' }))).toBeCloseTo(0.5, 1);

    const heavy = data.label.map((label) => (label > 3 ? 50 : 1));
    const [plain, weighted] = [await trained({}, { rounds: 3 }), await trained({}, { rounds: 3, weight: heavy })];
    const mean = (booster: Booster) => meanOver(booster.predict(data.values, data.rows));
    expect(mean(weighted)).toBeGreaterThan(mean(plain) + 1);

    const rising = await trained({ monotone_constraints: [1, -1, 0, 1], monotone_constraints_method: 'advanced' });
    for (let row = 0; row < 100; row += 1) {
      const at = rowOf(row);
      const values = Array.from({ length: 20 }, (_, step) => rising.predictOne(at.with(0, step / 20)));
      expect(values).toEqual([...values].sort((left, right) => left - right));
    }
  });

  it('leaves the event loop its turn, and stops when told', async () => {
    const train = lightGbm.dataset(data);
    const stop = new AbortController();
    const rounds: number[] = [];
    const onRound = ({ round }: { round: number }) => rounds.push(round);
    setTimeout(() => stop.abort(new Error('enough')), 20);
    const training = lightGbm.train({ train, params: base, rounds: 100_000, onRound, signal: stop.signal });
    expect(() => train.free()).toThrow(/being trained on/);
    await expect(training).rejects.toThrow('enough');
    expect(rounds.length).toBeLessThan(10_000);
    train.free();
  });

  it('refuses what cannot be learned from, and says why', async () => {
    const { values, label, rows } = data;
    const made = (more: Partial<Parameters<LightGbm['dataset']>[0]>) => lightGbm.dataset({ ...data, ...more });
    expect(() => made({ values: new Float64Array(0), rows: 0, label: new Float64Array(0) })).toThrow(/above 0/);
    expect(() => made({ label: label.subarray(1) })).toThrow(/1999 labels for 2000 rows/);
    expect(() => made({ label: label.with(5, Number.NaN) })).toThrow(/label of row 5 is NaN/);
    expect(() => made({ label: label.with(6, 1e300) })).toThrow(/label of row 6 is 1e\+300/);
    expect(() => made({ weight: new Float64Array(rows).fill(1).with(7, -1) })).toThrow(/weight of row 7 is -1/);
    expect(() => made({ weight: new Float64Array(rows) })).toThrow(/each weight is 0/);
    expect(() => made({ cols: 5 })).toThrow(/8000 values are not 2000 rows × 5/);
    expect(() => made({ categorical: [4] })).toThrow(/categorical column 4/);
    expect(() => made({ featureNames: ['a', 'b', 'c', 'a'] })).toThrow(/'a' is empty, given twice/);
    expect(() => made({ params: { max_bins_: 3 } })).toThrow(/Did you mean max_bin/);

    const attempt = (train: ReturnType<typeof made>, more: object = {}) =>
      lightGbm.train({ train, params: base, rounds: 5, ...more });
    const whole = made({});
    await expect(attempt(made({ label: label.map(() => 4) }))).rejects.toThrow(/same number/);
    await expect(attempt(made({ label: undefined }))).rejects.toThrow(/no label/);
    await expect(attempt(made({ values: values.map(() => 1) }))).rejects.toThrow(/no column tells the 2000 rows apart/);
    const constant = await attempt(made({ values: values.map(() => 1) }), { allowConstant: true });
    expect(new Set(constant.predict(values, rows)).size).toBe(1);
    const again = lightGbm.load(constant.save());
    expect(again.predictOne(values.subarray(0, 4))).toBe(constant.predict(values, rows)[0]);
    expect(again.contributions(values.subarray(0, 4), 1).at(-1)).toBe(constant.predict(values, rows)[0]);
    await expect(attempt(whole, { valid: made({}) })).rejects.toThrow(/reference: train/);
    await expect(attempt(whole, { earlyStoppingRounds: 5 })).rejects.toThrow(/validation set/);
    await expect(attempt(whole, { rounds: 0 })).rejects.toThrow(/0 rounds/);
    const wrong = attempt(whole, { params: { objective: 'regresion' } });
    await expect(wrong).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringMatching(/BoosterCreate.*regresion/),
    });
    const freed = made({});
    freed.free();
    freed.free();
    await expect(attempt(freed)).rejects.toThrow(/was freed/);
  });
});

describe('memory', () => {
  it('of what is forgotten comes back too', async () => {
    const program = `
      import { openLightGbm } from ${JSON.stringify(resolve('src/avm/lightgbm/lightgbm.ts'))};
      const lightGbm = openLightGbm(process.argv[1]);
      const values = Float64Array.from({ length: 400_000 }, (_, at) => (at * 7919) % 104_729);
      const label = values.slice(0, 20_000);
      const forget = async () => {
        const train = lightGbm.dataset({ values, rows: 20_000, cols: 20, label });
        const booster = await lightGbm.train({ train, params: {}, rounds: 1 });
        booster.predictOne(values.slice(0, 20));
      };
      const rss = async (times) => {
        for (let time = 0; time < times; time += 1) {
          await forget();
          globalThis.gc();
          await new Promise((done) => setTimeout(done, 5));
        }
        return process.memoryUsage.rss() / 1e6;
      };
      const before = await rss(8);
      process.stdout.write(String((await rss(35)) - before));
    `;
    const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', program, await lightGbmPath()];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    // 35 sets of 20,000 × 20 bins alone are 14 MB.
    expect(Number(stdout)).toBeLessThan(9);
  });

  it('comes back: 50 trainings leave no trace, and a freed model is refused', async () => {
    const { values, label, rows } = houses(20_000);
    const once = async () => {
      const train = lightGbm.dataset({ values, label, rows, cols: 4 });
      const booster = await lightGbm.train({ train, params: base, rounds: 3 });
      booster.predictOne(values.slice(0, 4));
      train.free();
      booster.free();
      booster.free();
      return booster;
    };
    for (let time = 0; time < 10; time += 1) await once();
    const before = process.memoryUsage.rss();
    for (let time = 0; time < 50; time += 1) await once();
    expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(40);
    const booster = await once();
    expect(() => booster.predictOne(values.slice(0, 4))).toThrow(/was freed/);
    expect(() => booster.contributions(values, rows)).toThrow(/was freed/);
    expect(() => booster.save()).toThrow(/was freed/);
  });
});

describe('opening', () => {
  it('writes nothing to standard output, whatever LightGBM would like to say', async () => {
    const program = `
      import { openLightGbm } from ${JSON.stringify(resolve('src/avm/lightgbm/lightgbm.ts'))};
      const lightGbm = openLightGbm(process.argv[1]);
      const values = Float64Array.from({ length: 60 }, (_, at) => at);
      const train = lightGbm.dataset({ values, rows: 60, cols: 1, label: values });
      const booster = await lightGbm.train({ train, params: { num_leaves: 50, min_data_in_leaf: 25 }, rounds: 300 });
      lightGbm.load(booster.save()).predict(values, 60);
    `;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program, await lightGbmPath()];
    expect(await promisify(execFile)(process.execPath, args)).toEqual({ stdout: '', stderr: '' });
  });

  it('names the file that is no LightGBM', () => {
    const error = {
      code: 'missing_part',
      message: expect.stringMatching(/package\.json does not load.*LIGHTGBM_LIBRARY/),
    };
    expect(() => openLightGbm(resolve('package.json'))).toThrow(expect.objectContaining(error));
  });
});
