import { IANAZone } from 'luxon';
import { z } from 'zod';

const point = { latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) };
const share = z.number().min(0).max(1);
const text = z.string().trim().min(1);
const timeZone = text.refine((zone) => IANAZone.isValidZone(zone), {
  error: 'must be an IANA time zone such as America/Chicago',
});
const zipCode = z.string().regex(/^\d{5}$/, 'must be five digits in quotes, such as "98103"');
const cron = z
  .string()
  .regex(/^(\S+ ){4}\S+$/, 'must be five cron fields: minute, hour, day of month, month, day of week');

/** A source of open data. `verified` says how the address is known; it is never guessed. */
const endpointSchema = z.strictObject({
  id: text.regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and dashes'),
  kind: z.enum(['socrata', 'arcgis', 'page']),
  url: z.url({ protocol: /^https$/, error: 'must be an https address' }),
  /** Socrata dataset id, such as `uzyt-m557`. */
  dataset: z
    .string()
    .regex(/^[a-z0-9]{4}-[a-z0-9]{4}$/, 'must look like abcd-1234')
    .optional(),
  /** ArcGIS layer number. */
  layer: z.number().int().min(0).optional(),
  /** Property field → column of the source; several columns are joined in order. */
  fields: z.record(text, z.union([text, z.array(text).min(1)])).default({}),
  terms: text,
  /** `recorded`: tested against recorded answers; `documented`: in the publisher's or others' documentation, not called by us. */
  verified: z.enum(['recorded', 'documented']),
  note: text.optional(),
});

const neighborhoodSchema = z
  .strictObject({
    name: text,
    zip_codes: z.array(zipCode).min(1).optional(),
    centre: z.strictObject(point).optional(),
    radius_metres: z.number().positive().max(50_000).optional(),
    /** Multiplies the location part of the score; 1 is neutral. */
    multiplier: z.number().min(0.5).max(2),
  })
  .refine((area) => area.zip_codes !== undefined || (area.centre !== undefined && area.radius_metres !== undefined), {
    error: 'needs zip_codes, or centre together with radius_metres',
  });

/** One county's configuration file, as written: snake_case, no key beyond these. */
export const countySchema = z
  .strictObject({
    name: text,
    state: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters'),
    fips: z.string().regex(/^\d{5}$/, 'must be five digits in quotes, such as "53033"'),
    slug: z.string().regex(/^[a-z]+(-[a-z]+)*-[a-z]{2}$/, 'must look like king-wa'),
    time_zone: timeZone,
    centre: z.strictObject(point),
    /** The county's box in degrees; coordinates outside it are flagged. */
    bounds: z.strictObject({
      south: point.latitude,
      west: point.longitude,
      north: point.latitude,
      east: point.longitude,
    }),
    median_price: z.strictObject({
      /** US dollars. */
      amount: z.number().int().positive(),
      source: text,
      year: z.number().int().min(2000).max(2100),
      /** `approximate`: rounded, not read from the table itself. */
      precision: z.enum(['exact', 'approximate']),
      note: text.optional(),
    }),
    apn: z.strictObject({
      /** Digits after normalising. */
      digits: z.number().int().min(5).max(20),
      /** How the county prints it, as a regular expression. */
      pattern: text.refine(isRegExp, { error: 'is not a regular expression' }),
      example: text,
    }),
    endpoints: z.array(endpointSchema),
    note: text.optional(),
    scrape: z.strictObject({
      max_pages: z.number().int().min(1).max(10_000),
      requests_per_second: z.number().positive().max(10),
      concurrency: z.number().int().min(1).max(16),
    }),
    schedule: z.strictObject({ cron, time_zone: timeZone }),
    scoring: z.strictObject({
      /** 0 cold – 1 hot: our own rating, adjusted as outcomes come in. */
      market_heat: share,
      /** Yearly growth assumed in forecasts, 0.04 = 4%. */
      appreciation_annual: z.number().min(-0.2).max(0.3),
      note: text.optional(),
    }),
    quality: z.strictObject({
      /** Share of rows that must pass validation, else the run is marked failed. */
      min_valid_share: share,
      /** Fewest rows that a run must bring. */
      min_rows: z.number().int().min(0),
      /** Share of rows that may lack coordinates. */
      max_missing_coordinates_share: share,
    }),
    target_neighborhoods: z.array(neighborhoodSchema).min(5),
  })
  .superRefine(checkPlaces);

/** A county's configuration, after validation. */
export type County = z.infer<typeof countySchema>;
export type CountyEndpoint = County['endpoints'][number];
export type TargetNeighborhood = County['target_neighborhoods'][number];

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source).source.length > 0;
  } catch {
    return false;
  }
}

type Draft = Pick<County, 'centre' | 'bounds' | 'target_neighborhoods' | 'apn'>;
function checkPlaces(county: Draft, context: z.RefinementCtx): void {
  const report = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const { south, north, west, east } = county.bounds;
  if (south >= north) report(['bounds', 'south'], 'must be less than north');
  if (west >= east) report(['bounds', 'west'], 'must be less than east');
  if (!isInside(county, county.centre)) report(['centre'], 'lies outside of bounds');
  const names = new Set<string>();
  county.target_neighborhoods.forEach((area, index) => {
    const path = ['target_neighborhoods', index];
    if (names.has(area.name)) report([...path, 'name'], `"${area.name}" is listed twice`);
    names.add(area.name);
    if (area.centre !== undefined && !isInside(county, area.centre))
      report([...path, 'centre'], 'lies outside of bounds');
  });
  if (isRegExp(county.apn.pattern) && !new RegExp(`^(?:${county.apn.pattern})$`).test(county.apn.example)) {
    report(['apn', 'example'], 'does not match the pattern');
  }
  if (county.apn.example.replace(/[^0-9A-Za-z]/g, '').length !== county.apn.digits) {
    report(['apn', 'digits'], `is ${county.apn.digits}, but the example has another number of digits`);
  }
}

/** True when the point lies in the county's box. */
export function isInside(county: Pick<County, 'bounds'>, at: { latitude: number; longitude: number }): boolean {
  const { south, north, west, east } = county.bounds;
  return at.latitude >= south && at.latitude <= north && at.longitude >= west && at.longitude <= east;
}

const EARTH_RADIUS_METRES = 6_371_008.8;
function distanceMetres(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  const radians = Math.PI / 180;
  const dLat = (b.latitude - a.latitude) * radians;
  const dLon = (b.longitude - a.longitude) * radians;
  const h =
    Math.sin(dLat / 2) ** 2 + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * The target neighbourhood of a place: by ZIP code first, else the nearest whose circle holds the point; null when none.
 * Of several with the same ZIP code the first listed counts.
 */
export function findNeighborhood(
  county: Pick<County, 'target_neighborhoods'>,
  place: { zipCode: string | null; latitude: number | null; longitude: number | null },
): TargetNeighborhood | null {
  const byZip = county.target_neighborhoods.find((area) => area.zip_codes?.includes(place.zipCode ?? ''));
  if (byZip !== undefined) return byZip;
  const { latitude, longitude } = place;
  if (latitude === null || longitude === null) return null;
  const near = county.target_neighborhoods
    .flatMap((area) =>
      area.centre === undefined || area.radius_metres === undefined
        ? []
        : [{ area, metres: distanceMetres(area.centre, { latitude, longitude }), radius: area.radius_metres }],
    )
    .filter(({ metres, radius }) => metres <= radius)
    .sort((a, b) => a.metres - b.metres);
  return near[0]?.area ?? null;
}
