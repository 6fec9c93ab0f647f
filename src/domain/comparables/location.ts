import type { GeoPoint } from '../geo.ts';
import type { AdjustedComparable } from './adjust.ts';

/** How prices rise over the ground around the subject: d ln(price) per kilometre to the east and to the north. */
interface PriceSlope {
  east: number;
  north: number;
}
interface Point extends PriceSlope {
  logPrice: number;
  weight: number;
}

/** Sales needed before a slope is believed. */
const MIN_SALES = 10;
/** What holds the slope to level ground, in square kilometres of weighted sales. Chosen like the other constants. */
const RIDGE = 0.1;
/** No sale counts for more than this beside the fit, and no price is moved by more than the second, both d ln(price). */
const OUTLIER = 0.25;
const MAX_MOVE = 0.2;
const KM_PER_DEGREE = 111.195;

/**
 * The last adjustment: moves each sale's price along the local slope of prices to the subject's place, and adds the
 * cents as `distanceCents`. The slope is a weighted least-squares plane through the logarithms of the otherwise
 * adjusted prices, held towards level ground. Without the subject's place, or with fewer than ten sales, nothing moves.
 * @param sales adjusted, with their say (0–1, not shares) as weight
 */
export function moveToPlace(
  place: { latitude?: number | null; longitude?: number | null },
  sales: readonly AdjustedComparable[],
): AdjustedComparable[] {
  const { latitude, longitude } = place;
  if (latitude == null || longitude == null || sales.length < MIN_SALES) return [...sales];
  const subject = { latitude, longitude };
  const slope = slopeOf(subject, sales);
  return sales.map((sale) => {
    const { east, north } = offsetKm(subject, sale);
    const move = Math.max(-MAX_MOVE, Math.min(MAX_MOVE, -(slope.east * east + slope.north * north)));
    const adjustedPriceCents = Math.round(sale.adjustedPriceCents * Math.exp(Number.isFinite(move) ? move : 0));
    const distanceCents = adjustedPriceCents - sale.adjustedPriceCents;
    return { ...sale, adjustedPriceCents, adjustments: { ...sale.adjustments, distanceCents } };
  });
}

function slopeOf(subject: GeoPoint, sales: readonly AdjustedComparable[]): PriceSlope {
  const points = sales.map((sale) => ({
    ...offsetKm(subject, sale),
    logPrice: Math.log(Math.max(1, sale.adjustedPriceCents)),
    weight: sale.weight,
  }));
  const total = points.reduce((sum, point) => sum + point.weight, 0);
  if (!(total > 0)) return { east: 0, north: 0 };
  let plane = { east: 0, north: 0, level: points.reduce((sum, p) => sum + p.weight * p.logPrice, 0) / total };
  for (let round = 0; round < 2; round += 1) {
    const fit = plane;
    const bounded = points.map((point) => {
      const expected = fit.level + fit.east * point.east + fit.north * point.north;
      return { ...point, logPrice: expected + Math.max(-OUTLIER, Math.min(OUTLIER, point.logPrice - expected)) };
    });
    plane = fitPlane(bounded, total);
  }
  return plane;
}

function fitPlane(points: readonly Point[], total: number): PriceSlope & { level: number } {
  const mean = (of: (point: Point) => number) => points.reduce((sum, p) => sum + p.weight * of(p), 0) / total;
  const centre = { east: mean((p) => p.east), north: mean((p) => p.north), logPrice: mean((p) => p.logPrice) };
  let [ee, nn, en, ey, ny] = [RIDGE, RIDGE, 0, 0, 0];
  for (const point of points) {
    const east = point.east - centre.east;
    const north = point.north - centre.north;
    const rise = point.logPrice - centre.logPrice;
    ee += point.weight * east * east;
    nn += point.weight * north * north;
    en += point.weight * east * north;
    ey += point.weight * east * rise;
    ny += point.weight * north * rise;
  }
  const determinant = ee * nn - en * en;
  const east = (ey * nn - ny * en) / determinant;
  const north = (ny * ee - ey * en) / determinant;
  return { east, north, level: centre.logPrice - east * centre.east - north * centre.north };
}

/** A place as kilometres east and north of the subject: planar, exact enough within some 30 km. */
function offsetKm(subject: GeoPoint, place: GeoPoint): PriceSlope {
  const shrink = Math.cos((subject.latitude * Math.PI) / 180);
  return {
    east: (place.longitude - subject.longitude) * KM_PER_DEGREE * shrink,
    north: (place.latitude - subject.latitude) * KM_PER_DEGREE,
  };
}
