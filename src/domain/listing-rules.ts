import { distanceToBoxMeters, type GeoBox, isInBox, isPlace } from './geo.ts';
import type { DiscoveredRecord, RecordKind } from './listing.ts';

export const MAX_PRICE_DOLLARS = 100_000_000;
/** 1,000 m² in square feet (1 ft = 0.3048 m). */
export const MAX_RESIDENTIAL_SQFT = 1000 / 0.3048 ** 2;

/** Why a record was refused, or what is odd about it. `value` is what was found, as text; null when nothing was. */
export interface Finding {
  field: string;
  code: string;
  message: string;
  value: string | null;
}

/** A finding that does not stop the record. `needsReview` asks a person to look (search attribute NeedsReview). */
export interface Warning extends Finding {
  needsReview: boolean;
}

export type Validation =
  | { ok: true; record: DiscoveredRecord; warnings: Warning[] }
  | { ok: false; reasons: Finding[]; warnings: Warning[] };

/** What a source must fill. `Location` is an address, coordinates or a parcel number. */
export type RequiredField =
  | 'ListPrice'
  | 'ClosePrice'
  | 'CloseDate'
  | 'LivingArea'
  | 'PropertyType'
  | 'Location'
  | 'Parcel';

/** Required fields by record kind, unless the source's recipe states others (sources differ in what they publish). */
export const REQUIRED: Readonly<Record<RecordKind, readonly RequiredField[]>> = {
  listing: ['ListPrice', 'Location', 'PropertyType', 'LivingArea'],
  sale: ['ClosePrice', 'CloseDate', 'Location'],
  parcel: ['Parcel'],
};

export interface RuleContext {
  now: Date;
  /** The county's box; coordinates outside are refused. Null: not checked. */
  countyBox?: GeoBox | null;
  required?: readonly RequiredField[] | null;
}

/** Checks one record by the rules for its kind. Every reason is reported, not only the first. Pure. */
export function validateRecord(record: DiscoveredRecord, context: RuleContext): Validation {
  const reasons: Finding[] = [];
  const warnings: Warning[] = [];
  const refuse = (field: string, code: string, message: string) =>
    reasons.push({ field, code, message, value: valueText(record, field) });
  const warn = (field: string, code: string, message: string, needsReview = true) =>
    warnings.push({ field, code, message, value: valueText(record, field), needsReview });

  const required = context.required ?? REQUIRED[record.record_kind];
  for (const field of required) if (isMissing(record, field)) refuse(field, 'required', missingText(record, field));
  for (const field of REQUIRED[record.record_kind]) {
    if (!required.includes(field) && isMissing(record, field)) warn(field, 'missing', `${field} is not known yet`);
  }
  checkPrices(record, refuse);
  checkStructure(record, context.now, refuse, warn);
  checkPlace(record, context.countyBox ?? null, refuse);
  if (record.record_kind === 'listing' && /lease|rent/i.test(record.PropertyType ?? '')) {
    refuse('PropertyType', 'not_for_sale', 'a rental is not for sale');
  }
  if (record.record_kind === 'sale' && record.ArmsLengthYN === false) {
    warn('ClosePrice', 'not_arms_length', 'no market price was paid; kept as a transfer, not used as a sale', false);
  }
  return reasons.length === 0 ? { ok: true, record, warnings } : { ok: false, reasons, warnings };
}

type Refuse = (field: string, code: string, message: string) => void;
type Warn = (field: string, code: string, message: string, needsReview?: boolean) => void;

function valueText(record: DiscoveredRecord, field: string): string | null {
  const value = (record as Record<string, unknown>)[field];
  return value === null || value === undefined ? null : String(value);
}

const hasAddress = (r: DiscoveredRecord) =>
  r.UnparsedAddress !== null || (r.StreetNumber !== null && r.StreetName !== null);

function isMissing(record: DiscoveredRecord, field: RequiredField): boolean {
  if (field === 'Parcel') return record.ParcelNumber === null && !hasAddress(record);
  if (field === 'Location') {
    return (
      record.ParcelNumber === null && !hasAddress(record) && (record.Latitude === null || record.Longitude === null)
    );
  }
  if (field === 'ClosePrice' && record.ArmsLengthYN === false) return false;
  if (field === 'LivingArea' && (record.PropertyType === 'Land' || record.PropertyType === 'Farm')) return false;
  return record[field] === null;
}

function missingText(record: DiscoveredRecord, field: RequiredField): string {
  if (field === 'Parcel') return 'a parcel needs a parcel number or an address';
  if (field === 'Location') return `a ${record.record_kind} needs an address, coordinates or a parcel number`;
  return `a ${record.record_kind} needs ${field}`;
}

function checkPrices(record: DiscoveredRecord, refuse: Refuse): void {
  for (const field of ['ListPrice', 'ClosePrice', 'OriginalListPrice'] as const) {
    const price = record[field];
    if (price === null) continue;
    if (price <= 0) refuse(field, 'too_small', `${field} must be above 0 dollars`);
    else if (price > MAX_PRICE_DOLLARS) refuse(field, 'too_large', `${field} must be at most 100,000,000 dollars`);
  }
}

