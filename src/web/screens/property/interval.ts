/** A range of values in dollars. */
export interface Range {
  low: number;
  high: number;
}

/** Where the bands of an interval stand on an axis, as shares of its length. */
export interface IntervalPlan {
  bands: Array<{ name: string; start: number; length: number; range: Range }>;
  marks: Array<{ name: string; at: number; value: number }>;
  low: number;
  high: number;
}

/** Lays out nested ranges (the widest first) and single values on one axis with room at both ends. */
export function planInterval(
  ranges: ReadonlyArray<{ name: string; range: Range }>,
  marks: ReadonlyArray<{ name: string; value: number }>,
): IntervalPlan {
  const values = [...ranges.flatMap(({ range }) => [range.low, range.high]), ...marks.map(({ value }) => value)];
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = Math.max(1, (most - least) * 0.06);
  const low = Math.max(0, least - room);
  const high = most + room;
  const share = (value: number) => (value - low) / (high - low);
  const widestFirst = [...ranges].sort((a, b) => b.range.high - b.range.low - (a.range.high - a.range.low));
  return {
    bands: widestFirst.map(({ name, range }) => ({
      name,
      range,
      start: share(range.low),
      length: share(range.high) - share(range.low),
    })),
    marks: marks.map(({ name, value }) => ({ name, value, at: share(value) })),
    low,
    high,
  };
}

/** Half the width of a range as a share of the value: `±14%`. */
export function halfWidth({ low, high }: Range, value: number): number {
  return value === 0 ? 0 : (high - low) / 2 / value;
}
