import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openAvm } from '../../src/avm/model.ts';
import { AVM_CODE_VERSION, trainAvm } from '../../src/avm/train.ts';
import { readStatedFacts } from '../../src/domain/valuation/stated-facts.ts';
import { lightGbmPath } from './lightgbm/support.ts';
import { dataOf, inventSales } from './synthetic-market.ts';

/** Values in dollars that one version of the code makes of the invented sales. */
interface Golden {
  codeVersion: string;
  /** The first held-out sales, by the model of the training part. */
  heldOut: number[];
  /** Value, low and high end of 80% of stated houses, by the model of all sales. */
  stated: number[][];
}

const FILE = new URL('./golden.json', import.meta.url);
/** Another machine adds in another order; what the code says differently is far more. */
const SAME = 0.001;

const HOUSES = [
  { sqft: 1_800, bedrooms: 3, grade: 7, latitude: 40.06, longitude: -89.92, zip_code: '50005', year_built: 1975 },
  { sqft: 3_100, year_built: 2010, year_renovated: 2022, latitude: 40.01, longitude: -89.99 },
  { sqft: 2_200, zip_code: '99999', lot_size_sqft: 0, property_sub_type: 'Castle', year_built: 2030 },
].map((house) => readStatedFacts(house));

it('a change of what a training makes of the same sales is a new version of the code', async () => {
  const libraryPath = await lightGbmPath();
  const sales = inventSales({ sales: 320, seed: 4 });
  const trained = await trainAvm(dataOf(sales), { market: 'invented', libraryPath, seed: 3, trials: 1 });
  const model = openAvm(trained.artifact, libraryPath);
  const stated = ['2024-03-01', '2022-06-01'].flatMap((asOf) =>
    HOUSES.map((house) => {
      const { value, intervals } = model.value(house, asOf);
      return [value, intervals[80].low, intervals[80].high].map(Math.round);
    }),
  );
  model.free();
  const now: Golden = {
    codeVersion: AVM_CODE_VERSION,
    heldOut: trained.heldOut.slice(0, 20).map(({ value }) => Math.round(value)),
    stated,
  };
  const recorded = JSON.parse(await readFile(FILE, 'utf8')) as Golden;
  const [was, is] = [recorded, now].map(({ heldOut, stated: houses }) => [...heldOut, ...houses.flat()]);
  const isSame = was!.length === is!.length && is!.every((value, i) => Math.abs(value - was![i]!) <= SAME * was![i]!);
  const advice = `The values are not those of ${recorded.codeVersion}: raise AVM_CODE_VERSION in src/avm/train.ts and record in test/avm/golden.json:\n${JSON.stringify(now)}`;
  expect(isSame, advice).toBe(true);
  expect(recorded.codeVersion, `Record ${AVM_CODE_VERSION} in test/avm/golden.json.`).toBe(AVM_CODE_VERSION);
});
