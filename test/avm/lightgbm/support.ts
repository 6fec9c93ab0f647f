import { homedir } from 'node:os';
import { join } from 'node:path';
import { type LightGbm, openLightGbm } from '../../../src/avm/lightgbm/lightgbm.ts';
import { reosHome } from '../../../src/runtime/home.ts';
import { findLightGbm } from '../../../src/runtime/lightgbm.ts';

/** The library of the cache that all integration tests share, fetched on the first run of a machine. */
export async function lightGbmPath(): Promise<string> {
  const { env } = process;
  return (await findLightGbm({ home: reosHome(env['REOS_TEST_HOME'] ?? join(homedir(), '.reos')), env })).path;
}

/** LightGBM for an integration test. */
export async function openTestLightGbm(options?: { threads?: number }): Promise<LightGbm> {
  return openLightGbm(await lightGbmPath(), options);
}

/** Repeatable numbers in [0, 1) (a linear congruential generator). */
export function numbers(seed = 7): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Houses of invented numbers: label = 3·x0 − 2·x1 + [code of x2] + noise; x3 is noise, a tenth of x1 is missing. */
export function houses(rows: number, seed = 7): { values: Float64Array; rows: number; cols: 4; label: Float64Array } {
  const next = numbers(seed);
  const values = new Float64Array(rows * 4);
  const label = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const [x0, x1, code, x3] = [next(), next(), Math.floor(next() * 6), next()];
    label[row] = 3 * x0 - 2 * x1 + [0, 4, -1, 3, 0.5, -3][code]! + 0.2 * (next() - 0.5);
    values.set([x0, next() < 0.1 ? Number.NaN : x1, code, x3], row * 4);
  }
  return { values, rows, cols: 4, label };
}
