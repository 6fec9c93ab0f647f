import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { ModelDocument } from './artifact.ts';
import type { Chosen, SearchOptions } from './choose-settings.ts';
import { fitMember, MEMBER_KINDS, type Member } from './ensemble.ts';
import { fitHistory } from './fit-history.ts';
import { fitIntervals, type IntervalModel } from './intervals.ts';
import type { LightGbm } from './lightgbm/lightgbm.ts';
import { buildMatrix, type SalesMatrix } from './matrix.ts';
import { type OutOfFold, valueOutOfFold } from './out-of-fold.ts';

/** A model of the first `rows` sales, with what it takes to serve it. */
export interface Fitted {
  matrix: SalesMatrix;
  rows: number;
  members: Member[];
  outOfFold: OutOfFold;
  intervals: IntervalModel;
}

/**
 * Fits history and members on the first `rows`. Their errors on sales not learned from are measured by fits of parts of
 * them, or are those of an earlier fit.
 */
export async function fitModel(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  rows: number,
  isDated: boolean,
  chosen: Chosen,
  { seed, signal }: Pick<SearchOptions, 'seed' | 'signal'>,
  earlier?: Fitted,
): Promise<Fitted> {
  const history = fitHistory(sales.slice(0, rows), chosen.history);
  const matrix = buildMatrix(history, sales, isDated ? sales.length : rows);
  const { params, rounds } = chosen;
  const interruption = signal === undefined ? {} : { signal };
  const outOfFold =
    earlier?.outOfFold ??
    (await valueOutOfFold(lightgbm, sales.slice(0, rows), { ...chosen, isDated, seed, ...interruption }));
  const members: Member[] = [];
  for (const kind of MEMBER_KINDS) {
    if (outOfFold.blend[kind] === 0) continue;
    members.push(await fitMember(lightgbm, matrix, { to: rows }, { kind, seed, rounds: rounds[kind] }, params, signal));
  }
  if (earlier !== undefined) return { ...earlier, matrix, rows, members };
  const intervals = await fitIntervals(lightgbm, sales, matrix, outOfFold, seed);
  return { matrix, rows, members, outOfFold, intervals };
}

export function documentOf(
  fitted: Fitted,
  sales: SaleRecord[],
  isDated: boolean,
  market: string,
  version: string,
): ModelDocument {
  const { matrix, outOfFold, intervals, members, rows } = fitted;
  const mean = (values: Float64Array) => values.subarray(0, rows).reduce((sum, value) => sum + value, 0) / rows;
  return {
    format: 3,
    market,
    version,
    history: matrix.history.model,
    sales,
    isDated,
    featureNames: matrix.names,
    members: members.map(({ kind, booster }) => ({ kind, booster: booster.save() })),
    blend: outOfFold.blend,
    shift: outOfFold.shift,
    averages: { local: mean(matrix.local), hedonic: mean(matrix.hedonic), level: mean(matrix.levels) },
    intervals: {
      booster: intervals.booster.save(),
      halfWidths: intervals.halfWidths,
      percentiles: intervals.percentiles,
    },
    widening: intervals.widening,
  };
}

export function freeFitted(fitted: Fitted): void {
  for (const { booster } of fitted.members) booster.free();
  fitted.intervals.booster.free();
}
