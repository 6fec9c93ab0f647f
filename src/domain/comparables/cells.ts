import { boxAround, type GeoPoint } from '../geo.ts';

/** Side of a cell in degrees: about 1.1 km north to south. The column `sales.cell` is reckoned with the same one. */
const CELLS_PER_DEGREE = 100;
const ROW = 100_000;

const rowOf = (latitude: number) => Math.floor((latitude + 90) * CELLS_PER_DEGREE);
const columnOf = (longitude: number) => Math.floor((longitude + 180) * CELLS_PER_DEGREE);

/** The cell that holds a place, as `sales.cell` has it. */
export function cellOf({ latitude, longitude }: GeoPoint): number {
  return rowOf(latitude) * ROW + columnOf(longitude);
}

/** Every cell that a circle touches (those of its bounding box), in ascending order. Not across the 180th meridian. */
export function cellsAround(centre: GeoPoint, radiusMetres: number): number[] {
  const box = boxAround(centre, radiusMetres);
  const cells: number[] = [];
  for (let row = rowOf(box.south); row <= rowOf(box.north); row += 1) {
    for (let column = columnOf(box.west); column <= columnOf(box.east); column += 1) cells.push(row * ROW + column);
  }
  return cells;
}
