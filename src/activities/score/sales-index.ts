import type { NearSales } from '../../domain/comparables/choose.ts';
import { type MeasuredSale, numbersOfSales, type SaleNumbers } from '../../domain/comparables/sale-numbers.ts';
import { type GeoPoint, metresBetween, onSphere, type SpherePoint } from '../../domain/geo.ts';
import { selectSmallest } from './smallest.ts';

export type { MeasuredSale };

/** Many sales in memory, found by place. */
export interface SalesIndex {
  /** In the index's own order. */
  table: SaleNumbers;
  /**
   * The sales nearest to a place, at most `limit`, in no order: the same that `nearestSales` of the database gives (square of
   * degrees, longitudes shrunk to the latitude). Sales further than 0.6 degrees away are left out: they are beyond the 25 km
   * that count. The answer holds until the next question; without a place it is empty.
   */
  nearest(place: GeoPoint | null, limit: number): NearSales;
}

/** Sales in a cell on average: few enough to skip most, enough to make rings short. */
const PER_CELL = 12;
const REACH_DEGREES = 0.6;
const MIN_SIDE_DEGREES = 0.002;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Builds the index: a grid of cells over the box that holds all sales, each with a run of positions. */
export function createSalesIndex(given: readonly MeasuredSale[]): SalesIndex {
  const column = (of: (sale: MeasuredSale) => number) => Float64Array.from(given, of);
  const grid = createGrid(
    column((sale) => sale.latitude),
    column((sale) => sale.longitude),
  );
  // In the order of cells: what is near on the ground is near in memory, which is most of the speed.
  const table = numbersOfSales(Array.from(grid.order, (i) => ({ ...given[i]! })));
  const { latitude, longitude } = table;
  const points = Array.from(latitude, (degrees, i) => onSphere({ latitude: degrees, longitude: longitude[i]! }));
  const [x, y, z] = columnsOf(points);
  const room: Room = {
    count: 0,
    positions: new Int32Array(given.length),
    apart: new Float64Array(given.length),
    some: new Float64Array(given.length),
  };
  const metres = new Float64Array(given.length);
  const found: NearSales = { count: 0, positions: room.positions, metres };
  return {
    table,
    nearest(place, limit) {
      room.count = 0;
      if (place !== null) {
        collect(grid, room, table, place, limit);
        keepNearest(room, limit);
        measure(place);
      }
      found.count = room.count;
      return found;
    },
  };

  function measure(place: GeoPoint): void {
    const here = onSphere(place);
    for (let at = 0; at < room.count; at += 1) {
      const i = room.positions[at]!;
      metres[at] = metresBetween(here, x[i]!, y[i]!, z[i]!);
    }
  }
}

const columnsOf = (points: readonly SpherePoint[]) =>
  [
    Float64Array.from(points, ({ x }) => x),
    Float64Array.from(points, ({ y }) => y),
    Float64Array.from(points, ({ z }) => z),
  ] as const;

interface Grid {
  south: number;
  west: number;
  /** Sides of a cell in degrees: about as wide on the ground as it is high. */
  height: number;
  width: number;
  rows: number;
  columns: number;
  /** Where each cell's run begins; one more at the end. */
  start: Int32Array;
  /** The sales' order by cell. */
  order: Int32Array;
}

/** Sales found so far, with the square of their distance in degrees. */
interface Room {
  count: number;
  positions: Int32Array;
  apart: Float64Array;
  /** Distances of some of them, to be searched. */
  some: Float64Array;
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
  const shrink = Math.max(0.2, Math.cos(radians((south + north) / 2)));
  const tall = Math.max(1e-6, north - south);
  const wide = Math.max(1e-6, east - west);
  const height = Math.max(
    MIN_SIDE_DEGREES,
    Math.sqrt((tall * wide * shrink * PER_CELL) / Math.max(1, count)),
    Math.max(tall, wide * shrink) / 4_000,
  );
  const width = height / shrink;
  const rows = count === 0 ? 0 : Math.floor(tall / height) + 1;
  const columns = count === 0 ? 0 : Math.floor(wide / width) + 1;
  const start = new Int32Array(rows * columns + 1);
  const cellOf = (i: number) =>
    Math.min(rows - 1, Math.floor((latitude[i]! - south) / height)) * columns +
    Math.min(columns - 1, Math.floor((longitude[i]! - west) / width));
  for (let i = 0; i < count; i += 1) start[cellOf(i) + 1]! += 1;
  for (let cell = 0; cell < rows * columns; cell += 1) start[cell + 1]! += start[cell]!;
  const next = start.slice();
  const order = new Int32Array(count);
  for (let i = 0; i < count; i += 1) {
    const cell = cellOf(i);
    order[next[cell]!] = i;
    next[cell]! += 1;
  }
  return { south, west, height, width, rows, columns, start, order };
}

