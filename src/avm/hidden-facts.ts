import { dayNumber } from '../domain/valuation/days.ts';
import { createFeatureRows } from '../domain/valuation/feature-row.ts';
import { quantileOfSorted } from '../domain/valuation/quantile.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import { hide, hideableOf, lacks } from './doubts.ts';
import { type Blend, type Member, mix, predictParts } from './ensemble.ts';
import type { SalesMatrix } from './matrix.ts';

const MOST_ROWS = 400;
/** A fact that fewer of the sales state is not missed. */
const LEAST_PRESENT = 0.5;

/**
 * How much wider intervals must be when a fact is not known: each fact in turn is hidden on a sample of the rows
 * from `to` on, which the members have not learned from, and the 80% quantile of the error is held against that of the
 * rows as they are. Never below 1.
 */
export function measureWidening(
  { sales, matrix, to }: { sales: readonly SaleRecord[]; matrix: SalesMatrix; to: number },
  model: { members: readonly Member[]; blend: Blend; shift: number },
): Record<string, number> {
  const step = Math.max(1, Math.ceil((matrix.rows - to) / MOST_ROWS));
  const chosen: number[] = [];
  for (let i = to; i < matrix.rows; i += step) chosen.push(i);
  const rows = createFeatureRows(matrix.history);
  const asIs = score((sale) => sale);
  const widening: Record<string, number> = {};
  for (const fact of hideableOf(matrix.history.model)) {
    const present = chosen.filter((i) => !lacks(sales[i]!, fact)).length;
    if (present < LEAST_PRESENT * chosen.length) continue;
    const factor = score((sale) => ({ ...sale, ...hide(sale, fact) })) / asIs;
    widening[fact] = Number(Math.max(1, factor).toFixed(3));
  }
  return widening;

  function score(change: (sale: SaleRecord) => SaleRecord): number {
    const part = {
      columns: matrix.columns,
      plain: matrix.plain,
      values: new Float64Array(chosen.length * matrix.columns),
      local: new Float64Array(chosen.length),
      hedonic: new Float64Array(chosen.length),
    };
    const targets = new Float64Array(chosen.length);
    chosen.forEach((row, i) => {
      const sale = change(sales[row]!);
      const past = rows.write(sale, dayNumber(sale.closeDate), part.values, i * matrix.columns, row);
      part.hedonic[i] = past.hedonic;
      part.local[i] = past.hedonic + (past.near.premium + past.wide.premium) / 2;
      targets[i] = Math.log(sale.closePrice) - past.level - model.shift;
    });
    const mixed = mix(model.blend, predictParts(model.members, part, 0, chosen.length));
    const errors = mixed.map((value, i) => Math.abs(targets[i]! - value));
    return quantileOfSorted(errors.sort(), 0.8);
  }
}
