import { medianOf } from '../domain/valuation/quantile.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import {
  type Blend,
  chooseBlend,
  fitMember,
  MEMBER_KINDS,
  type Member,
  mix,
  predictMembers,
  type Rounds,
} from './ensemble.ts';
import { fitHistory, type HistorySettings } from './fit-history.ts';
import { measureWidening } from './hidden-facts.ts';
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';
import { buildMatrix, type SalesMatrix } from './matrix.ts';

/** Errors that the ensemble makes on training sales it had not seen: each block is valued by trees of the sales before it. */
export interface OutOfFold {
  /** First row that was valued. */
  from: number;
  /** Logarithm of the price less the mixed value, from row `from` on. */
  residuals: Float64Array;
  blend: Blend;
  /** What the median sale fetched beyond the mixed value: added to every value. */
  shift: number;
  /** How much wider the interval must be when a fact is missing, measured on the last block. */
  widening: Record<string, number>;
}

const BLOCKS = 4;
/** The first blocks would be valued from too few sales to tell anything. */
const FIRST_SHARE = 0.45;

/** How the walk is made: as the model itself will be. */
export interface WalkSettings {
  history: HistorySettings;
  params: Params;
  rounds: Rounds;
  isDated: boolean;
  seed: number;
  signal?: AbortSignal;
}

/** Walks forward over the last part of the training sales; everything that is fitted is fitted anew for each block. */
export async function walkForward(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  settings: WalkSettings,
): Promise<OutOfFold> {
  const from = Math.floor(sales.length * FIRST_SHARE);
  const size = sales.length - from;
  const [trees, plain, local, hedonic, targets] = Array.from({ length: 5 }, () => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let last: { matrix: SalesMatrix; members: Member[]; from: number; to: number } | undefined;
  for (let block = 0; block < BLOCKS; block += 1) {
    const start = from + Math.floor((size * block) / BLOCKS);
    const end = from + Math.floor((size * (block + 1)) / BLOCKS);
    const history = fitHistory(sales.slice(0, start), settings.history);
    const matrix = buildMatrix(history, sales.slice(0, end), settings.isDated ? end : start);
    const members: Member[] = [];
    for (const kind of MEMBER_KINDS) {
      const member = { kind, seed: settings.seed, rounds: settings.rounds[kind] };
      members.push(await fitMember(lightgbm, matrix, { to: start }, member, settings.params, settings.signal));
    }
    const predicted = predictMembers(members, matrix, start, end);
    const at = start - from;
    trees.set(predicted.trees, at);
    plain.set(predicted.plain, at);
    local.set(matrix.local.subarray(start, end), at);
    hedonic.set(matrix.hedonic.subarray(start, end), at);
    targets.set(matrix.targets.subarray(start, end), at);
    for (const { booster } of last?.members ?? []) booster.free();
    last = { matrix, members, from: start, to: end };
  }
  const parts = { trees, plain, local, hedonic };
  const blend = chooseBlend(parts, targets);
  const mixed = mix(blend, parts);
  const residuals = mixed.map((value, i) => targets[i]! - value);
  const shift = medianOf(residuals);
  const widening =
    last === undefined ? {} : measureWidening(sales, last.matrix, last, { members: last.members, blend, shift });
  for (const { booster } of last?.members ?? []) booster.free();
  return { from, residuals: residuals.map((residual) => residual - shift), blend, shift, widening };
}
