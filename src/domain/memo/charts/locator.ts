import type { MemoOutline } from '../input.ts';
import { at, label, shorten } from './svg.ts';

/** Where on the sheet a small map goes, in the chart's units. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Place {
  latitude: number;
  longitude: number;
}

type Project = (longitude: number, latitude: number) => [number, number];

/** Room for the name below the outline. */
const NAME_HEIGHT = 13;

/** The state with the county filled, and a dot where the property lies. */
export function drawState(state: MemoOutline, county: MemoOutline, place: Place, box: Box): string[] {
  const project = projection(state, box);
  if (project === null) return [];
  return [
    `<path d="${outlinePath(state, project)}" class="c-land"/>`,
    `<path d="${outlinePath(county, project)}" class="c-county"/>`,
    dot(project, place, 2.4),
    name(state, box),
  ];
}

/** The county alone, with a dot where the property lies. */
export function drawCounty(county: MemoOutline, place: Place, box: Box): string[] {
  const project = projection(county, box);
  if (project === null) return [];
  return [
    `<path d="${outlinePath(county, project)}" class="c-county-near"/>`,
    dot(project, place, 3),
    name(county, box),
  ];
}

function name(outline: MemoOutline, box: Box): string {
  return label(box.x + box.width / 2, box.y + box.height - 2, shorten(outline.name, 24), {
    anchor: 'middle',
    className: 'c-tick',
  });
}

function dot(project: Project, { latitude, longitude }: Place, radius: number): string {
  const [x, y] = project(longitude, latitude);
  return `<circle cx="${at(x)}" cy="${at(y)}" r="${radius}" class="c-here"/>`;
}

/** Degrees to the box, north up, longitudes shrunk to the middle latitude. Null for an outline without points. */
function projection(outline: MemoOutline, box: Box): Project | null {
  const points = outline.rings.flat();
  const turn = turnOf(points);
  const longitudes = points.map(([longitude]) => turn(longitude));
  const latitudes = points.map(([, latitude]) => latitude);
  const [west, east] = bounds(longitudes);
  const [south, north] = bounds(latitudes);
  if (points.length < 3 || ![west, east, south, north].every(Number.isFinite)) return null;
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const inner = { width: box.width - 8, height: box.height - NAME_HEIGHT - 6 };
  const scale = Math.min(
    inner.width / Math.max((east - west) * shrink, 1e-6),
    inner.height / Math.max(north - south, 1e-6),
  );
  const middle = { x: box.x + box.width / 2, y: box.y + 3 + inner.height / 2 };
  return (longitude, latitude) => [
    middle.x + (turn(longitude) - (west + east) / 2) * shrink * scale,
    middle.y - (latitude - (south + north) / 2) * scale,
  ];
}

/** Alaska reaches over the 180th meridian: its eastern longitudes go on to the west. */
function turnOf(points: ReadonlyArray<readonly [number, number]>): (longitude: number) => number {
  const [west, east] = bounds(points.map(([longitude]) => longitude));
  return east - west > 180 ? (longitude) => (longitude > 0 ? longitude - 360 : longitude) : (longitude) => longitude;
}

function bounds(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The rings as one path. Points closer than half a unit to the one before, and specks, are left out. */
function outlinePath(outline: MemoOutline, project: Project): string {
  return outline.rings
    .flatMap((ring) => {
      const points: Array<[number, number]> = [];
      for (const [longitude, latitude] of ring) {
        const point = project(longitude, latitude);
        const last = points.at(-1);
        if (last === undefined || Math.hypot(point[0] - last[0], point[1] - last[1]) >= 0.5) points.push(point);
      }
      return points.length < 3 ? [] : [`M${points.map(([x, y]) => `${tenth(x)} ${tenth(y)}`).join('L')}Z`];
    })
    .join('');
}

const tenth = (value: number): string => String(Math.round(value * 10) / 10);
