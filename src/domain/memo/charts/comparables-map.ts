import { formatDistance } from '../format.ts';
import type { MemoOutline } from '../input.ts';
import { median } from '../price-trend.ts';
import { drawCounty, drawState } from './locator.ts';
import { type SpreadMark, spreadMarks } from './spread.ts';
import { at, type ChartWords, chart, clamp, label, platedLabel } from './svg.ts';

const HEIGHT = 272;
/** Width of the strip with state and county, and of the map itself. */
const STRIP = 130;
const MAP = 300;
const RADIUS = 124;
const METRES_PER_DEGREE = 111_195;
const METRES_PER_MILE = 1_609.344;
/** Distances between rings, in miles, with their names. */
const RINGS: ReadonlyArray<readonly [number, string]> = [
  [0.05, '0.05'],
  [0.1, '0.1'],
  [0.25, '\u00bc'],
  [0.5, '\u00bd'],
  [1, '1'],
  [2, '2'],
  [5, '5'],
  [10, '10'],
  [25, '25'],
];

/** One numbered point around the subject. `weight` is its share in the estimate, null when not weighted. */
export interface MapPoint {
  number: number;
  latitude: number;
  longitude: number;
  weight: number | null;
}

/** The outlines that say where on earth it is. */
export interface MapOutlines {
  state: MemoOutline;
  county: MemoOutline;
}

/**
 * The comparables around the subject, north up, true to scale, with rings of equal distance; beside them state and
 * county with the place of the property. No tiles: the page asks nobody for a map. Marks that would cover each other
 * are moved apart, with a line to their place.
 * @returns an SVG, or null when the subject or every comparable has no place
 */
export function drawComparablesMap(
  subject: { latitude: number | null; longitude: number | null },
  points: readonly MapPoint[],
  outlines: MapOutlines | null = null,
): string | null {
  const { latitude, longitude } = subject;
  if (latitude === null || longitude === null || !isDegrees(latitude, longitude)) return null;
  const placed = points
    .filter((point) => isDegrees(point.latitude, point.longitude))
    .map((point) => ({
      ...point,
      east: (point.longitude - longitude) * METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180),
      north: (point.latitude - latitude) * METRES_PER_DEGREE,
    }));
  if (placed.length === 0) return null;
  const left = outlines === null ? 0 : STRIP + 8;
  const centre = { x: left + MAP / 2, y: HEIGHT / 2 };
  const distances = placed.map((point) => Math.hypot(point.east, point.north));
  const furthest = Math.max(...distances, 50);
  const reach = reachOf(distances);
  const rings = ringsFor(reach / METRES_PER_MILE);
  const scale = RADIUS / ((rings.at(-1)?.miles ?? 1) * METRES_PER_MILE);
  const marks = placed.map((point) => ({
    number: point.number,
    isFar: Math.hypot(point.east, point.north) > reach,
    ...placeOf(point, scale, centre),
    radius: 7.5 + 4 * Math.sqrt(clamp(point.weight ?? 0, 0, 1)),
  }));
  const bounds = { left: left + 12, right: left + MAP - 12, top: 12, bottom: HEIGHT - 12 };
  const strip = outlines === null ? [] : drawStrip(outlines, { latitude, longitude });
  return chart(left + MAP, HEIGHT, wordsOf(placed.length, furthest, marks, outlines), [
    ...strip,
    `<rect x="${left + 0.5}" y="0.5" width="${MAP - 1}" height="${HEIGHT - 1}" rx="8" class="c-map"/>`,
    ...rings.flatMap((ring) => drawRing(ring, scale, centre)),
    ...spreadMarks(marks, { ...centre, radius: 11 }, bounds)
      .flatMap(drawMark)
      .toReversed(),
    `<path d="M${centre.x} ${centre.y - 9} l9 8 h-2.5 v9 h-13 v-9 h-2.5 z" class="c-home"/>`,
    `<path d="M${left + MAP - 18} 12 l5 12 l-5 -3 l-5 3 z" class="c-north"/>`,
    label(left + MAP - 18, 34, 'N', { anchor: 'middle', className: 'c-tick' }),
  ]);
}

function isDegrees(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180;
}

