const LEAF_SIZE = 24;

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
  return tree;
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
}

/** Room for the `size` nearest. */
export const createFound = (size: number): NearestFound => ({
  count: 0,
  positions: new Int32Array(size),
  squares: new Float64Array(size),
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
  if (tree.order.length > 0 && limit > 0) visit(0, 0);
  return found;

  function visit(node: number, bound: number): void {
    if (tree.least[node]! >= limit) return;
    if (found.count === found.squares.length && bound >= found.squares[0]!) return;
    const axis = tree.axis[node]!;
    if (axis < 0) {
      for (let i = tree.start[node]!; i < tree.end[node]!; i += 1) {
        const position = tree.order[i]!;
        if (position < limit && position !== except) consider(position);
      }
      return;
    }
    const gap = query[axis]! - tree.split[node]!;
    const [near, far] = gap < 0 ? [tree.left[node]!, tree.right[node]!] : [tree.right[node]!, tree.left[node]!];
    visit(near, bound);
    visit(far, Math.max(bound, gap * gap));
  }

  function consider(position: number): void {
    const full = found.count === found.squares.length;
    const most = full ? found.squares[0]! : Number.POSITIVE_INFINITY;
    let square = 0;
    const at = position * tree.dimensions;
    for (let d = 0; d < tree.dimensions; d += 1) {
      const gap = query[d]! - tree.points[at + d]!;
      square += gap * gap;
      if (square >= most) return;
    }
    square += extra(position);
    if (square >= most) return;
    if (full) replaceTop(found, position, square);
    else push(found, position, square);
  }
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

function replaceTop(found: NearestFound, position: number, square: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= found.count) break;
    if (child + 1 < found.count && found.squares[child + 1]! > found.squares[child]!) child += 1;
    if (found.squares[child]! <= square) break;
    found.squares[at] = found.squares[child]!;
    found.positions[at] = found.positions[child]!;
    at = child;
  }
  found.squares[at] = square;
  found.positions[at] = position;
}
