import { createHash } from 'node:crypto';
import type { QuarantinedRow } from '../../db/queries/discovery.ts';
import type { IncomingRecord } from '../../db/queries/ingest-writes.ts';
import type { County } from '../../domain/county.ts';
import type { Finding } from '../../domain/listing-rules.ts';
import { incomingRecords } from './incoming-records.ts';
import { buildItem } from './record-build.ts';
import type { DiscoveredItem } from './source.ts';
import type { ParsedValue } from './value-parse.ts';

/** Under which source stated rows are kept, and what their `source_id` is unique in. */
export const INTAKE_SOURCE = 'intake';

/** A property as somebody states it, its keys those of the API. Areas in square feet, prices in dollars. */
export type StatedRow = Readonly<Partial<Record<keyof typeof FIELDS, string | number | undefined>>>;

const FIELDS = {
  apn: 'ParcelNumber',
  address: 'UnparsedAddress',
  unit: 'UnitNumber',
  city: 'City',
  state: 'StateOrProvince',
  zip_code: 'PostalCode',
  latitude: 'Latitude',
  longitude: 'Longitude',
  property_type: 'PropertyType',
  bedrooms: 'BedroomsTotal',
  bathrooms: 'BathroomsTotalDecimal',
  sqft: 'LivingArea',
  lot_size_sqft: 'LotSizeSquareFeet',
  year_built: 'YearBuilt',
  list_price: 'ListPrice',
  source_id: 'SourceId',
  url: 'Url',
} as const;
const API_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(FIELDS).map(([name, field]) => [field, name]),
);

/** A stated row after the checks: a record to store, or the quarantine entry with every reason. */
export type CheckedRow =
  | { ok: true; record: IncomingRecord }
  | { ok: false; quarantined: QuarantinedRow; reasons: Array<{ field: string; code: string; message: string }> };

/**
 * Checks stated rows by the rules of discovery, in order. One with an asking price is a listing, any other a parcel. The
 * same refused row is the same entry in quarantine, however often it comes.
 */
export function readStatedRows(county: County, rows: readonly StatedRow[], now: Date): CheckedRow[] {
  const items = rows.map((row) => itemOf(county, row, now));
  const records = incomingRecords(items, now);
  let next = 0;
  return items.map((item): CheckedRow => {
    if (item.type === 'record') return { ok: true, record: records[next++]! };
    if (item.type !== 'quarantined') throw new Error(`a stated row became ${item.type}`);
    const { rowReference, reasons, payload } = item;
    return {
      ok: false,
      quarantined: { rowReference, kind: 'invalid', reasons, payload },
      reasons: reasons.map(publicReason),
    };
  });
}

function itemOf(county: County, row: StatedRow, now: Date): DiscoveredItem {
  const values = new Map<string, ParsedValue>();
  for (const [name, field] of Object.entries(FIELDS)) {
    const value = row[name as keyof StatedRow];
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) continue;
    values.set(field, typeof value === 'string' ? value.trim() : value);
  }
  const sha256 = createHash('sha256')
    .update(JSON.stringify([county.fips, ...values]))
    .digest('hex');
  return buildItem(
    { values, problems: [], extras: {} },
    {
      source: INTAKE_SOURCE,
      recordKind: values.has('ListPrice') ? 'listing' : 'parcel',
      rowReference: `intake:${sha256.slice(0, 16)}`,
      raw: { contentType: 'application/json', sha256 },
      url: null,
      countyFips: county.fips,
      rules: { now, countyBox: county.bounds },
    },
  );
}

function publicReason({ field, code, message }: Finding) {
  return { field: API_NAMES[field] ?? field, code, message };
}
