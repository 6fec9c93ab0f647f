import type { SaleRecord } from '../domain/valuation/sale-record.ts';

/** Sales in an order in which those to be valued, by what the others teach, stand last. */
export interface Rotation {
  sales: SaleRecord[];
  /** Where those to be valued begin. */
  to: number;
  /** Of each of those, its position in the given order. */
  positions: number[];
}

/** So few sales are cross-validated, and learned from in small steps: one part of them tells more of chance. */
export const FEW_ROWS = 5_000;

const FOLDS = 5;

/**
 * Cross-validation of sales without dates, which stand in no order of time: every fifth in turn is valued by the rest. The
 * sales of one parcel, neighbours in the order of their hash, are so valued together, but for those at an edge.
 */
export function rotations(sales: readonly SaleRecord[]): Rotation[] {
  const edge = (fold: number) => Math.floor((sales.length * fold) / FOLDS);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const [from, to] = [edge(fold), edge(fold + 1)];
    const rest = [...sales.slice(0, from), ...sales.slice(to)];
    const positions = Array.from({ length: to - from }, (_, i) => from + i);
    return { sales: [...rest, ...sales.slice(from, to)], to: rest.length, positions };
  });
}
