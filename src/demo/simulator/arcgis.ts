import type { SimulatedAnswer } from './answer.ts';
import { floodAt } from './fields.ts';
import type { ParcelBook, SimulatedParcel } from './parcels.ts';
import { placeAt } from './places.ts';

interface Column {
  name: string;
  type: string;
  length?: number;
}
const text = (name: string, length: number): Column => ({ name, type: 'esriFieldTypeString', length });
const double = (name: string): Column => ({ name, type: 'esriFieldTypeDouble' });

const FLOOD_COLUMNS = [
  text('FLD_ZONE', 17),
  text('ZONE_SUBTY', 76),
  text('SFHA_TF', 1),
  text('DFIRM_ID', 6),
  text('FLD_AR_ID', 32),
  double('STATIC_BFE'),
  text('SOURCE_CIT', 21),
];
const PARCEL_COLUMNS = [
  text('PIN', 10),
  text('ADDR_FULL', 120),
  text('CTYNAME', 40),
  text('POSTALCTYNAME', 40),
  text('ZIP5', 5),
  double('APPRLNDVAL'),
  double('APPR_IMPR'),
  double('LOTSQFT'),
  text('PREUSE_DESC', 40),
  text('PROPTYPE', 1),
];

/** ArcGIS reports errors in the body of an HTTP 200. */
export function arcgisFailure(code: number, message: string, details: string[] = []): SimulatedAnswer {
  return { status: 200, body: { error: { code, message, details } } };
}

type Feature = { attributes: Record<string, unknown>; geometry?: unknown };

function page(
  query: URLSearchParams,
  display: string,
  columns: readonly Column[],
  features: readonly Feature[],
  more: object = {},
): SimulatedAnswer {
  const asked = query.get('outFields') ?? '*';
  const names = asked.split(',').map((name) => name.trim());
  const unknown = names.find((name) => asked !== '*' && columns.every((column) => column.name !== name));
  if (unknown !== undefined)
    return arcgisFailure(400, 'Unable to perform query. Invalid query parameters.', [
      `'outFields' parameter is invalid`,
    ]);
  const shown = asked === '*' ? columns : columns.filter(({ name }) => names.includes(name));
  return {
    status: 200,
    body: {
      displayFieldName: display,
      fieldAliases: Object.fromEntries(shown.map(({ name }) => [name, name])),
      ...more,
      fields: shown.map(({ name, type, length }) => ({
        name,
        type,
        alias: name,
        ...(length === undefined ? {} : { length }),
      })),
      features: features.map(({ attributes, geometry }) => ({
        attributes: Object.fromEntries(shown.map(({ name }) => [name, attributes[name] ?? null])),
        ...(geometry === undefined ? {} : { geometry }),
      })),
    },
  };
}

function pointOf(query: URLSearchParams): { latitude: number; longitude: number } | null {
  const match = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(query.get('geometry') ?? '');
  return match === null ? null : { longitude: Number(match[1]), latitude: Number(match[2]) };
}

/** NFHL layer 28 by point; no feature where nothing is mapped. */
export function answerFlood(query: URLSearchParams): SimulatedAnswer {
  const at = pointOf(query);
  if (at === null)
    return arcgisFailure(400, 'Unable to perform query. Invalid query parameters.', [
      "'geometry' parameter is invalid",
    ]);
  const place = placeAt(at.latitude, at.longitude);
  if (place === null) return page(query, 'FLD_AR_ID', FLOOD_COLUMNS, []);
  const { zone, subtype, sfha, elevationFeet } = floodAt(at.latitude, at.longitude);
  const firm = `${place.countyFips}C`;
  const attributes = {
    FLD_ZONE: zone,
    ZONE_SUBTY: subtype,
    SFHA_TF: sfha,
    DFIRM_ID: firm,
    FLD_AR_ID: `${firm}_${Math.round(Math.abs(at.latitude * 100))}`,
    STATIC_BFE: elevationFeet,
    SOURCE_CIT: `${firm}_FIRM1`,
  };
  return page(query, 'FLD_AR_ID', FLOOD_COLUMNS, [{ attributes }]);
}

/** King County's parcel layer by PIN or by point. */
export function answerKingParcels(query: URLSearchParams, book: ParcelBook): SimulatedAnswer {
  const pin = /^PIN ?= ?'(\d{10})'$/.exec(query.get('where') ?? '')?.[1];
  const at = pointOf(query);
  if (pin === undefined && at === null)
    return arcgisFailure(400, 'Unable to perform query. Invalid query parameters.', ["'where' parameter is invalid"]);
  const parcel =
    pin === undefined ? book.byPoint('53033', at?.latitude ?? 0, at?.longitude ?? 0) : book.byPin('53033', pin);
  const withGeometry = query.get('returnGeometry') !== 'false';
  const features =
    parcel === null
      ? []
      : [{ attributes: kingAttributes(parcel), ...(withGeometry ? { geometry: outline(parcel) } : {}) }];
  const shape = withGeometry
    ? { geometryType: 'esriGeometryPolygon', spatialReference: { wkid: 4326, latestWkid: 4326 } }
    : {};
  return page(query, 'PIN', PARCEL_COLUMNS, features, shape);
}

function kingAttributes(parcel: SimulatedParcel): Record<string, unknown> {
  return {
    PIN: parcel.pin,
    ADDR_FULL: parcel.address,
    CTYNAME: parcel.place.city,
    POSTALCTYNAME: parcel.place.city,
    ZIP5: parcel.zip,
    APPRLNDVAL: parcel.landDollars,
    APPR_IMPR: parcel.improvementDollars,
    LOTSQFT: parcel.lotSqft,
    PREUSE_DESC: 'Single Family(Res Use/Zone)',
    PROPTYPE: 'R',
  };
}

/** A square around the parcel's point. */
function outline({ latitude, longitude }: SimulatedParcel) {
  const half = 0.0002;
  const corners = [
    [-1, -1],
    [-1, 1],
    [1, 1],
    [1, -1],
    [-1, -1],
  ] as const;
  return { rings: [corners.map(([x, y]) => [longitude + x * half, latitude + y * half])] };
}
