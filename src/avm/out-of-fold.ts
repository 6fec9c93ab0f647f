import { medianOf } from '../domain/valuation/quantile.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import {
  type Blend,
  chooseBlend,
  fitMember,
  MEMBER_KINDS,
  type Member,
  mix,
  PARTS,
  predictParts,
  type Rounds,
} from './ensemble.ts';
import { fitHistory, type HistorySettings } from './fit-history.ts';
import { type HiddenErrors, hideFacts } from './hidden-facts.ts';
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';
import { buildMatrix, type SalesMatrix } from './matrix.ts';
import { type Rotation, rotations } from './rotations.ts';

/** Errors that the ensemble makes on training sales it had not learned from. */
export interface OutOfFold {
  /** First row that was valued. */
  from: number;
  /** Logarithm of the price less the mixed value, from row `from` on. */
  residuals: Float64Array;
  blend: Blend;
  /** What the median sale fetched beyond the mixed value: added to every value. */
  shift: number;
  /** Errors without one fact after the other, on the last block. */
  hiddenErrors: HiddenErrors;
}

const BLOCKS = 4;
/** The first blocks would be valued from too few sales to tell anything. */
const FIRST_SHARE = 0.45;

/** How the fits are made: as the model itself will be. */
export interface OutOfFoldSettings {
  history: HistorySettings;
  params: Params;
  rounds: Rounds;
  isDated: boolean;
  seed: number;
  signal?: AbortSignal;
}

/**
 * Values training sales that were not learned from; everything that is fitted is fitted anew for each block. Dated sales
 * are walked over forward, block by block of the last part; sales without dates are cross-validated, all of them.
 */
export async function valueOutOfFold(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  settings: OutOfFoldSettings,
): Promise<OutOfFold> {
  const from = settings.isDated ? Math.floor(sales.length * FIRST_SHARE) : 0;
  const blocks = settings.isDated ? forwardBlocks(sales, from) : rotations(sales);
  const zeros = () => new Float64Array(sales.length - from);
  const parts = { plain: zeros(), onHedonic: zeros(), onLocal: zeros(), hedonic: zeros(), local: zeros() };
  const targets = zeros();
  let last: Fitted | undefined;
  for (const block of blocks) {
    for (const { booster } of last?.members ?? []) booster.free();
    last = await fitBlock(lightgbm, block, settings);
    const { matrix, members } = last;
    const predicted = predictParts(members, matrix, block.to, matrix.rows);
    block.positions.forEach((position, i) => {
      const at = position - from;
      for (const part of PARTS) parts[part][at] = predicted[part][i]!;
      targets[at] = matrix.targets[block.to + i]!;
    });
  }
  const blend = chooseBlend(parts, targets);
  const mixed = mix(blend, parts);
  const residuals = mixed.map((value, i) => targets[i]! - value);
  const shift = medianOf(residuals);
  const hiddenErrors = hideFacts(last!, { members: last!.members, blend, shift });
  for (const { booster } of last!.members) booster.free();
  return { from, residuals: residuals.map((residual) => residual - shift), blend, shift, hiddenErrors };
}

function forwardBlocks(sales: readonly SaleRecord[], from: number): Rotation[] {
  const edge = (block: number) => from + Math.floor(((sales.length - from) * block) / BLOCKS);
  return Array.from({ length: BLOCKS }, (_, block) => {
    const [to, end] = [edge(block), edge(block + 1)];
    return { sales: sales.slice(0, end), to, positions: Array.from({ length: end - to }, (_, i) => to + i) };
  });
}

interface Fitted extends Rotation {
  matrix: SalesMatrix;
  members: Member[];
}

async function fitBlock(lightgbm: LightGbm, block: Rotation, settings: OutOfFoldSettings): Promise<Fitted> {
  const { sales, to } = block;
  const { history, params, rounds, seed, signal, isDated } = settings;
  const matrix = buildMatrix(fitHistory(sales.slice(0, to), history), sales, isDated ? sales.length : to);
  const members: Member[] = [];
  for (const kind of MEMBER_KINDS) {
    members.push(await fitMember(lightgbm, matrix, { to }, { kind, seed, rounds: rounds[kind] }, params, signal));
  }
  return { ...block, matrix, members };
}
