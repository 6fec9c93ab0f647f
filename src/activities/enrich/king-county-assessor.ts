import type { EnrichmentFields } from '../../domain/provenance.ts';
import { answerOf, positiveOf, textOf } from './answers.ts';
import { type ArcgisFeature, centreOf, pointQuery, queryLayer } from './arcgis.ts';
import type { EnrichmentSubject, Provider } from './provider.ts';

const KING_COUNTY_FIPS = '53033';
/** Layer 2 of Property/KingCo_PropertyInfo: parcels with address and appraised values. */
const PARCELS_LAYER = 2;
const OUT_FIELDS = 'PIN,ADDR_FULL,CTYNAME,POSTALCTYNAME,ZIP5,APPRLNDVAL,APPR_IMPR,LOTSQFT,PREUSE_DESC,PROPTYPE';
const BY_PIN_CONFIDENCE = 0.95;
/** A point may lie on the neighbour's side of a boundary. */
const BY_POINT_CONFIDENCE = 0.8;
/** King County's PROPTYPE codes: R residential, K condominium, C commercial; others are left open. */
const PROPERTY_TYPES: Record<string, string> = { R: 'Residential', K: 'Residential', C: 'Commercial Sale' };

/** King County, WA: the assessor's parcels by PIN (or by point while no PIN is known). Free, no key. */
export const kingCountyAssessor: Provider = {
  name: 'king-county-assessor',
  fields: [
    'address',
    'city',
    'state',
    'zipCode',
    'apn',
    'latitude',
    'longitude',
    'assessedValueCents',
    'lotSizeSqft',
    'propertyType',
    'propertySubType',
  ],
  waitsFor: [],
  costMicros: 0,
  cacheTtlSeconds: 30 * 86_400,
  rate: { perSecond: 8, burst: 16 },
  timeoutMs: 15_000,
  defaultBaseUrl: 'https://gismaps.kingcounty.gov/arcgis/rest/services/Property/KingCo_PropertyInfo/MapServer',
  coverage: (subject) =>
    subject.countyFips === KING_COUNTY_FIPS &&
    (pinOf(subject) !== null || (subject.latitude !== null && subject.longitude !== null)),
  cacheKey: (subject) => pinOf(subject) ?? `${subject.longitude?.toFixed(6)},${subject.latitude?.toFixed(6)}`,
  async fetch(deps, subject) {
    const pin = pinOf(subject);
    const { latitude, longitude } = subject;
    const place =
      pin === null ? pointQuery({ latitude: latitude ?? 0, longitude: longitude ?? 0 }) : { where: `PIN='${pin}'` };
    const { features, response } = await queryLayer(deps, kingCountyAssessor, PARCELS_LAYER, {
      ...place,
      outFields: OUT_FIELDS,
      returnGeometry: String(latitude === null || longitude === null),
      outSR: '4326',
    });
    const feature = features.find(({ attributes }) => pin === null || textOf(attributes['PIN']) === pin);
    if (feature === undefined) return answerOf([response], { fields: {}, confidence: 0 });
    return answerOf([response], {
      fields: readParcel(feature),
      confidence: pin === null ? BY_POINT_CONFIDENCE : BY_PIN_CONFIDENCE,
    });
  },
};

/** The 10-digit PIN; null for anything else, so nothing else reaches the query. */
function pinOf({ apn }: EnrichmentSubject): string | null {
  const digits = apn?.replace(/[\s-]/g, '') ?? '';
  return /^\d{10}$/.test(digits) ? digits : null;
}

/**
 * Reads one parcel. Land and improvement are appraised at full market value (RCW 84.40.030); their sum is the assessed
 * value, null when both are zero. Fields without a value are left out.
 */
export function readParcel({ attributes, geometry }: ArcgisFeature): EnrichmentFields {
  const appraisedDollars = (positiveOf(attributes['APPRLNDVAL']) ?? 0) + (positiveOf(attributes['APPR_IMPR']) ?? 0);
  const at = centreOf(geometry);
  const all = {
    apn: textOf(attributes['PIN']),
    address: textOf(attributes['ADDR_FULL']),
    city: textOf(attributes['POSTALCTYNAME']) ?? textOf(attributes['CTYNAME']),
    state: 'WA',
    zipCode: textOf(attributes['ZIP5']),
    latitude: at?.latitude ?? null,
    longitude: at?.longitude ?? null,
    assessedValueCents: appraisedDollars > 0 ? Math.round(appraisedDollars * 100) : null,
    lotSizeSqft: positiveOf(attributes['LOTSQFT']),
    propertyType: PROPERTY_TYPES[textOf(attributes['PROPTYPE']) ?? ''] ?? null,
    propertySubType: subTypeOf(textOf(attributes['PREUSE_DESC'])),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as EnrichmentFields;
}

/** RESO PropertySubType of the assessor's present use, such as `Single Family(Res Use/Zone)`; null where RESO has none. */
function subTypeOf(presentUse: string | null): string | null {
  const use = presentUse?.toLowerCase() ?? '';
  if (use.startsWith('single family')) return 'Single Family Residence';
  if (use.startsWith('townhouse')) return 'Townhouse';
  if (use.startsWith('duplex')) return 'Duplex';
  if (use.startsWith('triplex')) return 'Triplex';
  if (use.startsWith('4-plex')) return 'Quadruplex';
  if (use.startsWith('condominium')) return 'Condominium';
  if (use.startsWith('mobile home')) return 'Manufactured Home';
  return null;
}
