import type { SaleRecord } from '../../domain/valuation/sale-record.ts';

/** Rows with both values that show whether a column follows the price. */
const ROWS_NEEDED = 50;
/** Rank correlation that no fact of a house reaches: the column is the price in another form. */
const SAME_ORDER = 0.9995;

/**
 * The columns whose numbers stand in the order of the prices, whatever they are called: the price again, its logarithm, its
 * price in another currency; and those that times the living area are the price. A model that learned from them would know the answer.
 */
export function columnsThatRepeatThePrice(sales: readonly SaleRecord[], names: readonly string[]): string[] {
  return names.filter((name) => {
    const pairs = sales.flatMap(({ extras, closePrice }) => {
      const value = extras[name];
      return typeof value === 'number' ? [[value, closePrice] as const] : [];
    });
    if (pairs.length < ROWS_NEEDED) return false;
    if (isPricePerArea(sales, name)) return true;
    // Cheap first: most columns are far from the price's order on a few rows already.
    if (pairs.length > 400 && Math.abs(rankCorrelation(pairs.slice(0, 200))) < 0.9) return false;
    return Math.abs(rankCorrelation(pairs)) >= SAME_ORDER;
  });
}

/** Whether the column times the living area is the price, in whatever units, in nearly every row. */
function isPricePerArea(sales: readonly SaleRecord[], name: string): boolean {
  const logs = sales.flatMap(({ extras, facts, closePrice }) => {
    const value = extras[name];
    return typeof value === 'number' && value > 0 && facts.sqft !== null
      ? [Math.log((value * facts.sqft) / closePrice)]
      : [];
  });
  if (logs.length < ROWS_NEEDED) return false;
  const middle = [...logs].sort((a, b) => a - b)[logs.length >> 1]!;
  return logs.filter((log) => Math.abs(log - middle) < 0.02).length > 0.95 * logs.length;
}

/** Spearman's: the correlation of the ranks, equal values sharing their middle rank. 0 when one side is constant. */
function rankCorrelation(pairs: ReadonlyArray<readonly [number, number]>): number {
  const [a, b] = [ranks(pairs.map(([value]) => value)), ranks(pairs.map(([, value]) => value))];
  const middle = (pairs.length - 1) / 2;
  let [both, first, second] = [0, 0, 0];
  for (let i = 0; i < pairs.length; i += 1) {
    const [x, y] = [a[i]! - middle, b[i]! - middle];
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return first === 0 || second === 0 ? 0 : both / Math.sqrt(first * second);
}

function ranks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to += 1;
    for (let k = from; k <= to; k += 1) out[order[k]!] = (from + to) / 2;
    from = to + 1;
  }
  return out;
}
