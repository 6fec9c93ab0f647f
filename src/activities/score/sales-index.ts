import { compareText } from '../../domain/comparables/sale-match.ts';
import type { ComparableSale } from '../../domain/property.ts';

/** A sale before its distance to anything is known. */
export type PlacedSale = Omit<ComparableSale, 'distanceMetres'>;

/** Many sales in memory, found by place. Columns are parallel: one number a sale, NaN where unknown. */
export interface SalesIndex {
  /** In the index's own order. */
  sales: readonly PlacedSale[];
  latitude: Float64Array;
  longitude: Float64Array;
  cosLatitude: Float64Array;
  /** Days since 1970 of the close date. */
  day: Float64Array;
  priceCents: Float64Array;
  sqft: Float64Array;
  lotSqft: Float64Array;
  grade: Float64Array;
  condition: Float64Array;
  yearBuilt: Float64Array;
  bathrooms: Float64Array;
  /** Place in the order of property id, close date, price: what ties are broken by. */
  rank: Int32Array;
  /**
   * The sales nearest to a place, at most `limit`, in no order: the same that `nearestSales` of the database gives (square of
   * degrees, longitudes shrunk to the latitude). Sales further than 0.6 degrees away are left out: they are beyond the 25 km
   * that count.
   */
  nearest(latitude: number, longitude: number, limit: number): Int32Array;
}

const DAY_MS = 86_400_000;
/** Sales in a cell on average: few enough to skip most, enough to make rings short. */
const PER_CELL = 24;
const REACH_DEGREES = 0.6;
const MIN_SIDE_DEGREES = 0.002;

/** Builds the index: a grid of cells over the box that holds all sales, each with a run of positions. */
export function createSalesIndex(given: readonly PlacedSale[]): SalesIndex {
  const columnOf = (sales: readonly PlacedSale[], of: (sale: PlacedSale) => number | null) =>
    Float64Array.from(sales, (sale) => of(sale) ?? Number.NaN);
  const placed = createGrid(
    columnOf(given, (sale) => sale.latitude),
    columnOf(given, (sale) => sale.longitude),
  );
  // In the order of cells: what is near on the ground is near in memory, which is most of the speed.
  const sales = Array.from(placed.order, (i) => given[i]!);
  const grid = { ...placed, order: Int32Array.from(placed.order.keys()) };
  const column = (of: (sale: PlacedSale) => number | null) => columnOf(sales, of);
  const latitude = column((sale) => sale.latitude);
  const longitude = column((sale) => sale.longitude);
  const room = { found: new Int32Array(sales.length), apart: new Float64Array(sales.length) };
  return {
    sales,
    latitude,
    longitude,
    cosLatitude: latitude.map((degrees) => Math.cos((degrees * Math.PI) / 180)),
    day: column((sale) => Math.round(Date.parse(sale.closeDate.slice(0, 10)) / DAY_MS)),
    priceCents: column((sale) => sale.closePriceCents),
    sqft: column((sale) => sale.sqft),
    lotSqft: column((sale) => sale.lotSizeSqft),
    grade: column((sale) => sale.grade),
    condition: column((sale) => sale.condition),
    yearBuilt: column((sale) => sale.yearBuilt),
    bathrooms: column((sale) => sale.bathrooms),
    rank: rankOf(sales),
    nearest: (lat, lon, limit) => nearest(grid, room, latitude, longitude, lat, lon, limit),
  };
}

interface Grid {
  south: number;
  west: number;
  /** Side of a cell in degrees. */
  side: number;
  rows: number;
  columns: number;
  /** Where each cell's run begins in `order`; one more at the end. */
  start: Int32Array;
  order: Int32Array;
}

