import { dayNumber } from '../domain/valuation/days.ts';
import { createFeatureRows } from '../domain/valuation/feature-row.ts';
import {
  buildMarketHistory,
  type HistoryModel,
  localValue,
  type MarketHistory,
} from '../domain/valuation/market-history.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';

/** Feature rows of sales, each as of the day it closed, and what they are to be learned to. */
export interface SalesMatrix {
  history: MarketHistory;
  names: string[];
  columns: number;
  /** Positions of unordered categories, and of what the house itself states. */
  categorical: number[];
  plain: number[];
  rows: number;
  /** Row-major; NaN where missing. */
  values: Float64Array;
  /** Logarithm of the price, less the level of prices that its day could see: what the trees learn. */
  targets: Float64Array;
  levels: Float64Array;
  hedonic: Float64Array;
  /** Hedonic value and the mean of the two local premiums. */
  local: Float64Array;
}

/**
 * Rows for all sales (sorted by close date); each sees only the sales before it.
 * @param known sales that others may see, from the first: all where they have dates, the training part where they have none
 */
export function buildMatrix(model: HistoryModel, sales: readonly SaleRecord[], known = sales.length): SalesMatrix {
  const history = buildMarketHistory(model, sales.slice(0, known));
  const rows = createFeatureRows(history);
  const columns = rows.names.length;
  const matrix: SalesMatrix = {
    history,
    names: rows.names,
    columns,
    categorical: rows.categorical,
    plain: rows.plain,
    rows: sales.length,
    values: new Float64Array(sales.length * columns),
    targets: new Float64Array(sales.length),
    levels: new Float64Array(sales.length),
    hedonic: new Float64Array(sales.length),
    local: new Float64Array(sales.length),
  };
  sales.forEach((sale, i) => {
    const past = rows.write(sale, dayNumber(sale.closeDate), matrix.values, i * columns, i);
    matrix.levels[i] = past.level;
    matrix.hedonic[i] = past.hedonic;
    matrix.local[i] = localValue(past);
    matrix.targets[i] = Math.log(sale.closePrice) - past.level;
  });
  return matrix;
}
