import { medianOf } from '../domain/valuation/quantile.ts';
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
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';

/** Errors that the ensemble makes on training sales it had not seen: each block is valued by trees of the sales before it. */
export interface OutOfFold {
  /** First row that was valued. */
  from: number;
  /** Logarithm of the price less the mixed value, from row `from` on. */
  residuals: Float64Array;
  blend: Blend;
  /** What the median sale fetched beyond the mixed value: added to every value. */
  shift: number;
}

const BLOCKS = 4;
/** The first blocks would be valued from too few sales to tell anything. */
const FIRST_SHARE = 0.45;

/** Walks forward over the last part of the training rows [0, to). */
export async function walkForward(
  lightgbm: LightGbm,
  matrix: SalesMatrix,
  to: number,
  options: { params: Params; rounds: Rounds; seed: number; signal?: AbortSignal },
): Promise<OutOfFold> {
  const from = Math.floor(to * FIRST_SHARE);
  const trees = new Float64Array(to - from);
  const plain = new Float64Array(to - from);
  for (let block = 0; block < BLOCKS; block += 1) {
    const start = from + Math.floor(((to - from) * block) / BLOCKS);
    const end = from + Math.floor(((to - from) * (block + 1)) / BLOCKS);
    const members: Member[] = [];
    for (const kind of MEMBER_KINDS) {
      const settings = { kind, seed: options.seed, rounds: options.rounds[kind] };
      members.push(await fitMember(lightgbm, matrix, { to: start }, settings, options.params, options.signal));
    }
    const predicted = predictMembers(members, matrix, start, end);
    trees.set(predicted.trees, start - from);
    plain.set(predicted.plain, start - from);
    for (const { booster } of members) booster.free();
  }
  const local = matrix.local.subarray(from, to);
  const hedonic = matrix.hedonic.subarray(from, to);
  const targets = matrix.targets.subarray(from, to);
  const parts = { trees, plain, local, hedonic };
  const blend = chooseBlend(parts, targets);
  const mixed = mix(blend, parts);
  const residuals = mixed.map((value, i) => targets[i]! - value);
  const shift = medianOf(residuals);
  return { from, residuals: residuals.map((residual) => residual - shift), blend, shift };
}