function checkStructure(record: DiscoveredRecord, now: Date, refuse: Refuse, warn: Warn): void {
  const area = record.LivingArea;
  if (area !== null && area <= 0) refuse('LivingArea', 'too_small', 'LivingArea must be above 0 square feet');
  if (area !== null && area > MAX_RESIDENTIAL_SQFT) {
    const message = 'LivingArea is above 1,000 m² (10,763.9 square feet)';
    if (record.PropertyType === 'Residential') refuse('LivingArea', 'too_large', `${message} for a residence`);
    else warn('LivingArea', 'too_large', message);
  }
  const nextYear = now.getUTCFullYear() + 1;
  if (record.YearBuilt !== null && (record.YearBuilt < 1600 || record.YearBuilt > nextYear)) {
    refuse('YearBuilt', 'out_of_range', `YearBuilt must be between 1600 and ${nextYear}`);
  }
  const ranges = [
    ['BedroomsTotal', 0, 50],
    ['BathroomsTotalDecimal', 0, 50],
    ['Stories', 0, 150],
    ['LotSizeSquareFeet', 0, 5e9],
  ] as const;
  for (const [field, low, high] of ranges) {
    const value = record[field];
    if (value !== null && (value < low || value > high)) {
      warn(field, 'out_of_range', `${field} is normally between ${low} and ${high}`);
    }
  }
  if (area !== null && area > 0 && (record.BedroomsTotal ?? 0) > 4 && area / (record.BedroomsTotal ?? 1) < 70) {
    warn('BedroomsTotal', 'implausible', 'more bedrooms than the living area can hold');
  }
  if (record.CloseDate !== null && record.CloseDate > now.toISOString().slice(0, 10)) {
    refuse('CloseDate', 'in_future', 'a closed sale cannot lie in the future');
  }
}

function checkPlace(record: DiscoveredRecord, box: GeoBox | null, refuse: Refuse): void {
  const { Latitude: latitude, Longitude: longitude } = record;
  if (latitude === null && longitude === null) return;
  if (latitude === null || longitude === null) {
    refuse(latitude === null ? 'Latitude' : 'Longitude', 'required', 'coordinates come in pairs; one is missing');
  } else if (!isPlace(latitude, longitude)) {
    refuse('Latitude', 'out_of_range', `(${latitude}, ${longitude}) is no place on Earth`);
  } else if (box !== null && !isInBox({ latitude, longitude }, box)) {
    const km = Math.round(distanceToBoxMeters({ latitude, longitude }, box) / 1000);
    refuse('Latitude', 'outside_county', `(${latitude}, ${longitude}) lies ${km} km outside the county`);
  }
}

/** A warning about one record of a batch. */
export interface Outlier {
  index: number;
  warning: Warning;
}

/** Fewest records of a ZIP that make a neighbourhood, and how many scaled MADs away a price is odd. */
const MIN_NEIGHBOURS = 8;
const MAX_DEVIATIONS = 5;

/**
 * Flags records whose price per square foot is far from the others of the same ZIP and kind: |log price − median| above
 * 5 × 1.4826 × MAD (median absolute deviation; Leys et al. 2013). Never refuses: a bargain is what the product seeks.
 */
export function outliers(records: readonly DiscoveredRecord[]): Outlier[] {
  const groups = new Map<string, Array<{ index: number; value: number }>>();
  records.forEach((record, index) => {
    const price = record.ClosePrice ?? record.ListPrice;
    if (price === null || price <= 0 || !record.LivingArea || record.LivingArea <= 0 || record.PostalCode === null)
      return;
    const key = `${record.record_kind}:${record.PostalCode.slice(0, 5)}`;
    const group = groups.get(key) ?? [];
    group.push({ index, value: Math.log(price / record.LivingArea) });
    groups.set(key, group);
  });
  return [...groups.entries()].flatMap(([key, group]) => (group.length < MIN_NEIGHBOURS ? [] : flag(key, group)));
}

function flag(key: string, group: Array<{ index: number; value: number }>): Outlier[] {
  const middle = median(group.map((g) => g.value));
  // A floor of 2% keeps identical prices from flagging every small difference.
  const spread = Math.max(0.02, 1.4826 * median(group.map((g) => Math.abs(g.value - middle))));
  return group
    .filter((g) => Math.abs(g.value - middle) > MAX_DEVIATIONS * spread)
    .map((g) => ({
      index: g.index,
      warning: {
        field: 'LivingArea',
        code: 'outlier',
        message: `$${Math.exp(g.value).toFixed(0)} per square foot is far from $${Math.exp(middle).toFixed(0)}, the median of ${group.length} in ZIP ${key.split(':')[1]}`,
        value: Math.exp(g.value).toFixed(2),
        needsReview: true,
      },
    }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
