const LEAF_SIZE = 24;
/** One waiting node per level, and no tree of halves over 2^31 points is deeper. */
const WAITING = 64;
/** Coordinates that are summed up before it is asked whether a point is too far already. */
const BLOCK = 4;
/** Rounding must not make a box smaller than what it holds. */
const A_HAIR_MORE = 1 + 1e-12;

/** Points in a k-d tree that are asked for the nearest among those that came before a given one. */
export interface KdTree {
  dimensions: number;
  /** Positions of points, so that each node's are together. */
  order: Int32Array;
  /** Where each position stands in it. */
  slots: Int32Array;
  /** Per node: split dimension (−1 for a leaf), split value, range in `order`, least position inside. */
  axis: Int16Array;
  split: Float64Array;
  start: Int32Array;
  end: Int32Array;
  least: Int32Array;
  left: Int32Array;
  right: Int32Array;
  /** Coordinates of a point below, with zeros to whole blocks. */
  stride: number;
  /** The points in the order of `order`: those of a leaf lie side by side. */
  ordered: Float64Array;
  /** Room for what is asked, in the same form. */
  asked: Float64Array;
  /** Per node and dimension: the middle of its box and how far this reaches to each side, a hair more. */
  middle: Float64Array;
  reach: Float64Array;
}

/** Builds the tree over `points` (row-major, `dimensions` numbers each), positions in the order in which they came. */
export function buildKdTree(points: Float64Array, dimensions: number): KdTree {
  const count = dimensions === 0 ? 0 : points.length / dimensions;
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const stride = Math.max(1, Math.ceil(dimensions / BLOCK)) * BLOCK;
  const capacity = Math.max(1, 4 * Math.ceil(count / LEAF_SIZE) + 8);
  const tree: KdTree = {
    dimensions,
    order,
    slots: new Int32Array(count),
    axis: new Int16Array(capacity).fill(-1),
    split: new Float64Array(capacity),
    start: new Int32Array(capacity),
    end: new Int32Array(capacity),
    least: new Int32Array(capacity),
    left: new Int32Array(capacity).fill(-1),
    right: new Int32Array(capacity).fill(-1),
    stride,
    ordered: new Float64Array(count * stride),
    asked: new Float64Array(stride),
    middle: new Float64Array(capacity * dimensions),
    reach: new Float64Array(capacity * dimensions),
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
    const axis = bound(tree, points, node);
    if (end - start <= LEAF_SIZE) return node;
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
    tree.slots[position] = i;
    tree.ordered.set(points.subarray(position * dimensions, (position + 1) * dimensions), i * stride);
  });
  return tree;
}

/** Puts the box around a node's points; the axis along which it is widest. */
function bound({ dimensions, order, start, end, middle, reach }: KdTree, points: Float64Array, node: number): number {
  let widest = 0;
  let width = -1;
  for (let d = 0; d < dimensions; d += 1) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = start[node]!; i < end[node]!; i += 1) {
      const value = points[order[i]! * dimensions + d]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const at = node * dimensions + d;
    middle[at] = (low + high) / 2;
    reach[at] = Math.max(high - middle[at]!, middle[at]! - low) * A_HAIR_MORE;
    if (high - low > width) {
      width = high - low;
      widest = d;
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
  const { stride, order, ordered, asked, axis, split, start, end, least, left, right } = tree;
  const { positions, squares, waiting } = found;
  const size = squares.length;
  for (let d = 0; d < tree.dimensions; d += 1) asked[d] = query[d]!;
  const first = asked[0]!;
  const second = asked[1]!;
  const third = asked[2]!;
  const fourth = asked[3]!;
  /** Squared distance of the farthest that is kept. */
  let most = Number.POSITIVE_INFINITY;
  waiting[0] = 0;
  let waits = 1;
  while (waits > 0) {
    waits -= 1;
    const node = waiting[waits]!;
    if (least[node]! >= limit) continue;
    if (isBeyond(tree, node, most)) continue;
    const across = axis[node]!;
    if (across >= 0) {
      // The side that the question lies on is looked at first: it narrows what is left to look at.
      const isLeft = asked[across]! - split[node]! < 0;
      waiting[waits] = isLeft ? right[node]! : left[node]!;
      waiting[waits + 1] = isLeft ? left[node]! : right[node]!;
      waits += 2;
      continue;
    }
    for (let i = start[node]!; i < end[node]!; i += 1) {
      const position = order[i]!;
      if (position >= limit || position === except) continue;
      // Four at a time, the first four at hand: the sum is the same, and whether it is too far is asked less often.
      let at = i * stride;
      const a = first - ordered[at]!;
      const b = second - ordered[at + 1]!;
      const c = third - ordered[at + 2]!;
      const e = fourth - ordered[at + 3]!;
      let square = a * a + b * b + c * c + e * e;
      for (let d = BLOCK; d < stride && square < most; d += BLOCK) {
        at += BLOCK;
        const f = asked[d]! - ordered[at]!;
        const g = asked[d + 1]! - ordered[at + 1]!;
        const h = asked[d + 2]! - ordered[at + 2]!;
        const k = asked[d + 3]! - ordered[at + 3]!;
        square = square + f * f + g * g + h * h + k * k;
      }
      if (square >= most) continue;
      square += extra(position);
      if (square >= most) continue;
      if (found.count === size) replaceTop(positions, squares, size, position, square);
      else push(found, position, square);
      if (found.count === size) most = squares[0]!;
    }
  }
  return found;
}

/** Sums in another order may differ in their last bits: a box is passed over only when it is clearly too far. */
const CLEARLY = 1 - 1e-9;

/** True when every point of the node is at least so far away. */
function isBeyond({ dimensions, middle, reach, asked }: KdTree, node: number, most: number): boolean {
  const enough = most * (4 / CLEARLY);
  let square = 0;
  let at = node * dimensions;
  for (let d = 0; d < dimensions && square < enough; d += 1) {
    const beyond = Math.abs(asked[d]! - middle[at]!) - reach[at]!;
    // Twice the gap, and 0 inside of the box, without asking which.
    const gap = beyond + Math.abs(beyond);
    square += gap * gap;
    at += 1;
  }
  return square >= enough;
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
