/**
 * Median of the first `count` values, which it puts in another order; NaN of none. None may be NaN. It makes no garbage: a
 * thousand markets are judged in one question.
 */
export function medianInto(values: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const upper = count >> 1;
  if (count <= FEW) sortFew(values, count);
  else select(values, count, upper);
  if (count % 2 === 1) return values[upper]!;
  let lower = values[0]!;
  for (let at = 1; at < upper; at += 1) if (values[at]! > lower) lower = values[at]!;
  return (lower + values[upper]!) / 2;
}

/** Up to so many are sorted faster than selected from. */
const FEW = 16;

function sortFew(values: Float64Array, count: number): void {
  for (let at = 1; at < count; at += 1) {
    const value = values[at]!;
    let to = at;
    while (to > 0 && values[to - 1]! > value) {
      values[to] = values[to - 1]!;
      to -= 1;
    }
    values[to] = value;
  }
}

/** Puts the value of rank k in its place, smaller ones before it (Hoare's selection, 1961). */
function select(values: Float64Array, count: number, k: number): void {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i += 1;
      while (values[j]! > pivot) j -= 1;
      if (i <= j) {
        const held = values[i]!;
        values[i] = values[j]!;
        values[j] = held;
        i += 1;
        j -= 1;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
}
