/**
 * How good the valuation model is on sales that it has not seen. Trains on the King County file where there is one, else on
 * an invented market, and prints its errors beside the baselines'.
 *
 * Run: `npm run bench -- valuation [--file FILE] [--seed 1] [--trials 8] [--test-after 2015-03-01] [--keep MODEL]`.
 * `--keep` writes the model's bytes to a file, for `bench/rescore.ts --model`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRecipes } from '../src/activities/discover/recipe-load.ts';
import { readSalesFile } from '../src/activities/discover/sales-file.ts';
import { trainAvm } from '../src/avm/train.ts';
import type { SalesData } from '../src/domain/valuation/sale-record.ts';
import { lightGbmPath } from '../test/avm/lightgbm/support.ts';
import { dataOf, inventSales } from '../test/avm/synthetic-market.ts';

export const KING_COUNTY = '../shared/data/king-county/king-county-sales.csv';

/** The sales of the file, or 15,000 of an invented market when it is not there. */
export async function readMarket(file: string): Promise<SalesData> {
  const path = resolve(file);
  if (existsSync(path)) return readSalesFile(path, { recipes: await loadRecipes(resolve('config')) });
  process.stderr.write(`No sales at ${path}: an invented market takes their place.\n`);
  return dataOf(inventSales({ sales: 15_000 }));
}

/** Trains, telling on standard error how far it is. */
export async function trainOn(
  data: SalesData,
  options: { seed?: number; trials?: number; testAfter?: string | undefined },
): Promise<Awaited<ReturnType<typeof trainAvm>>> {
  const { seed = 1, trials = 8, testAfter } = options;
  const onProgress = (message: string) => void process.stderr.write(`${message}\n`);
  const libraryPath = await lightGbmPath();
  return trainAvm(data, { market: 'bench', libraryPath, seed, trials, testAfter, onProgress });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', default: KING_COUNTY },
      seed: { type: 'string', default: '1' },
      trials: { type: 'string', default: '8' },
      'test-after': { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const data = await readMarket(values.file);
  const options = { seed: Number(values.seed), trials: Number(values.trials), testAfter: values['test-after'] };
  const started = performance.now();
  const { report, artifact } = await trainOn(data, options);
  if (values.keep !== undefined) writeFileSync(values.keep, artifact);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${JSON.stringify({ source: data.source, seconds, split: report.split })}\n`);
  process.stdout.write(`${JSON.stringify({ model: report.metrics })}\n`);
  for (const [name, result] of Object.entries(report.baselines)) {
    process.stdout.write(`${JSON.stringify({ [name]: result })}\n`);
  }
}

if (process.argv[1]?.endsWith('valuation.ts')) await main();
