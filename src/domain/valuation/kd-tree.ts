const LEAF_SIZE = 24;
/** One waiting node per level, and no tree of halves over 2^31 points is deeper. */
const WAITING = 64;

/** Points in a k-d tree that are asked for the nearest among those that came before a given one. */
export interface KdTree {
  points: Float64Array;
  dimensions: number;
  /** Positions of points, so that each node's are together. */
  order: Int32Array;
  /** Per node: split dimension (−1 for a leaf), split value, range in `order`, least position inside. */
  axis: Int16Array;
  split: Float64Array;
  start: Int32Array;
  end: Int32Array;
  least: Int32Array;
  left: Int32Array;
  right: Int32Array;
  /** The points in the order of `order`: those of a leaf lie side by side. */
  ordered: Float64Array;
  /** Per node and dimension: least and greatest coordinate inside. */
  low: Float64Array;
  high: Float64Array;
}

/** Builds the tree over `points` (row-major, `dimensions` numbers each), positions in the order in which they came. */
export function buildKdTree(points: Float64Array, dimensions: number): KdTree {
  const count = dimensions === 0 ? 0 : points.length / dimensions;
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const capacity = Math.max(1, 4 * Math.ceil(count / LEAF_SIZE) + 8);
  const tree: KdTree = {
    points,
    dimensions,
    order,
    axis: new Int16Array(capacity).fill(-1),
    split: new Float64Array(capacity),
    start: new Int32Array(capacity),
    end: new Int32Array(capacity),
    least: new Int32Array(capacity),
    left: new Int32Array(capacity).fill(-1),
    right: new Int32Array(capacity).fill(-1),
    ordered: new Float64Array(points.length),
    low: new Float64Array(capacity * dimensions).fill(Number.POSITIVE_INFINITY),
    high: new Float64Array(capacity * dimensions).fill(Number.NEGATIVE_INFINITY),
  };
  let nodes = 0;
  const grow = (start: number, end: number): number => {
    const node = nodes;
    nodes += 1;
    tree.start[node] = start;
    tree.end[node] = end;
    let least = Number.MAX_SAFE_INTEGER;
    for (let i = start; i < end; i += 1) least = Math.min(least, order[i]!);
    tree.least[node] = least === Number.MAX_SAFE_INTEGER ? 0x7fffffff : least;
    bound(tree, node);
    if (end - start <= LEAF_SIZE) return node;
    const axis = widestAxis(tree, start, end);
    const slice = order.subarray(start, end);
    // Ties by position keep the tree, and so every answer, the same on every run.
    slice.sort((a, b) => points[a * dimensions + axis]! - points[b * dimensions + axis]! || a - b);
    const middle = (start + end) >>> 1;
    if (points[order[start]! * dimensions + axis] === points[order[end - 1]! * dimensions + axis]) return node;
    tree.axis[node] = axis;
    tree.split[node] = points[order[middle]! * dimensions + axis]!;
    tree.left[node] = grow(start, middle);
    tree.right[node] = grow(middle, end);
    return node;
  };
  if (count > 0) grow(0, count);
  order.forEach((position, i) => {
    tree.ordered.set(points.subarray(position * dimensions, (position + 1) * dimensions), i * dimensions);
  });
  return tree;
}

/** The box around a node's points. */
function bound({ points, dimensions, order, start, end, low, high }: KdTree, node: number): void {
  for (let i = start[node]!; i < end[node]!; i += 1) {
    for (let d = 0; d < dimensions; d += 1) {
      const value = points[order[i]! * dimensions + d]!;
      const at = node * dimensions + d;
      if (value < low[at]!) low[at] = value;
      if (value > high[at]!) high[at] = value;
    }
  }
}

function widestAxis(tree: KdTree, start: number, end: number): number {
  let widest = 0;
  let width = -1;
  for (let axis = 0; axis < tree.dimensions; axis += 1) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i += 1) {
      const value = tree.points[tree.order[i]! * tree.dimensions + axis]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > width) {
      width = high - low;
      widest = axis;
    }
  }
  return widest;
}

