import type { FloodRisk } from '../../domain/property.ts';
import { answerOf, numberOf, textOf } from './answers.ts';
import { type ArcgisFeature, pointQuery, queryLayer } from './arcgis.ts';
import type { Provider } from './provider.ts';

/** NFHL layer 28: flood hazard zones (S_FLD_HAZ_AR). */
const FLOOD_ZONES_LAYER = 28;
const OUT_FIELDS = 'FLD_ZONE,ZONE_SUBTY,SFHA_TF,DFIRM_ID,FLD_AR_ID,STATIC_BFE,SOURCE_CIT';
const CONFIDENCE = 0.95;
/** Written where there is no base flood elevation. */
const NO_ELEVATION = -9999;

/** One flood hazard zone as FEMA maps it. */
export interface FloodZone {
  zone: string;
  subtype: string | null;
  risk: FloodRisk;
  /** Static base flood elevation in feet (the map's datum); null when none is given. */
  baseFloodElevationFeet: number | null;
}

/**
 * The risk of a zone, after FEMA's definitions (fema.gov/glossary/flood-zones): V, VE coastal waves → very high; zones that
 * begin with A: 1% a year → high; B and shaded X (0.2% a year, levee-protected, shallow) → moderate; C and unshaded X → low;
 * D, open water and areas not included → undetermined.
 */
export function floodRiskOf(zone: string, subtype: string | null): FloodRisk {
  const code = zone.trim().toUpperCase();
  if (/^(V|VE|V\d{1,2})$/.test(code)) return 'very_high';
  if (/^(A|AE|AO|AH|AR|A99|A\d{1,2}|AR\/.*)$/.test(code)) return 'high';
  if (code === 'B') return 'moderate';
  if (code === 'C') return 'low';
  if (code === 'X') return /MINIMAL/.test((subtype ?? 'MINIMAL').toUpperCase()) ? 'low' : 'moderate';
  return 'undetermined';
}

/** Reads one feature; null when it names no zone. */
export function readFloodZone({ attributes }: ArcgisFeature): FloodZone | null {
  const zone = textOf(attributes['FLD_ZONE']);
  if (zone === null) return null;
  const subtype = textOf(attributes['ZONE_SUBTY']);
  const elevation = numberOf(attributes['STATIC_BFE']);
  return {
    zone,
    subtype,
    risk: floodRiskOf(zone, subtype),
    baseFloodElevationFeet: elevation === null || elevation <= NO_ELEVATION ? null : elevation,
  };
}

const SEVERITY: readonly FloodRisk[] = ['undetermined', 'low', 'moderate', 'high', 'very_high'];

/** FEMA National Flood Hazard Layer by point. Free, no key. Where zones overlap, the worst counts; unmapped land has no field. */
export const femaFlood: Provider = {
  name: 'fema-flood',
  fields: ['floodZone', 'floodRisk'],
  waitsFor: ['latitude', 'longitude'],
  costMicros: 0,
  cacheTtlSeconds: 180 * 86_400,
  rate: { perSecond: 8, burst: 16 },
  timeoutMs: 20_000,
  defaultBaseUrl: 'https://hazards.fema.gov/arcgis/rest/services/public/NFHL/MapServer',
  coverage: ({ latitude, longitude }) => latitude !== null && longitude !== null,
  cacheKey: ({ latitude, longitude }) => `${longitude?.toFixed(5)},${latitude?.toFixed(5)}`,
  async fetch(deps, { latitude, longitude }) {
    const { features, response } = await queryLayer(deps, femaFlood, FLOOD_ZONES_LAYER, {
      ...pointQuery({ latitude: latitude ?? 0, longitude: longitude ?? 0 }),
      outFields: OUT_FIELDS,
      returnGeometry: 'false',
    });
    const worst = features
      .map(readFloodZone)
      .filter((zone) => zone !== null)
      .sort((a, b) => SEVERITY.indexOf(b.risk) - SEVERITY.indexOf(a.risk))[0];
    if (worst === undefined) return answerOf([response], { fields: {}, confidence: 0 });
    return answerOf([response], { fields: { floodZone: worst.zone, floodRisk: worst.risk }, confidence: CONFIDENCE });
  },
};
