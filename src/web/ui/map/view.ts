/** Degrees. */
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Where the world (256 by 256 in web Mercator) is on a canvas: its corner in px, and how much larger it is. */
export interface View {
  x: number;
  y: number;
  k: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Side of the whole world at k = 1, as tile servers have it. */
export const WORLD = 256;
/** From the whole country to a few houses. */
export const LEAST_ZOOM = 2;
export const MOST_ZOOM = 400_000;
const MOST_LATITUDE = 85.0511;
/** A single point is not shown closer than this: about a neighbourhood of 4 km. */
const CLOSEST_FIT = 12_000;

/** Degrees → world. Web Mercator; latitudes beyond ±85.05° are taken as that. */
export function project(lon: number, lat: number): [number, number] {
  const bounded = Math.min(MOST_LATITUDE, Math.max(-MOST_LATITUDE, lat));
  const sin = Math.sin((bounded * Math.PI) / 180);
  return [WORLD * (lon / 360 + 0.5), WORLD * (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI))];
}

/** World → degrees `[lon, lat]`. */
export function unproject(x: number, y: number): [number, number] {
  const n = Math.PI * (1 - (2 * y) / WORLD);
  return [(x / WORLD - 0.5) * 360, (Math.atan(Math.sinh(n)) * 180) / Math.PI];
}

/** The box of degrees that a canvas shows. */
export function boxOf(view: View, size: Size): Box {
  const [west, north] = unproject(-view.x / view.k, -view.y / view.k);
  const [east, south] = unproject((size.width - view.x) / view.k, (size.height - view.y) / view.k);
  const bounded = (value: number, most: number) => Math.min(most, Math.max(-most, value));
  return {
    west: bounded(west, 180),
    south: bounded(south, MOST_LATITUDE),
    east: bounded(east, 180),
    north: bounded(north, MOST_LATITUDE),
  };
}

/** Room for the legend below and the buttons beside the points, in px, where the map is large enough to spare it. */
const LEGEND_HEIGHT = 36;

/** The view that shows the box whole, with a margin in px. */
export function viewOf(box: Box, size: Size, margin = 36): View {
  const [left, top] = project(box.west, box.north);
  const [right, bottom] = project(box.east, box.south);
  const legend = size.height > 240 ? LEGEND_HEIGHT : 0;
  const height = size.height - legend;
  const room = { width: Math.max(40, size.width - 2 * margin), height: Math.max(40, height - 2 * margin) };
  const wanted = Math.min(room.width / Math.max(1e-9, right - left), room.height / Math.max(1e-9, bottom - top));
  const k = Math.min(CLOSEST_FIT, Math.max(LEAST_ZOOM, wanted));
  return { k, x: size.width / 2 - (k * (left + right)) / 2, y: height / 2 - (k * (top + bottom)) / 2 };
}

/** The least box that holds every point; null without points. */
export function boxAround(points: ReadonlyArray<{ lat: number; lon: number }>): Box | null {
  if (points.length === 0) return null;
  const box = { west: 180, south: 90, east: -180, north: -90 };
  for (const { lat, lon } of points) {
    box.west = Math.min(box.west, lon);
    box.east = Math.max(box.east, lon);
    box.south = Math.min(box.south, lat);
    box.north = Math.max(box.north, lat);
  }
  return box;
}

/** `west,south,east,north` as the API takes it, with 5 digits (a metre). */
export function boxText({ west, south, east, north }: Box): string {
  return [west, south, east, north].map((value) => Number(value.toFixed(5))).join(',');
}

/** The box of `west,south,east,north`; null when it is none. */
export function readBox(text: string | undefined): Box | null {
  const numbers = text?.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))) ?? [];
  const [west, south, east, north] = numbers;
  if (numbers.length !== 4 || numbers.some((value) => !Number.isFinite(value))) return null;
  const box = { west: west!, south: south!, east: east!, north: north! };
  const isPlace = Math.abs(box.west) <= 180 && Math.abs(box.east) <= 180;
  const isOrdered = box.west <= box.east && box.south <= box.north;
  return isPlace && isOrdered && Math.abs(box.south) <= 90 && Math.abs(box.north) <= 90 ? box : null;
}

/** Which of `steps` equal parts of the domain a value is in, from 0; null for no value. */
export function stepOf(
  value: number | null | undefined,
  [low, high]: readonly [number, number],
  steps: number,
): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  const share = high === low ? 0 : (value - low) / (high - low);
  return Math.min(steps - 1, Math.max(0, Math.floor(share * steps)));
}

/** The tiles that cover a canvas: zoom, column, row, and where each is drawn. */
export function tilesIn(view: View, size: Size): Array<{ key: string; z: number; x: number; y: number; at: number[] }> {
  const z = Math.min(19, Math.max(0, Math.round(Math.log2(view.k))));
  const count = 2 ** z;
  const side = (WORLD * view.k) / count;
  const first = (offset: number) => Math.max(0, Math.floor(-offset / side));
  const last = (offset: number, room: number) => Math.min(count - 1, Math.floor((room - offset) / side));
  const tiles = [];
  for (let x = first(view.x); x <= last(view.x, size.width); x += 1) {
    for (let y = first(view.y); y <= last(view.y, size.height); y += 1) {
      tiles.push({ key: `${z}/${x}/${y}`, z, x, y, at: [view.x + x * side, view.y + y * side, side] });
    }
  }
  return tiles;
}

/** The nearest of the points within `reach` px of a place on the canvas; null when none is. */
export function nearest<T extends { lat: number; lon: number }>(
  points: readonly T[],
  view: View,
  [x, y]: readonly [number, number],
  reach: number,
): T | null {
  let best: T | null = null;
  let least = reach * reach;
  for (const point of points) {
    const [px, py] = project(point.lon, point.lat);
    const distance = (view.x + view.k * px - x) ** 2 + (view.y + view.k * py - y) ** 2;
    if (distance <= least) {
      least = distance;
      best = point;
    }
  }
  return best;
}