function createGrid(latitude: Float64Array, longitude: Float64Array): Grid {
  const count = latitude.length;
  let [south, north, west, east] = [90, -90, 180, -180];
  for (let i = 0; i < count; i += 1) {
    south = Math.min(south, latitude[i]!);
    north = Math.max(north, latitude[i]!);
    west = Math.min(west, longitude[i]!);
    east = Math.max(east, longitude[i]!);
  }
  const height = Math.max(1e-6, north - south);
  const width = Math.max(1e-6, east - west);
  const side = Math.max(
    MIN_SIDE_DEGREES,
    Math.sqrt((height * width * PER_CELL) / Math.max(1, count)),
    Math.max(height, width) / 4_000,
  );
  const rows = count === 0 ? 0 : Math.floor(height / side) + 1;
  const columns = count === 0 ? 0 : Math.floor(width / side) + 1;
  const start = new Int32Array(rows * columns + 1);
  const cellOf = (i: number) =>
    Math.min(rows - 1, Math.floor((latitude[i]! - south) / side)) * columns +
    Math.min(columns - 1, Math.floor((longitude[i]! - west) / side));
  for (let i = 0; i < count; i += 1) start[cellOf(i) + 1]! += 1;
  for (let cell = 0; cell < rows * columns; cell += 1) start[cell + 1]! += start[cell]!;
  const next = start.slice();
  const order = new Int32Array(count);
  for (let i = 0; i < count; i += 1) {
    const cell = cellOf(i);
    order[next[cell]!] = i;
    next[cell]! += 1;
  }
  return { south, west, side, rows, columns, start, order };
}

/** Rings of cells outward until enough sales lie nearer than the next ring can. */
function nearest(
  grid: Grid,
  room: { found: Int32Array; apart: Float64Array },
  latitude: Float64Array,
  longitude: Float64Array,
  lat: number,
  lon: number,
  limit: number,
): Int32Array {
  const { south, west, side, rows, columns, start, order } = grid;
  const shrink = Math.cos((lat * Math.PI) / 180) ** 2;
  const row = Math.floor((lat - south) / side);
  const column = Math.floor((lon - west) / side);
  const { found, apart } = room;
  let seenCount = 0;
  const take = (r: number, c: number) => {
    if (r < 0 || c < 0 || r >= rows || c >= columns) return;
    const cell = r * columns + c;
    for (let at = start[cell]!; at < start[cell + 1]!; at += 1) {
      const i = order[at]!;
      const dLat = latitude[i]! - lat;
      const dLon = longitude[i]! - lon;
      found[seenCount] = i;
      apart[seenCount] = dLat * dLat + dLon * dLon * shrink;
      seenCount += 1;
    }
  };
  // Beyond the grid there is nothing, however far away one asks from.
  const edge = Math.max(row, rows - 1 - row, column, columns - 1 - column);
  const rings = Math.min(edge, Math.ceil(REACH_DEGREES / side));
  for (let ring = 0; ring <= rings; ring += 1) {
    // All that lies within this square distance has been seen: cells beyond start at least `ring - 1` sides away.
    const seen = Math.max(0, ring - 1) * side * Math.sqrt(shrink);
    if (seenCount >= limit && within(apart, seenCount, seen * seen) >= limit) break;
    for (let c = column - ring; c <= column + ring; c += 1) {
      take(row - ring, c);
      if (ring > 0) take(row + ring, c);
    }
    for (let r = row - ring + 1; r < row + ring; r += 1) {
      take(r, column - ring);
      take(r, column + ring);
    }
  }
  if (seenCount <= limit) return found.slice(0, seenCount);
  const bound = apart.slice(0, seenCount).sort()[limit - 1]!;
  const chosen = new Int32Array(limit);
  let count = 0;
  for (let at = 0; at < seenCount; at += 1) if (apart[at]! < bound) chosen[count++] = found[at]!;
  for (let at = 0; at < seenCount && count < limit; at += 1) if (apart[at] === bound) chosen[count++] = found[at]!;
  return chosen;
}

function within(apart: Float64Array, length: number, bound: number): number {
  let count = 0;
  for (let at = 0; at < length; at += 1) if (apart[at]! <= bound) count += 1;
  return count;
}

function rankOf(sales: readonly PlacedSale[]): Int32Array {
  const order = Array.from(sales.keys()).sort((i, j) => {
    const [a, b] = [sales[i]!, sales[j]!];
    return (
      compareText(a.propertyId, b.propertyId) ||
      compareText(a.closeDate, b.closeDate) ||
      a.closePriceCents - b.closePriceCents
    );
  });
  const rank = new Int32Array(sales.length);
  for (const [place, i] of order.entries()) rank[i] = place;
  return rank;
}
