import { boxAround, type GeoPoint } from '../geo.ts';

/** Side of a cell in degrees: about 550 m north to south. The column `sales.cell` is reckoned with the same one. */
const CELLS_PER_DEGREE = 200;
const ROW = 100_000;

const rowOf = (latitude: number) => Math.floor((latitude + 90) * CELLS_PER_DEGREE);
const columnOf = (longitude: number) => Math.floor((longitude + 180) * CELLS_PER_DEGREE);

/** The cell that holds a place, as `sales.cell` has it. */
export function cellOf({ latitude, longitude }: GeoPoint): number {
  return rowOf(latitude) * ROW + columnOf(longitude);
}

/** A run of neighbouring cells of one row, both ends included. */
export interface CellRun {
  first: number;
  last: number;
}

/** The cells that a circle touches (those of its bounding box), one run per row from south to north. Not across the 180th meridian. */
export function cellRunsAround(centre: GeoPoint, radiusMetres: number): CellRun[] {
  const box = boxAround(centre, radiusMetres);
  const runs: CellRun[] = [];
  for (let row = rowOf(box.south); row <= rowOf(box.north); row += 1) {
    runs.push({ first: row * ROW + columnOf(box.west), last: row * ROW + columnOf(box.east) });
  }
  return runs;
}

/** Every cell of the runs, one by one. */
export function cellsOf(runs: readonly CellRun[]): number[] {
  return runs.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
}
