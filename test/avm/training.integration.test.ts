import { beforeAll, describe, expect, it } from 'vitest';
import { AVM_CODE_VERSION, trainAvm } from '../../src/avm/train.ts';
import type { SaleRecord } from '../../src/domain/valuation/sale-record.ts';
import { lightGbmPath } from './lightgbm/support.ts';
import { dataOf, inventSales, shuffled } from './synthetic-market.ts';

type Training = Awaited<ReturnType<typeof trainAvm>>;

let libraryPath: string;
const train = (sales: readonly SaleRecord[], more: { seed?: number; testAfter?: string } = {}): Promise<Training> =>
  trainAvm(dataOf(sales), { market: 'invented', libraryPath, seed: 1, trials: 2, ...more });

const sales = inventSales();
const last = [...sales].sort((a, b) => (a.closeDate! < b.closeDate! ? -1 : 1)).slice(-40);
const lastDay = last[0]!.closeDate!;

/** What was chosen and measured on the training part alone. */
const choicesOf = ({ report: { trials, hyperparameters, split } }: Training) => {
  const { bandwidth_days: _ofAllSales, ...chosen } = hyperparameters;
  return { trials, chosen, split };
};

beforeAll(async () => {
  libraryPath = await lightGbmPath();
});

describe('training on an invented market', () => {
  let trained: Training;
  beforeAll(async () => {
    trained = await train(sales);
  });

  it('beats all three baselines on sales it has not seen, by more than chance', () => {
    const { metrics, baselines, split } = trained.report;
    expect(metrics.rows).toBe(split.testRows);
    expect(Object.keys(baselines)).toEqual(['boosting', 'lightgbm_l2', 'lightgbm_l1']);
    for (const baseline of Object.values(baselines)) {
      expect(metrics.mdape).toBeLessThan(baseline.mdape);
      expect(baseline.mdape_difference.high).toBeLessThan(0);
    }
    // The noise of 10% leaves a median error of 6.7% to the best that anyone can do.
    expect(metrics.mdape).toBeLessThan(0.095);
    expect(metrics.r2).toBeGreaterThan(0.8);
    expect(metrics.coverage_80).toBeGreaterThan(0.65);
    expect(metrics.coverage_80).toBeLessThan(0.92);
  });

  it('reports everything it promises', () => {
    const { report, featureNames, featureHistograms, heldOut } = trained;
    expect(Object.values(report.metrics).every((value) => Number.isFinite(value))).toBe(true);
    expect(new Set(report.groups.map(({ by }) => by))).toContain('price_band');
    expect(new Set(report.trials.map(({ part }) => part))).toEqual(new Set(['local near', 'local wide', 'boosting']));
    for (const part of ['local near', 'local wide', 'boosting']) {
      expect(report.trials.filter((trial) => trial.part === part && trial.chosen)).toHaveLength(1);
    }
    expect(Object.keys(featureHistograms)).toEqual(featureNames);
    expect(heldOut).toHaveLength(report.split.testRows);
    expect(trained).toMatchObject({
      dataRows: 900,
      dataFrom: '2023-01-01',
      codeVersion: AVM_CODE_VERSION,
      market: 'invented',
    });
  });

  it('makes the same bytes of the same sales, in whatever order the file has them', async () => {
    const again = await train(shuffled(sales, 4));
    expect(again.artifact.equals(trained.artifact)).toBe(true);
    expect(again.report).toEqual(trained.report);
    expect(again.version).toBe(trained.version);
  });

  it('lets no held-out sale see a later price, nor the choices any of them', async () => {
    const tripled = sales.map((sale) =>
      sale.closeDate! >= lastDay ? { ...sale, closePrice: sale.closePrice * 3 } : sale,
    );
    const other = await train(tripled);
    expect(choicesOf(other)).toEqual(choicesOf(trained));
    // On the day of the first changed sale itself nothing of it is known yet.
    const dayOf = new Map(sales.map(({ row, closeDate }) => [row, closeDate!]));
    const upTo = (training: Training) => training.heldOut.filter(({ row }) => dayOf.get(row)! <= lastDay);
    expect(upTo(trained).length).toBeGreaterThan(100);
    expect(upTo(other).map(({ value }) => value)).toEqual(upTo(trained).map(({ value }) => value));
    const beyond = (training: Training) => training.heldOut.filter(({ row }) => dayOf.get(row)! > lastDay);
    expect(beyond(other).map(({ value }) => value)).not.toEqual(beyond(trained).map(({ value }) => value));
    expect(other.artifact.equals(trained.artifact)).toBe(false);
  });

  it('is hardly moved by a few wild prices among those it learns from', async () => {
    const wild = sales.map((sale, i) =>
      sale.closeDate! < '2023-11-01' && i % 60 === 0 ? { ...sale, closePrice: sale.closePrice * 10 } : sale,
    );
    const { report } = await train(wild);
    expect(Math.abs(report.metrics.mdape - trained.report.metrics.mdape)).toBeLessThan(0.012);
    expect(Math.abs(report.metrics.median_ratio - trained.report.metrics.median_ratio)).toBeLessThan(0.03);
  });
});

describe('sales that are hard to learn from', () => {
  const few = inventSales({ sales: 260, seed: 3 });

  it.each([
    ['no sales', [], /There are 0 usable sales/],
    ['one distinct price', few.map((sale) => ({ ...sale, closePrice: 250_000 })), /same price of \$250,000/],
  ])('refuses %s', async (_, given, message) => {
    await expect(train(given)).rejects.toThrow(message);
  });

  it('refuses sales whose columns tell nothing', async () => {
    const bare = few.map((sale) => ({ ...sale, parcel: null, facts: few[0]!.facts, extras: { same: 'x' } }));
    await expect(train(bare)).rejects.toMatchObject({ code: 'validation' });
  });

  it('names constant columns and learns from the rest', async () => {
    const { report } = await train(few.map((sale) => ({ ...sale, extras: { ...sale.extras, state: 'WA', zone: 7 } })));
    const notes = report.notes.filter((note) => note.includes('the same value in every row'));
    expect(notes.map((note) => /"(.*?)"/.exec(note)?.[1])).toEqual(expect.arrayContaining(['state', 'zone']));
    expect(report.metrics.mdape).toBeLessThan(0.15);
  });

  it('stands prices of one dollar', async () => {
    const { report, heldOut } = await train(few.map((sale, i) => (i % 50 === 7 ? { ...sale, closePrice: 1 } : sale)));
    expect(Number.isFinite(report.metrics.mdape)).toBe(true);
    expect(heldOut.every(({ value }) => value > 1_000 && value < 1e8)).toBe(true);
  });

  it.each([0, Number.NaN, -5])('makes no model of sales one of which has a price of %s', async (closePrice) => {
    const broken = few.slice(0, 120).map((sale, i) => (i === 50 ? { ...sale, closePrice } : sale));
    await expect(train(broken)).rejects.toThrow();
  });
});
