import { dayNumber } from '../domain/valuation/days.ts';
import { createFeatureRows } from '../domain/valuation/feature-row.ts';
import { localValue } from '../domain/valuation/market-history.ts';
import { quantileOfSorted } from '../domain/valuation/quantile.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import { hide, hideableOf, lacks } from './doubts.ts';
import { type Blend, type Member, mix, predictParts, type Rows } from './ensemble.ts';
import type { Booster } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';

const MOST_ROWS = 400;
/** A fact that fewer of the sales state is not missed. */
const LEAST_PRESENT = 0.5;
/** Less is known without a fact, even where no error tells so. */
const LEAST_WIDENING = 1.01;
/** Of the sales, so many have an interval with the fact that is no wider than without it. */
const SELDOM_NARROWER = 0.99;

/** How far off values are, as logarithms, of the same sales as they are and with one fact after the other hidden. */
export interface HiddenErrors {
  /** Positions among the training sales. */
  positions: number[];
  known: Float64Array;
  hidden: Record<string, Float64Array>;
}

/** Hides each fact that most sales state on a sample of the rows from `to` on, which the members have not learned from. */
export function hideFacts(
  {
    sales,
    matrix,
    to,
    positions,
  }: { sales: readonly SaleRecord[]; matrix: SalesMatrix; to: number; positions: number[] },
  model: { members: readonly Member[]; blend: Blend; shift: number },
): HiddenErrors {
  const step = Math.max(1, Math.ceil((matrix.rows - to) / MOST_ROWS));
  const chosen: number[] = [];
  for (let i = to; i < matrix.rows; i += step) chosen.push(i);
  const hidden: HiddenErrors['hidden'] = {};
  for (const fact of hideableOf(matrix.history.model)) {
    const present = chosen.filter((i) => !lacks(sales[i]!, fact)).length;
    if (present >= LEAST_PRESENT * chosen.length) hidden[fact] = errorsWithout(fact);
  }
  return { positions: chosen.map((i) => positions[i - to]!), known: errorsWithout(null), hidden };

  function errorsWithout(fact: string | null): Float64Array {
    const { rows, targets } = rowsWithout(fact, sales, matrix, chosen);
    const mixed = mix(model.blend, predictParts(model.members, rows, 0, chosen.length));
    return mixed.map((value, i) => Math.abs(targets[i]! - model.shift - value));
  }
}

/**
 * How much wider intervals must be when a fact is not known: so that they hold 80% of the sales as they do with it, and that
 * hardly any is narrower than the same house's with it.
 * @param sales that the matrix was made of
 * @param size the expected size of the error
 */
export function measureWidening(
  sales: readonly SaleRecord[],
  matrix: SalesMatrix,
  size: Booster,
  { positions, known, hidden }: HiddenErrors,
): Record<string, number> {
  const sizesWithout = (fact: string | null) =>
    size.predict(rowsWithout(fact, sales, matrix, positions).rows.values, positions.length).map(Math.exp);
  const asIs = sizesWithout(null);
  const held = quantileOf(known, asIs, 0.8);
  return Object.fromEntries(
    Object.entries(hidden).map(([fact, errors]) => {
      const sizes = sizesWithout(fact);
      const factor = Math.max(quantileOf(errors, sizes, 0.8) / held, quantileOf(asIs, sizes, SELDOM_NARROWER));
      return [fact, Number(Math.max(LEAST_WIDENING, factor).toFixed(3))];
    }),
  );
}

/** Quantile of the ratios of one to the other. */
const quantileOf = (above: Float64Array, below: Float64Array, share: number) =>
  quantileOfSorted(above.map((value, i) => value / below[i]!).sort(), share);

/** The chosen rows of a matrix, made anew without a fact. */
function rowsWithout(
  fact: string | null,
  sales: readonly SaleRecord[],
  matrix: SalesMatrix,
  chosen: readonly number[],
): { rows: Rows; targets: Float64Array } {
  const { columns, plain } = matrix;
  const feature = createFeatureRows(matrix.history);
  const rows = {
    columns,
    plain,
    values: new Float64Array(chosen.length * columns),
    local: new Float64Array(chosen.length),
    hedonic: new Float64Array(chosen.length),
  };
  const targets = new Float64Array(chosen.length);
  chosen.forEach((row, i) => {
    const sale = fact === null ? sales[row]! : { ...sales[row]!, ...hide(sales[row]!, fact) };
    const past = feature.write(sale, dayNumber(sale.closeDate), rows.values, i * columns, row);
    rows.hedonic[i] = past.hedonic;
    rows.local[i] = localValue(past);
    targets[i] = Math.log(sale.closePrice) - past.level;
  });
  return { rows, targets };
}
