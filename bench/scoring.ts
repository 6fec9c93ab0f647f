/**
 * How fast houses are valued and scored. One house with and without the parts of its value, 100,000 houses at once, the
 * library alone on the same rows, the comparison of two models on 3,125 sales, and 100,000 properties scored again end to
 * end (see rescore.ts).
 *
 * Run: `npm run bench -- scoring [--model FILE] [--file SALES] [--houses 100000] [--properties 100000]`. Without a model's
 * file one is trained first (one trial per part). `--properties 0` leaves the scoring out.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readArtifact } from '../src/avm/artifact.ts';
import { openAvm } from '../src/avm/model.ts';
import { pairedBootstrap } from '../src/domain/valuation/bootstrap.ts';
import { createRandom } from '../src/domain/valuation/random.ts';
import type { ValuationSubject } from '../src/domain/valuation/sale-record.ts';
import { lightGbmPath } from '../test/avm/lightgbm/support.ts';
import { compareWithLibrary } from './parts/bare-library.ts';
import { KING_COUNTY, readMarket, trainOn } from './valuation.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    file: { type: 'string', default: KING_COUNTY },
    houses: { type: 'string', default: '100000' },
    properties: { type: 'string', default: '100000' },
  },
});
const houses = Number(values.houses);
const RUNS = 2_000;
let failed = 0;

/** One line per figure: what, how much, the aim, and whether it was met at the load of that moment. */
function tell(what: string, figure: number, unit: string, aim?: { most: number } | { least: number }): void {
  const met = aim === undefined || ('most' in aim ? figure <= aim.most : figure >= aim.least);
  if (!met) failed += 1;
  const wanted = aim === undefined ? '' : 'most' in aim ? `at most ${aim.most}` : `at least ${aim.least}`;
  const verdict = aim === undefined ? '    ' : met ? 'pass' : 'FAIL';
  const load = `load ${loadavg()[0]!.toFixed(1)}`;
  process.stdout.write(
    `${verdict}  ${what.padEnd(52)} ${figure.toPrecision(4).padStart(9)} ${unit}  ${wanted}  (${load})\n`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'reos bench '));
try {
  const path = values.model ?? (await trainHere(join(folder, 'model')));
  await measure(path);
  if (Number(values.properties) > 0) await rescore(path);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(failed === 0 ? 'All aims were met.\n' : `${failed} aims were missed.\n`);

async function trainHere(path: string): Promise<string> {
  const { artifact } = await trainOn(await readMarket(values.file), { trials: 1 });
  writeFileSync(path, artifact);
  return path;
}

async function measure(path: string): Promise<void> {
  const bytes = readFileSync(path);
  const document = readArtifact(bytes);
  const libraryPath = await lightGbmPath();
  const avm = openAvm(bytes, libraryPath);
  const asOf = document.sales.at(-1)?.closeDate ?? '2026-07-01';
  const subjects: ValuationSubject[] = Array.from({ length: houses }, (_, i) => {
    const { parcel, facts, extras } = document.sales[(i * 7_919) % document.sales.length]!;
    const sqft = facts.sqft === null ? null : facts.sqft + (i % 97);
    return { parcel, facts: { ...facts, sqft }, extras };
  });
  const trees = document.members.reduce((sum, { booster }) => sum + booster.split('\nTree=').length - 1, 0);
  tell('trees of the model', trees, 'in all');
  const explained = timesOf((i) => avm.explain(subjects[i % houses]!, asOf));
  tell('one value with its parts, p50', explained.p50, 'ms');
  tell('one value with its parts, p99', explained.p99, 'ms', { most: 10 });
  const alone = timesOf((i) => avm.value(subjects[i % houses]!, asOf));
  tell('one value, p50', alone.p50, 'ms');
  tell('one value, p99', alone.p99, 'ms');
  avm.valueBatch(subjects.slice(0, 2_000), asOf);
  const batchMs = timed(() => avm.valueBatch(subjects, asOf));
  tell(`values of ${houses} houses at once`, (houses / batchMs) * 1_000, 'a second');
  const columns = avm.featureNames.length;
  const rows = new Float64Array(houses * columns);
  const rowsMs = timed(() => {
    for (const [i, subject] of subjects.entries()) rows.set(avm.featureRow(subject, asOf), i * columns);
  });
  tell('  of it: their feature rows', rowsMs / 1_000, 's');
  avm.free();
  const { throughBinding, bare, differences } = compareWithLibrary(document, rows, houses, libraryPath);
  tell('  of it: the trees, through the binding', throughBinding / 1_000, 's');
  tell('  the trees, the library called bare', bare / 1_000, 's');
  tell('speed of the binding against the bare library', bare / throughBinding, 'times', { least: 0.9 });
  tell('values in which they differ', differences, 'values', { most: 0 });
  const random = createRandom(7);
  const [ours, theirs] = [0.077, 0.087].map((error) =>
    Float64Array.from({ length: 3_125 }, () => error * random.unit()),
  );
  const compareMs = timed(() => pairedBootstrap(ours!, theirs!));
  tell('two models compared by 2,000 resamples', compareMs, 'ms', { most: 1_000 });
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Milliseconds of single calls, after a warm-up. */
function timesOf(work: (i: number) => unknown): { p50: number; p99: number } {
  for (let i = 0; i < 200; i += 1) work(i * 13);
  const all = Float64Array.from({ length: RUNS }, (_, i) => timed(() => work(i * 31))).sort();
  return { p50: all[RUNS / 2]!, p99: all[Math.ceil(RUNS * 0.99) - 1]! };
}

/** The re-scoring in a process of its own; of its runs the second one counts: the first has no scores to replace. */
async function rescore(path: string): Promise<void> {
  const file = fileURLToPath(new URL('./rescore.ts', import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), file, '--properties', values.properties, '--model', path];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve) => void child.once('close', resolve));
  if (code !== 0) throw new Error(`the re-scoring ended with ${code}`);
  const runs = output
    .split('\n')
    .filter((line) => line.includes('per_100000') && line.includes('version'))
    .map((line) => JSON.parse(line) as { seconds: number; cpu_seconds: number; per_100000: number });
  const counted = runs.at(-1);
  if (counted === undefined) throw new Error('the re-scoring gave no figures');
  tell(`${values.properties} properties scored again`, counted.seconds, 's');
  tell('  processor time of this process', counted.cpu_seconds, 's');
  tell('for 100,000', counted.per_100000, 's', { most: 60 });
}
