import { describe, expect, it } from 'vitest';
import { planColumns } from '../../../src/domain/valuation/columns.ts';
import {
  type CrossFitted,
  createDesigner,
  fitHedonic,
  hedonicEstimator,
  layoutOf,
  levelEffects,
  modelWithout,
  numberStrength,
  standardised,
} from '../../../src/domain/valuation/hedonic.ts';
import { FIRST_DAY, randomOf, subjectOf } from './market.ts';

const CITIES = { Alder: 0, Birch: 0.3, Cedar: -0.2 } as const;
type City = keyof typeof CITIES;

/** Houses whose price follows a known rule, with a little noise. */
function plant(count: number, noise = 0.02) {
  const random = randomOf(77);
  const subjects = Array.from({ length: count }, () => {
    const city = Object.keys(CITIES)[Math.floor(random() * 3)] as City;
    const subject = subjectOf({
      sqft: Math.round(800 * 4 ** random()),
      waterfront: random() < 0.3,
      condition: 1 + Math.floor(random() * 5),
      city,
    });
    return { ...subject, extras: { nothing: random() } };
  });
  const truth = subjects.map(({ facts }) => {
    const size = 0.6 * Math.log((facts.sqft! + 1) / 1600);
    return 12.5 + size + (facts.waterfront ? 0.4 : 0) + CITIES[facts.city as City];
  });
  const logs = Float64Array.from(truth, (log) => log + noise * (random() - 0.5));
  return { subjects, logs, truth, days: new Float64Array(count).fill(FIRST_DAY) };
}

function learn(planted: ReturnType<typeof plant>, logs = planted.logs, penalty = 1): CrossFitted {
  return fitHedonic(planColumns(planted.subjects, planted.days), planted.subjects, planted.days, logs, penalty);
}

const planted = plant(400);
const fitted = learn(planted);
const worst = (model: CrossFitted['full'], truth = planted.truth) => {
  const estimate = hedonicEstimator(model);
  return Math.max(...planted.subjects.map((subject, i) => Math.abs(estimate(subject, FIRST_DAY) - truth[i]!)));
};

describe('the hedonic model', () => {
  it('finds the rule that the prices were made with', () => {
    expect(worst(fitted.full)).toBeLessThan(0.02);
    const city = fitted.full.plan.categories.find(({ name }) => name === 'city')!;
    const effects = levelEffects(fitted.full, city);
    expect(Math.abs(effects.get('Birch')! - effects.get('Alder')! - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(effects.get('Cedar')! - effects.get('Alder')! + 0.2)).toBeLessThan(0.02);
  });

  it('tells what moves the price from what does not', () => {
    const strength = Object.fromEntries(
      fitted.full.plan.numbers.map(({ name }, i) => [name, numberStrength(fitted.full, i)]),
    );
    expect(strength['sqft']).toBeGreaterThan(0.2);
    expect(strength['waterfront']).toBeGreaterThan(0.1);
    expect(strength['condition']).toBeLessThan(0.01);
    expect(strength['extra:nothing']).toBeLessThan(0.01);
  });

  it('one price in twenty that is ten times too high bends nothing', () => {
    const wild = planted.logs.map((log, i) => (i % 20 === 3 ? log + Math.log(10) : log));
    expect(worst(learn(planted, wild).full)).toBeLessThan(0.03);
  });

  it('what is unknown has the effect that missing had in training; an unseen level has none', () => {
    const estimate = hedonicEstimator(fitted.full);
    const [subject] = planted.subjects;
    const at = (city: string | null) => estimate({ ...subject!, facts: { ...subject!.facts, city } }, FIRST_DAY);
    expect(at('Elsewhere')).toBe(at(null));
    expect(Number.isFinite(estimate(subjectOf(), FIRST_DAY))).toBe(true);
  });

  it('a size beyond all of training is held at its end', () => {
    const estimate = hedonicEstimator(fitted.full);
    const at = (sqft: number) => estimate(subjectOf({ sqft, city: 'Alder' }), FIRST_DAY);
    expect(at(1e9)).toBe(at(1e6));
    expect(at(1e6) - at(3000)).toBeLessThan(0.2);
  });

  it('a strong penalty draws every effect to 0 and leaves the middle price', () => {
    const flat = learn(planted, planted.logs, 1e9);
    expect(Math.max(...flat.full.weights.map(Math.abs))).toBeLessThan(1e-5);
    expect(flat.full.intercept).toBeCloseTo(12.6, 0);
  });

  it('the same sales give the same weights, to the last bit', () => {
    expect(learn(planted)).toEqual(fitted);
  });
});

describe('the models that each left a fifth of the sales out', () => {
  it('have not learned from it: whatever its price, they say the same of it', () => {
    for (const at of [0, 3, 17, 398]) {
      const changed = learn(planted, planted.logs.with(at, 3));
      expect(modelWithout(changed, at)).toEqual(modelWithout(fitted, at));
      expect(modelWithout(changed, at + 1)).not.toEqual(modelWithout(fitted, at + 1));
      expect(changed.full).not.toEqual(fitted.full);
    }
  });

  it('are asked for training sales only: every other house is judged by the full one', () => {
    expect(fitted.folds).toHaveLength(5);
    expect(modelWithout(fitted, 7)).toBe(fitted.folds[2]);
    for (const position of [-1, 400, 1000]) expect(modelWithout(fitted, position)).toBe(fitted.full);
  });

  it('know the rule nearly as well', () => {
    for (const fold of fitted.folds) expect(worst(fold)).toBeLessThan(0.03);
  });
});

describe('how a house becomes a row of numbers', () => {
  const { plan } = fitted.full;

  it('each number straight, squared about its mean and whether it is missing; levels behind them', () => {
    const { starts, width } = layoutOf(plan);
    expect(starts).toEqual([3 * plan.numbers.length]);
    expect(width).toBe(3 * plan.numbers.length + 3);
    const design = createDesigner(plan)(subjectOf({ city: 'Cedar', sqft: 1600 }), FIRST_DAY);
    const z = standardised(plan.numbers[0]!, 1600);
    expect([...design.dense.subarray(0, 3)]).toEqual([z, z * z - 1, 0]);
    expect([...design.dense.subarray(3, 6)]).toEqual([0, 0, 1]);
    expect(design.levels[0]).toBe(starts[0]! + plan.categories[0]!.levels.indexOf('Cedar'));
  });

  it('a number in deviations from the mean, within the range of training; NaN stays NaN', () => {
    const column = { name: 'x', extra: null, isLog: false, mean: 10, deviation: 2, low: 6, high: 15, missing: 0 };
    expect([12, 100, -100].map((raw) => standardised(column, raw))).toEqual([1, 2.5, -2]);
    expect(standardised(column, Number.NaN)).toBeNaN();
    expect(standardised({ ...column, isLog: true, mean: 0, deviation: 1, low: -9, high: 9 }, -3)).toBe(0);
  });
});