/** The nearest points found, nearest last: a heap with the farthest on top. Reused between questions. */
export interface NearestFound {
  count: number;
  positions: Int32Array;
  /** Squared distances. */
  squares: Float64Array;
  /** Nodes still to be looked at, while a question is answered. */
  waiting: Int32Array;
}

/** Room for the `size` nearest. */
export const createFound = (size: number): NearestFound => ({
  count: 0,
  positions: new Int32Array(size),
  squares: new Float64Array(size),
  waiting: new Int32Array(WAITING),
});

/**
 * The nearest points to `query` among those at a position below `limit` and other than `except`.
 * @param extra what a candidate adds to the squared distance beyond its coordinates (≥ 0), such as another category
 */
export function findNearest(
  tree: KdTree,
  query: Float64Array,
  limit: number,
  except: number,
  extra: (position: number) => number,
  found: NearestFound,
): NearestFound {
  found.count = 0;
  if (tree.order.length === 0 || !(limit > 0)) return found;
  const { dimensions, order, ordered, axis, split, start, end, least, left, right } = tree;
  const { positions, squares } = found;
  const size = squares.length;
  const { waiting } = found;
  waiting[0] = 0;
  let waits = 1;
  while (waits > 0) {
    waits -= 1;
    const node = waiting[waits]!;
    if (least[node]! >= limit) continue;
    if (found.count === size && isBeyond(tree, node, query, squares[0]!)) continue;
    const across = axis[node]!;
    if (across >= 0) {
      // The side that the question lies on is looked at first: it narrows what is left to look at.
      const isLeft = query[across]! - split[node]! < 0;
      waiting[waits] = isLeft ? right[node]! : left[node]!;
      waiting[waits + 1] = isLeft ? left[node]! : right[node]!;
      waits += 2;
      continue;
    }
    for (let i = start[node]!; i < end[node]!; i += 1) {
      const position = order[i]!;
      if (position >= limit || position === except) continue;
      const isFull = found.count === size;
      const most = isFull ? squares[0]! : Number.POSITIVE_INFINITY;
      let square = 0;
      let at = i * dimensions;
      let d = 0;
      // Four at a time: the sum is the same, and whether it is too far already is asked less often.
      for (; d + 3 < dimensions && square < most; d += 4) {
        const a = query[d]! - ordered[at]!;
        const b = query[d + 1]! - ordered[at + 1]!;
        const c = query[d + 2]! - ordered[at + 2]!;
        const e = query[d + 3]! - ordered[at + 3]!;
        square = square + a * a + b * b + c * c + e * e;
        at += 4;
      }
      if (square >= most) continue;
      for (; d < dimensions; d += 1) {
        const gap = query[d]! - ordered[at]!;
        square += gap * gap;
        at += 1;
      }
      if (square >= most) continue;
      square += extra(position);
      if (square >= most) continue;
      if (isFull) replaceTop(positions, squares, found.count, position, square);
      else push(found, position, square);
    }
  }
  return found;
}

/** Sums in another order may differ in their last bits: a box is passed over only when it is clearly too far. */
const CLEARLY = 1 - 1e-9;

/** True when every point of the node is at least so far away. */
function isBeyond({ dimensions, low, high }: KdTree, node: number, query: Float64Array, most: number): boolean {
  let square = 0;
  let at = node * dimensions;
  for (let d = 0; d < dimensions; d += 1) {
    const value = query[d]!;
    const under = low[at]! - value;
    const over = value - high[at]!;
    const gap = under > 0 ? under : over > 0 ? over : 0;
    square += gap * gap;
    at += 1;
  }
  return square * CLEARLY >= most;
}

function push(found: NearestFound, position: number, square: number): void {
  let at = found.count;
  found.count += 1;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if (found.squares[parent]! >= square) break;
    found.squares[at] = found.squares[parent]!;
    found.positions[at] = found.positions[parent]!;
    at = parent;
  }
  found.squares[at] = square;
  found.positions[at] = position;
}

function replaceTop(
  positions: Int32Array,
  squares: Float64Array,
  count: number,
  position: number,
  square: number,
): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && squares[child + 1]! > squares[child]!) child += 1;
    if (squares[child]! <= square) break;
    squares[at] = squares[child]!;
    positions[at] = positions[child]!;
    at = child;
  }
  squares[at] = square;
  positions[at] = position;
}