/** A few sales far out would press the rest into one spot: the map reaches three times as far as the middle sale. */
function reachOf(distances: readonly number[]): number {
  const middle = median(distances);
  const near = distances.filter((distance) => distance <= Math.max(3 * middle, 200));
  return Math.max(...near, 50);
}

/** The point to scale; beyond the rings it stands at the edge, in its direction. */
function placeOf(
  point: { east: number; north: number },
  scale: number,
  centre: { x: number; y: number },
): { x: number; y: number } {
  const shrink = Math.min(1, (RADIUS + 4) / Math.max(Math.hypot(point.east, point.north) * scale, 1e-9));
  return { x: centre.x + point.east * scale * shrink, y: centre.y - point.north * scale * shrink };
}

interface Ring {
  miles: number;
  name: string;
}

/** One to three rings that hold the furthest point; further than any list goes, rings of a third of it. */
function ringsFor(furthestMiles: number): Ring[] {
  const [step, name] = RINGS.find(([miles]) => furthestMiles / miles <= 3) ?? [Math.ceil(furthestMiles / 3), null];
  const count = Math.max(1, Math.ceil(furthestMiles / step - 1e-9));
  return Array.from({ length: count }, (_, index) => ({
    miles: step * (index + 1),
    name: `${index === 0 && name !== null ? name : multiple(step, index + 1)} mi`,
  }));
}

function multiple(step: number, times: number): string {
  const known = RINGS.find(([miles]) => Math.abs(miles - step * times) < 1e-9);
  return (
    known?.[1] ??
    at(step * times)
      .replace(/^0\.75$/, '\u00be')
      .replace(/^1\.5$/, '1\u00bd')
  );
}

function drawRing(ring: Ring, scale: number, centre: { x: number; y: number }): string[] {
  const radius = ring.miles * METRES_PER_MILE * scale;
  return [
    `<circle cx="${at(centre.x)}" cy="${at(centre.y)}" r="${at(radius)}" class="c-ring"/>`,
    platedLabel(centre.x, centre.y - radius + 3, ring.name, {
      anchor: 'middle',
      className: 'c-ring-label',
      size: 9,
      plate: 'c-map-plate',
    }),
  ];
}

type Mark = SpreadMark & { isFar: boolean };

function drawMark({ number, x, y, radius, from, isFar }: Mark): string[] {
  const bubble = `<g><circle cx="${at(x)}" cy="${at(y)}" r="${at(radius)}" class="${isFar ? 'c-point-far' : 'c-point'}"/>${label(x, y + 3, String(number), { anchor: 'middle', className: isFar ? 'c-point-far-label' : 'c-point-label' })}</g>`;
  if (Math.hypot(x - from.x, y - from.y) < 3) return [bubble];
  const leader = `<line x1="${at(from.x)}" y1="${at(from.y)}" x2="${at(x)}" y2="${at(y)}" class="c-leader"/><circle cx="${at(from.x)}" cy="${at(from.y)}" r="1.8" class="c-true"/>`;
  return [bubble, leader];
}

function drawStrip({ state, county }: MapOutlines, place: { latitude: number; longitude: number }): string[] {
  const half = HEIGHT / 2;
  return [
    `<rect x="0.5" y="0.5" width="${STRIP - 1}" height="${HEIGHT - 1}" rx="8" class="c-map"/>`,
    ...drawState(state, county, place, { x: 6, y: 6, width: STRIP - 12, height: half - 10 }),
    `<line x1="14" y1="${half}" x2="${STRIP - 14}" y2="${half}" class="c-grid"/>`,
    ...drawCounty(county, place, { x: 6, y: half + 4, width: STRIP - 12, height: half - 8 }),
  ];
}

function wordsOf(
  count: number,
  furthest: number,
  marks: ReadonlyArray<{ number: number; isFar: boolean }>,
  outlines: MapOutlines | null,
): ChartWords {
  const where = outlines === null ? '' : ` The property lies in ${outlines.county.name}, ${outlines.state.name}.`;
  const far = marks.filter((mark) => mark.isFar).map((mark) => `No. ${mark.number}`);
  const beyond = far.length === 0 ? '' : ` Beyond the rings, at the edge: ${far.join(', ')}.`;
  return {
    title: 'Map of the comparable sales',
    description: `${count} comparable ${count === 1 ? 'sale' : 'sales'} around the property, the furthest ${formatDistance(furthest)} away.${beyond}${where}`,
  };
}