/** Rings of cells outward until enough sales lie nearer than the next ring can. */
function collect(grid: Grid, room: Room, sales: SaleNumbers, place: GeoPoint, limit: number): void {
  const { latitude: lat, longitude: lon } = place;
  const { south, west, height, width, rows, columns } = grid;
  const shrink = Math.cos(radians(lat)) ** 2;
  const row = Math.floor((lat - south) / height);
  const column = Math.floor((lon - west) / width);
  // How far the place is from the edges of its own cell: all within that and `ring` more cells has been seen after a ring.
  const [up, across] = [(lat - south) / height - row, (lon - west) / width - column];
  const [toRow, toColumn] = [Math.min(up, 1 - up), Math.min(across, 1 - across)];
  const take = (r: number, from: number, to: number) => takeRun(grid, room, sales, place, shrink, r, from, to);
  // Beyond the grid there is nothing, however far away one asks from.
  const edge = Math.max(row, rows - 1 - row, column, columns - 1 - column);
  const rings = Math.min(edge, Math.ceil(REACH_DEGREES / Math.min(height, width)));
  for (let ring = 0; ring <= rings; ring += 1) {
    if (ring > 0 && room.count >= limit) {
      const seen = Math.min((ring - 1 + toRow) * height, (ring - 1 + toColumn) * width * Math.sqrt(shrink));
      if (countWithin(room.apart, room.count, seen * seen) >= limit) break;
    }
    take(row - ring, column - ring, column + ring);
    if (ring > 0) take(row + ring, column - ring, column + ring);
    for (let r = row - ring + 1; r < row + ring; r += 1) {
      take(r, column - ring, column - ring);
      take(r, column + ring, column + ring);
    }
  }
}

/** Takes a run of cells of one row: their sales lie side by side. @param shrink of a square of longitudes */
function takeRun(
  { rows, columns, start }: Grid,
  room: Room,
  { latitude, longitude }: SaleNumbers,
  place: GeoPoint,
  shrink: number,
  row: number,
  from: number,
  to: number,
): void {
  if (row < 0 || row >= rows || to < 0 || from >= columns) return;
  const { positions, apart } = room;
  const { latitude: lat, longitude: lon } = place;
  const last = start[row * columns + Math.min(columns - 1, to) + 1]!;
  let count = room.count;
  for (let i = start[row * columns + Math.max(0, from)]!; i < last; i += 1) {
    const dLat = latitude[i]! - lat;
    const dLon = longitude[i]! - lon;
    positions[count] = i;
    apart[count] = dLat * dLat + dLon * dLon * shrink;
    count += 1;
  }
  room.count = count;
}

/** Moves the nearest to the front; of those at the same distance as the last, the first found. */
function keepNearest(room: Room, limit: number): void {
  const { count, positions, apart } = room;
  if (count <= limit) return;
  const bound = boundOf(room, limit);
  let atBound = limit - countWithin(apart, count, bound, true);
  let kept = 0;
  for (let at = 0; at < count && kept < limit; at += 1) {
    if (apart[at]! > bound) continue;
    if (apart[at] === bound) {
      if (atBound === 0) continue;
      atBound -= 1;
    }
    positions[kept] = positions[at]!;
    kept += 1;
  }
  room.count = kept;
}

/** Buckets of squared distances: sales lie about evenly over them, as over the ground. */
const BUCKETS = 512;
const counts = new Int32Array(BUCKETS + 1);

/** The squared distance of the `limit`-th nearest: by counting in buckets first, so that only one of them is searched. */
function boundOf({ count, apart, some }: Room, limit: number): number {
  let most = Number.MIN_VALUE;
  for (let at = 0; at < count; at += 1) if (apart[at]! > most) most = apart[at]!;
  const scale = BUCKETS / most;
  counts.fill(0);
  for (let at = 0; at < count; at += 1) counts[(apart[at]! * scale) | 0]! += 1;
  let bucket = 0;
  let below = 0;
  for (; below + counts[bucket]! < limit; bucket += 1) below += counts[bucket]!;
  let inside = 0;
  for (let at = 0; at < count; at += 1) {
    if (((apart[at]! * scale) | 0) !== bucket) continue;
    some[inside] = apart[at]!;
    inside += 1;
  }
  return selectSmallest(some, inside, limit - below - 1);
}

function countWithin(apart: Float64Array, length: number, bound: number, isStrict = false): number {
  let count = 0;
  for (let at = 0; at < length; at += 1) if (apart[at]! < bound || (!isStrict && apart[at] === bound)) count += 1;
  return count;
}
