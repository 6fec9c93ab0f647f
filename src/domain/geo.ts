/** A point in degrees (WGS 84). */
export interface GeoPoint {
  latitude: number;
  longitude: number;
}

/** A rectangle in degrees that does not cross the 180th meridian. */
export interface GeoBox {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** Mean Earth radius in metres (IUGG). */
const EARTH_RADIUS_METERS = 6_371_008.8;
const toRadians = (degrees: number) => (degrees * Math.PI) / 180;

/** True for finite degrees in range; (0, 0), which means "not geocoded" in every export we know, is not a place. */
export function isPlace(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0);
}

/** A place as a point of the unit sphere. */
export interface SpherePoint {
  x: number;
  y: number;
  z: number;
}

/** The point of the unit sphere below a place. */
export function onSphere({ latitude, longitude }: GeoPoint): SpherePoint {
  const [lat, lon] = [toRadians(latitude), toRadians(longitude)];
  const flat = Math.cos(lat);
  return { x: flat * Math.cos(lon), y: flat * Math.sin(lon), z: Math.sin(lat) };
}

/** Up to here, some 40 km, four terms of the series say as much as a double holds. */
const NEAR = 1e-5;

/** Great-circle distance in metres between two points of the unit sphere, from the chord between them: to nanometres, but near the other end of the world. */
export function metresBetween(one: SpherePoint, x: number, y: number, z: number): number {
  const dx = one.x - x;
  const dy = one.y - y;
  const dz = one.z - z;
  // The square of the sine of half the angle between them.
  const square = (dx * dx + dy * dy + dz * dz) / 4;
  const half =
    square < NEAR
      ? Math.sqrt(square) * (1 + square * (1 / 6 + square * (3 / 40 + square * (15 / 336))))
      : Math.asin(Math.min(1, Math.sqrt(square)));
  return 2 * EARTH_RADIUS_METERS * half;
}

/** Great-circle distance in metres. */
export function distanceMeters(from: GeoPoint, to: GeoPoint): number {
  const { x, y, z } = onSphere(to);
  return metresBetween(onSphere(from), x, y, z);
}

/** True inside the box, its edges included. */
export function isInBox(point: GeoPoint, box: GeoBox): boolean {
  return (
    point.latitude >= box.south &&
    point.latitude <= box.north &&
    point.longitude >= box.west &&
    point.longitude <= box.east
  );
}

/** Metres from the point to the box; 0 inside. Says whether a wrong coordinate is a near miss or another state. */
export function distanceToBoxMeters(point: GeoPoint, box: GeoBox): number {
  return distanceMeters(point, {
    latitude: Math.min(Math.max(point.latitude, box.south), box.north),
    longitude: Math.min(Math.max(point.longitude, box.west), box.east),
  });
}

/** The box that holds a circle around a centre. */
export function boxAround(centre: GeoPoint, radiusMeters: number): GeoBox {
  const dLat = (radiusMeters / EARTH_RADIUS_METERS) * (180 / Math.PI);
  const dLon = dLat / Math.max(0.01, Math.cos(toRadians(centre.latitude)));
  return {
    south: centre.latitude - dLat,
    north: centre.latitude + dLat,
    west: centre.longitude - dLon,
    east: centre.longitude + dLon,
  };
}

/**
 * Area centroid of a ring of [longitude, latitude] pairs (planar shoelace formula: exact enough for a parcel).
 * A ring without area gives the mean of its points; an empty one null.
 */
export function ringCentroid(ring: ReadonlyArray<readonly [number, number]>): GeoPoint | null {
  const origin = ring[0];
  if (origin === undefined) return null;
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [x0, y0] = relative(ring[i] ?? origin, origin);
    const [x1, y1] = relative(ring[(i + 1) % ring.length] ?? origin, origin);
    const cross = x0 * y1 - x1 * y0;
    area += cross;
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  }
  if (Math.abs(area) > 1e-18) return { longitude: origin[0] + x / (3 * area), latitude: origin[1] + y / (3 * area) };
  return {
    longitude: ring.reduce((sum, p) => sum + p[0], 0) / ring.length,
    latitude: ring.reduce((sum, p) => sum + p[1], 0) / ring.length,
  };
}

const relative = (p: readonly [number, number], o: readonly [number, number]): [number, number] => [
  p[0] - o[0],
  p[1] - o[1],
];
