/** The yardstick of scoring.ts: the same boosters on the same rows through our binding and by bare calls of the library. */
import koffi from 'koffi';
import type { ModelDocument } from '../../src/avm/artifact.ts';
import { readerOf } from '../../src/avm/ensemble.ts';
import { openLightGbm } from '../../src/avm/lightgbm/lightgbm.ts';
import { createFeatureRows } from '../../src/domain/valuation/feature-row.ts';
import { buildMarketHistory } from '../../src/domain/valuation/market-history.ts';

const ROUNDS = 3;

/**
 * Milliseconds for all members' values of all rows (the least of three turns each, taken in turn), and in how many values the
 * two differ.
 * @param values row-major, in the order of the model's feature names
 */
export function compareWithLibrary(
  document: ModelDocument,
  values: Float64Array,
  rows: number,
  libraryPath: string,
): { throughBinding: number; bare: number; differences: number } {
  const { names, plain } = createFeatureRows(buildMarketHistory(document.history, document.sales));
  const lightgbm = openLightGbm(libraryPath);
  const predictBare = openBare(libraryPath);
  const total = { throughBinding: 0, bare: 0, differences: 0 };
  const read = readerOf({ values, columns: names.length, plain }, 0, rows);
  for (const { kind, booster: text } of document.members) {
    const matrix = read(kind);
    const booster = lightgbm.load(text);
    const library = predictBare(text, matrix, rows);
    let [ours, bare] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    let left: Float64Array = new Float64Array(0);
    let right: Float64Array = left;
    for (let round = 0; round < ROUNDS; round += 1) {
      let started = performance.now();
      left = booster.predict(matrix, rows);
      ours = Math.min(ours, performance.now() - started);
      started = performance.now();
      right = library.predict();
      bare = Math.min(bare, performance.now() - started);
    }
    total.throughBinding += ours;
    total.bare += bare;
    total.differences += left.reduce((sum, value, i) => sum + Number(value !== right[i]), 0);
    booster.free();
    library.free();
  }
  return total;
}

/** The library without anything around it. */
function openBare(libraryPath: string) {
  const library = koffi.load(libraryPath);
  const load = library.func('int LGBM_BoosterLoadModelFromString(str, void *, void *)');
  const free = library.func('int LGBM_BoosterFree(void *)');
  const predict = library.func(
    'int LGBM_BoosterPredictForMat(void *, void *, int, int32_t, int32_t, int, int, int, int, str, void *, void *)',
  );
  const checked = (code: number) => {
    if (code !== 0) throw new Error(`LightGBM gave ${code}`);
  };
  return (text: string, matrix: Float64Array, rows: number) => {
    const [handle, count, length] = [new BigUint64Array(1), new Int32Array(1), new BigInt64Array(1)];
    checked(load(text, count, handle));
    const columns = matrix.length / rows;
    return {
      predict(): Float64Array {
        const result = new Float64Array(rows);
        checked(predict(handle[0]!, matrix, 1, rows, columns, 1, 1, 0, -1, '', length, result));
        return result;
      },
      free: () => checked(free(handle[0]!)),
    };
  };
}
