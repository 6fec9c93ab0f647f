/**
 * How right and how complete detection is on seeded worlds, beside a plain z-score on the same rows: 20 seeds of 20 markets
 * and two years with known anomalies, and as many quiet years.
 * Run: `npm run bench -- market-detection [--seeds 20] [--from 1]`.
 */
import { alarmsOf } from '../src/domain/market/world/alarms.ts';
import { marketMetricRows } from '../src/domain/market/world/mart-rows.ts';
import { type DetectionScore, measureDetection } from '../src/domain/market/world/measure.ts';
import type { InjectedAnomaly } from '../src/domain/market/world/shape.ts';
import { createWorld } from '../src/domain/market/world/world.ts';
import { WATCHED } from '../src/intelligence/tools/detect-anomalies.ts';

const LAST_WEEK = '2026-11-09';
const FIRST = 52;
const MARKETS = 20;
/** The usual threshold of the plain z-score, and one at which it raises fewer alarms. */
const PLAIN = [3, 5];

interface Sum {
  injected: number;
  found: number;
  right: number;
  wrong: number;
  worstPrecision: number;
  worstRecall: number;
  quiet: number;
  surgeRight: number;
  surgeWrong: number;
  surgeFound: number;
  surges: number;
}

const empty = (): Sum => ({
  injected: 0,
  found: 0,
  right: 0,
  wrong: 0,
  worstPrecision: 1,
  worstRecall: 1,
  quiet: 0,
  surgeRight: 0,
  surgeWrong: 0,
  surgeFound: 0,
  surges: 0,
});

function add(sum: Sum, all: DetectionScore, surges: DetectionScore, quiet: number): void {
  sum.injected += all.injected;
  sum.found += all.found;
  sum.right += all.right;
  sum.wrong += all.wrong;
  sum.worstPrecision = Math.min(sum.worstPrecision, all.precision);
  sum.worstRecall = Math.min(sum.worstRecall, all.recall);
  sum.quiet += quiet;
  sum.surges += surges.injected;
  sum.surgeFound += surges.found;
  sum.surgeRight += surges.right;
  sum.surgeWrong += surges.wrong;
}

const isRise = ({ metric, direction }: { metric: string; direction: number }) =>
  metric === 'inventory_count' && direction === 1;

function main(): void {
  const option = (name: string, otherwise: number) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? otherwise : Number(process.argv[at + 1]);
  };
  const [from, seeds] = [option('from', 1), option('seeds', 20)];
  const sums = new Map([['detection', empty()], ...PLAIN.map((z): [string, Sum] => [`plain z >= ${z}`, empty()])]);
  const missed: InjectedAnomaly[] = [];
  const injected: InjectedAnomaly[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const world = createWorld({ seed, lastWeek: LAST_WEEK, markets: MARKETS });
    const rows = marketMetricRows(world);
    const quiet = marketMetricRows(createWorld({ seed, lastWeek: LAST_WEEK, markets: MARKETS, isQuiet: true }));
    const surges = world.truth.filter(({ kind }) => kind === 'inventory_surge');
    for (const [at, z] of PLAIN.entries()) {
      const alarms = alarmsOf(rows, WATCHED, FIRST, z);
      const calm = alarmsOf(quiet, WATCHED, FIRST, z);
      const score = (list: typeof alarms.plain) => [
        measureDetection(world.truth, list),
        measureDetection(surges, list.filter(isRise)),
      ];
      if (at === 0) {
        const [all, surge] = score(alarms.robust);
        add(sums.get('detection')!, all!, surge!, calm.robust.length);
        missed.push(...all!.missed);
        injected.push(...world.truth);
      }
      const [all, surge] = score(alarms.plain);
      add(sums.get(`plain z >= ${z}`)!, all!, surge!, calm.plain.length);
    }
  }
  for (const [name, sum] of sums) {
    const line = {
      method: name,
      precision: round(sum.right / (sum.right + sum.wrong)),
      recall: round(sum.found / sum.injected),
      worst_seed_precision: round(sum.worstPrecision),
      worst_seed_recall: round(sum.worstRecall),
      surge_precision: round(sum.surgeRight / (sum.surgeRight + sum.surgeWrong)),
      surge_recall: round(sum.surgeFound / sum.surges),
      quiet_alarms_per_market_year: round(sum.quiet / (seeds * MARKETS)),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  const kinds = [...new Set(injected.map(({ kind }) => kind))];
  const recall = kinds.map((kind) => {
    const of = (list: InjectedAnomaly[]) => list.filter((one) => one.kind === kind).length;
    return [kind, `${of(injected) - of(missed)} of ${of(injected)}`];
  });
  process.stdout.write(`${JSON.stringify({ found_by_kind: Object.fromEntries(recall) })}\n`);
}

const round = (value: number) => Number(value.toFixed(3));

main();
