import { formatDistance } from '../format.ts';
import { at, chart, clamp, label } from './svg.ts';

const SIZE = 250;
const CENTRE = SIZE / 2;
const RADIUS = 108;
const METRES_PER_DEGREE = 111_195;

/** One numbered point around the subject. `weight` is its share in the estimate, null when not weighted. */
export interface MapPoint {
  number: number;
  latitude: number;
  longitude: number;
  weight: number | null;
}

/**
 * The comparables around the subject, north up, true to scale, with rings of equal distance. No tiles: the page
 * asks nobody for a map.
 * @returns an SVG, or null when the subject or every comparable has no place
 */
export function drawComparablesMap(
  subject: { latitude: number | null; longitude: number | null },
  points: readonly MapPoint[],
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
  const furthest = Math.max(...placed.map((point) => Math.hypot(point.east, point.north)), 50);
  const ring = niceRing(furthest);
  const scale = RADIUS / Math.max(furthest, ring * Math.ceil(furthest / ring));
  const rings = [];
  for (let step = 1; step * ring * scale <= RADIUS + 0.5; step += 1) rings.push(step * ring);
  return chart(SIZE, SIZE, describe(placed.length, furthest), [
    `<rect x="0.5" y="0.5" width="${SIZE - 1}" height="${SIZE - 1}" rx="8" class="c-map"/>`,
    ...rings.flatMap((metres) => drawRing(metres, scale)),
    ...placed.toReversed().map((point) => drawPoint(point, scale)),
    `<path d="M${CENTRE} ${CENTRE - 9} l8 7 v10 h-16 v-10 z" class="c-home"/>`,
    `<path d="M${SIZE - 18} 12 l5 12 l-5 -3 l-5 3 z" class="c-north"/>`,
    label(SIZE - 18, 35, 'N', { anchor: 'middle', className: 'c-tick' }),
  ]);
}

function isDegrees(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180;
}

/** A round ring distance that gives two to five rings. */
function niceRing(furthest: number): number {
  const power = 10 ** Math.floor(Math.log10(furthest));
  const lead = furthest / power;
  return lead <= 1.5 ? power / 2 : lead <= 4 ? power : power * 2;
}

function drawRing(metres: number, scale: number): string[] {
  const radius = metres * scale;
  const text = metres < 1_000 ? `${Math.round(metres)} m` : `${at(metres / 1_000)} km`;
  return [
    `<circle cx="${CENTRE}" cy="${CENTRE}" r="${at(radius)}" class="c-ring"/>`,
    label(CENTRE, CENTRE + radius + 9, text, { anchor: 'middle', className: 'c-ring-label' }),
  ];
}

function drawPoint(point: MapPoint & { east: number; north: number }, scale: number): string {
  const x = clamp(CENTRE + point.east * scale, 10, SIZE - 10);
  const y = clamp(CENTRE - point.north * scale, 10, SIZE - 10);
  const radius = 7 + 5 * Math.sqrt(clamp(point.weight ?? 0, 0, 1));
  return `<g><circle cx="${at(x)}" cy="${at(y)}" r="${at(radius)}" class="c-point"/>${label(x, y + 3, String(point.number), { anchor: 'middle', className: 'c-point-label' })}</g>`;
}

function describe(count: number, furthest: number): string {
  return `Map of ${count} comparable ${count === 1 ? 'sale' : 'sales'} around the property, the furthest ${formatDistance(furthest)} away.`;
}
