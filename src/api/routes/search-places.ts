import type { PropertySearch } from '../../db/queries/property-search.ts';
import { ReosError } from '../../domain/errors.ts';

/** A box of `west,south,east,north`. @throws ReosError `validation` */
export function boxOf(value: string) {
  const [west, south, east, north] = degrees('bbox', value, 4) as [number, number, number, number];
  place('bbox', south, west);
  place('bbox', north, east);
  if (south > north || west > east)
    throw wrong('bbox', 'must be west,south,east,north with west ≤ east, south ≤ north');
  return { west, south, east, north };
}

/** Corners of a polygon, between semicolons. @throws ReosError `validation` */
export function cornersOf(value: string) {
  const corners = value.split(';').map((corner) => {
    const [latitude, longitude] = degrees('polygon', corner, 2) as [number, number];
    return place('polygon', latitude, longitude);
  });
  if (corners.length < 3 || corners.length > 200) throw wrong('polygon', 'must have 3 to 200 corners');
  return corners;
}

/** So many numbers of degrees. @throws ReosError `validation` naming the field */
export function degrees(field: string, value: string, count: number): number[] {
  const numbers = value
    .split(',')
    .map((part) => (/^\s*-?\d{1,3}(\.\d{1,15})?\s*$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.length === count && !numbers.some(Number.isNaN)) return numbers;
  throw wrong(field, `must be ${count} numbers of degrees with commas between them`);
}

/** A point on earth. @throws ReosError `validation` naming the field */
export function place(field: string, latitude: number, longitude: number) {
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return { latitude, longitude };
  throw wrong(field, 'latitude must be from -90 to 90, longitude from -180 to 180');
}

/** What is wrong with a field of a query. */
export const wrong = (field: string, what: string) =>
  new ReosError('validation', `${field}: ${what}.`, { details: { field } });

/** Points counted by the cells of a grid of 16 by 16 over the box, each cluster at the middle of its points. */
export function clustersOf(
  points: readonly { latitude: number; longitude: number }[],
  box: NonNullable<PropertySearch['box']>,
) {
  const cells = new Map<string, { latitude: number; longitude: number; count: number }>();
  const step = (value: number, low: number, high: number) => Math.floor(((value - low) / (high - low || 1)) * 16);
  for (const { latitude, longitude } of points) {
    const key = `${step(latitude, box.south, box.north)}:${step(longitude, box.west, box.east)}`;
    const cell = cells.get(key) ?? { latitude: 0, longitude: 0, count: 0 };
    cell.latitude += (latitude - cell.latitude) / (cell.count + 1);
    cell.longitude += (longitude - cell.longitude) / (cell.count + 1);
    cell.count += 1;
    cells.set(key, cell);
  }
  return [...cells.values()];
}
