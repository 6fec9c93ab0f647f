import { categoryOf, numberOf, planColumns } from '../domain/valuation/columns.ts';
import { dayNumber } from '../domain/valuation/days.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';

/** What users reach for today: boosted trees on the columns as they are. */
interface Baseline {
  description: string;
  params: Params;
  /** Rounds, or null to stop early (patience 50) on the last 15% of the training sales. */
  rounds: number | null;
  isLog: boolean;
}

const leaves31 = { num_leaves: 31, learning_rate: 0.05 };

/** The baselines by name, as the benchmarks name them. */
export const BASELINES: Readonly<Record<string, Baseline>> = {
  boosting: {
    description: 'Boosting of 200 trees of depth 5, rate 0.1, squared error on price',
    params: { objective: 'regression', max_depth: 5, num_leaves: 32, learning_rate: 0.1, min_data_in_leaf: 1 },
    rounds: 200,
    isLog: false,
  },
  lightgbm_l2: {
    description: 'LightGBM, 31 leaves, rate 0.05, early stopping, squared error on log price',
    params: { ...leaves31, objective: 'regression', metric: 'l2' },
    rounds: null,
    isLog: true,
  },
  lightgbm_l1: {
    description: 'LightGBM, 31 leaves, rate 0.05, early stopping, absolute error on log price',
    params: { ...leaves31, objective: 'regression_l1', metric: 'l1' },
    rounds: null,
    isLog: true,
  },
};

const MOST_ROUNDS = 2_000;
const PATIENCE = 50;

/**
 * Trains every baseline on the first `trainRows` sales and values the rest with it.
 * @returns dollars per held-out sale, by baseline
 */
export async function valueByBaselines(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  trainRows: number,
): Promise<Record<string, Float64Array>> {
  const { values, columns, categorical } = rawMatrix(sales, trainRows);
  const results: Record<string, Float64Array> = {};
  for (const [name, { params, rounds, isLog }] of Object.entries(BASELINES)) {
    const label = Float64Array.from(sales, ({ closePrice }) => (isLog ? Math.log(closePrice) : closePrice));
    const fitRows = rounds === null ? Math.floor(trainRows * 0.85) : trainRows;
    const part = (from: number, to: number) => ({
      values: values.subarray(from * columns, to * columns),
      rows: to - from,
      cols: columns,
      label: label.subarray(from, to),
      categorical,
    });
    const train = lightgbm.dataset(part(0, fitRows));
    const valid = rounds === null ? lightgbm.dataset({ ...part(fitRows, trainRows), reference: train }) : null;
    try {
      const booster = await lightgbm.train({
        train,
        ...(valid === null ? {} : { valid, earlyStoppingRounds: PATIENCE }),
        params,
        rounds: rounds ?? MOST_ROUNDS,
      });
      const raw = booster.predict(values.subarray(trainRows * columns), sales.length - trainRows);
      results[name] = isLog ? raw.map(Math.exp) : raw.map((value) => Math.max(1, value));
      booster.free();
    } finally {
      valid?.free();
      train.free();
    }
  }
  return results;
}

/** The columns as published: numbers as they are, years as years, text as LightGBM's own categories. */
function rawMatrix(sales: readonly SaleRecord[], trainRows: number) {
  const days = Float64Array.from(sales, (sale) => dayNumber(sale.closeDate));
  const plan = planColumns(sales.slice(0, trainRows), days);
  const numbers = plan.numbers.filter(({ name }) => name !== 'age' && name !== 'effectiveAge');
  const tables = plan.categories.map(({ levels }) => new Map(levels.map((level, i) => [level, i])));
  const columns = numbers.length + 2 + plan.categories.length;
  const values = new Float64Array(sales.length * columns);
  sales.forEach((sale, row) => {
    let at = row * columns;
    for (const column of numbers) {
      values[at] = numberOf(column, sale, days[row]!);
      at += 1;
    }
    values[at] = sale.facts.yearBuilt ?? Number.NaN;
    values[at + 1] = sale.facts.yearRenovated ?? Number.NaN;
    at += 2;
    plan.categories.forEach((category, c) => {
      const level = categoryOf(category, sale);
      values[at] = level === null ? Number.NaN : (tables[c]!.get(level) ?? Number.NaN);
      at += 1;
    });
  });
  return { values, columns, categorical: plan.categories.map((_, c) => numbers.length + 2 + c) };
}
