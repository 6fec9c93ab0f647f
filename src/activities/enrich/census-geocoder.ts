import { z } from 'zod';
import type { EnrichmentFields } from '../../domain/provenance.ts';
import type { HttpResponse } from '../../http/types.ts';
import { answerOf, askJson, textOf, unexpectedShape } from './answers.ts';
import type { EnrichmentSubject, Provider, ProviderAnswer, ProviderDeps } from './provider.ts';

// geocoding.geo.census.gov, "Geocoding Services API": current ranges, current geographies.
const VINTAGE = { benchmark: 'Public_AR_Current', vintage: 'Current_Current', format: 'json' };
const AT_POINT_CONFIDENCE = 0.95;
/** A point in another county than the property's: the tract is the point's, but the point is doubtful. */
const OTHER_COUNTY_CONFIDENCE = 0.5;
/** Address ranges are interpolated along the street. */
const BY_ADDRESS_CONFIDENCE = 0.8;
/** Candidates this close together, in degrees (about 200 m), are one place. */
const SAME_PLACE_DEGREES = 0.002;

const geographySchema = z.record(z.string(), z.array(z.object({ GEOID: z.string().optional() })).nullish());
const matchSchema = z.object({
  coordinates: z.object({ x: z.coerce.number(), y: z.coerce.number() }),
  addressComponents: z.object({ zip: z.string().nullish(), city: z.string().nullish(), state: z.string().nullish() }),
  geographies: geographySchema.optional(),
});
const addressSchema = z.object({ result: z.object({ addressMatches: z.array(matchSchema) }) });
const pointSchema = z.object({ result: z.object({ geographies: geographySchema }) });
type Geographies = z.infer<typeof geographySchema>;
type Match = z.infer<typeof matchSchema>;

/** US Census geocoder: address → coordinates, coordinates → census tract. Free, no key. */
export const censusGeocoder: Provider = {
  name: 'census-geocoder',
  fields: ['latitude', 'longitude', 'censusTract', 'zipCode', 'city', 'state'],
  waitsFor: ['latitude', 'longitude'],
  costMicros: 0,
  cacheTtlSeconds: 180 * 86_400,
  rate: { perSecond: 10, burst: 20 },
  timeoutMs: 15_000,
  defaultBaseUrl: 'https://geocoding.geo.census.gov/geocoder',
  coverage: (subject) => hasPoint(subject) || oneLine(subject) !== null,
  cacheKey: (subject) =>
    hasPoint(subject)
      ? `${subject.longitude.toFixed(5)},${subject.latitude.toFixed(5)}`
      : `${oneLine(subject)?.toUpperCase()}`,
  fetch: (deps, subject) => (hasPoint(subject) ? locate(deps, subject) : geocode(deps, subject)),
};

type Located = EnrichmentSubject & { latitude: number; longitude: number };
function hasPoint(subject: EnrichmentSubject): subject is Located {
  return subject.latitude !== null && subject.longitude !== null;
}

/** The address in one line; null without a street, or with neither ZIP code nor city and state. */
function oneLine({ address, city, state, zip }: EnrichmentSubject): string | null {
  if (address === null || (zip === null && (city === null || state === null))) return null;
  return [address, city, [state, zip].filter((part) => part !== null).join(' ')]
    .filter((part) => part !== null && part !== '')
    .join(', ');
}

async function geographiesAt(deps: ProviderDeps, at: { latitude: number; longitude: number }) {
  const { json, response } = await askJson(deps, censusGeocoder, {
    path: '/geographies/coordinates',
    searchParams: { x: String(at.longitude), y: String(at.latitude), ...VINTAGE },
  });
  const parsed = pointSchema.safeParse(json);
  if (!parsed.success) throw unexpectedShape(censusGeocoder.name, 'no geographies of a point');
  return { geographies: parsed.data.result.geographies, response };
}

async function locate(deps: ProviderDeps, subject: Located): Promise<ProviderAnswer> {
  const { geographies, response } = await geographiesAt(deps, subject);
  const isHome = countyOf(geographies) === subject.countyFips;
  return answerOf([response], {
    fields: tractFields(geographies),
    confidence: isHome ? AT_POINT_CONFIDENCE : OTHER_COUNTY_CONFIDENCE,
  });
}

async function geocode(deps: ProviderDeps, subject: EnrichmentSubject): Promise<ProviderAnswer> {
  const { json, response } = await askJson(deps, censusGeocoder, {
    path: '/geographies/onelineaddress',
    searchParams: { address: oneLine(subject) ?? '', ...VINTAGE },
  });
  const parsed = addressSchema.safeParse(json);
  if (!parsed.success) throw unexpectedShape(censusGeocoder.name, 'no list of address matches');
  const match = chooseMatch(parsed.data.result.addressMatches, subject);
  const responses: HttpResponse[] = [response];
  if (match === null) return answerOf(responses, { fields: {}, confidence: 0 });
  const at = { latitude: match.coordinates.y, longitude: match.coordinates.x };
  let { geographies } = match;
  if (geographies === undefined) {
    const looked = await geographiesAt(deps, at);
    responses.push(looked.response);
    geographies = looked.geographies;
  }
  const county = countyOf(geographies);
  if (county !== null && county !== subject.countyFips) return answerOf(responses, { fields: {}, confidence: 0 });
  const { zip, city, state } = match.addressComponents;
  const fields: EnrichmentFields = { ...at, ...tractFields(geographies) };
  if (textOf(zip) !== null) fields.zipCode = textOf(zip);
  if (textOf(city) !== null) fields.city = textOf(city);
  if (textOf(state) !== null) fields.state = textOf(state);
  return answerOf(responses, { fields, confidence: BY_ADDRESS_CONFIDENCE });
}

/**
 * The one match that agrees with what is known; null when none does, or when several places do: a guess would put the
 * house somewhere else for good.
 */
export function chooseMatch(
  matches: readonly Match[],
  known: Pick<EnrichmentSubject, 'city' | 'state' | 'zip'>,
): Match | null {
  const agrees = (ours: string | null, theirs: string | null | undefined) =>
    ours === null || !theirs || ours.trim().toUpperCase() === theirs.trim().toUpperCase();
  const inState = matches.filter(({ addressComponents: { state } }) => agrees(known.state, state));
  const inZip = inState.filter(
    ({ addressComponents: { zip } }) => known.zip !== null && agrees(known.zip.slice(0, 5), zip),
  );
  const inCity = inState.filter(({ addressComponents: { city } }) => known.city !== null && agrees(known.city, city));
  const candidates = inZip.length > 0 ? inZip : inCity.length > 0 ? inCity : inState;
  const first = candidates[0];
  if (first === undefined) return null;
  const isOnePlace = candidates.every(
    ({ coordinates: { x, y } }) =>
      Math.abs(x - first.coordinates.x) <= SAME_PLACE_DEGREES &&
      Math.abs(y - first.coordinates.y) <= SAME_PLACE_DEGREES,
  );
  return isOnePlace ? first : null;
}

function geoidOf(geographies: Geographies, layer: string): string | null {
  return geographies[layer]?.[0]?.GEOID ?? null;
}

function countyOf(geographies: Geographies): string | null {
  return geoidOf(geographies, 'Counties') ?? geoidOf(geographies, 'Census Tracts')?.slice(0, 5) ?? null;
}

/** Points in the sea or abroad have no tract: no field. */
function tractFields(geographies: Geographies): EnrichmentFields {
  const tract = geoidOf(geographies, 'Census Tracts');
  return tract !== null && /^\d{11}$/.test(tract) ? { censusTract: tract } : {};
}
