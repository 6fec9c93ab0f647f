import type { SaleRecord } from '../domain/valuation/sale-record.ts';

/** Sales in an order in which those to be valued, by what the others teach, stand last. */
export interface Rotation {
  sales: SaleRecord[];
  /** Where those to be valued begin. */
  to: number;
  /** Of each of those, its position in the given order. */
  positions: number[];
}

const FOLDS = 5;

/** Cross-validation of sales without dates, which stand in no order of time: every fifth in turn is valued by the rest. */
export function rotations(sales: readonly SaleRecord[]): Rotation[] {
  return Array.from({ length: FOLDS }, (_, fold) => {
    const rest = sales.filter((_, at) => at % FOLDS !== fold);
    const positions = sales.flatMap((_, at) => (at % FOLDS === fold ? [at] : []));
    return { sales: [...rest, ...positions.map((at) => sales[at]!)], to: rest.length, positions };
  });
}
