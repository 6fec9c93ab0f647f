import { z } from 'zod';
import type { EnrichmentFields } from '../../domain/provenance.ts';
import type { HttpResponse } from '../../http/types.ts';
import { answerOf, askJson, numberOf, positiveOf, textOf, unexpectedShape } from './answers.ts';
import type { EnrichmentSubject, Provider, ProviderDeps } from './provider.ts';

const COOK_COUNTY_FIPS = '17031';
const CONFIDENCE = 0.92;
// Datasets of datacatalog.cookcountyil.gov (Cook County Assessor's open data).
const ADDRESSES = '3723-97qp';
const ASSESSED_VALUES = 'uzyt-m557';
const CHARACTERISTICS = 'x54s-btds';

type Row = Record<string, unknown>;

/** Cook County, IL: the assessor's open data by 14-digit PIN: address, assessment, building. Free; a token lifts the limit. */
export const cookCountyAssessor: Provider = {
  name: 'cook-county-assessor',
  fields: [
    'address',
    'city',
    'state',
    'zipCode',
    'ownerName',
    'assessedValueCents',
    'taxYear',
    'sqft',
    'lotSizeSqft',
    'yearBuilt',
    'bedrooms',
    'bathrooms',
    'stories',
    'condition',
    'propertyType',
  ],
  waitsFor: [],
  costMicros: 0,
  cacheTtlSeconds: 30 * 86_400,
  rate: { perSecond: 8, burst: 16 },
  timeoutMs: 15_000,
  defaultBaseUrl: 'https://datacatalog.cookcountyil.gov/resource',
  coverage: (subject) => subject.countyFips === COOK_COUNTY_FIPS && pinOf(subject) !== null,
  cacheKey: (subject) => pinOf(subject) ?? '',
  async fetch(deps, subject) {
    const pin = pinOf(subject) ?? '';
    const addresses = await askRows(deps, ADDRESSES, pin, '1');
    const values = await askRows(deps, ASSESSED_VALUES, pin, '1');
    const buildings = await askRows(deps, CHARACTERISTICS, pin, '20');
    const fields = readRecords(addresses.rows, values.rows, buildings.rows);
    const responses: HttpResponse[] = [addresses.response, values.response, buildings.response];
    return answerOf(responses, { fields, confidence: Object.keys(fields).length === 0 ? 0 : CONFIDENCE });
  },
};

/** The PIN with its leading zeros, which spreadsheets lose; null for anything that is no PIN. */
function pinOf({ apn }: EnrichmentSubject): string | null {
  const digits = apn?.replace(/[\s-]/g, '') ?? '';
  return /^\d{12,14}$/.test(digits) ? digits.padStart(14, '0') : null;
}

const rowsSchema = z.array(z.record(z.string(), z.unknown()));

async function askRows(deps: ProviderDeps, dataset: string, pin: string, limit: string) {
  const token = deps.apiKeys?.[cookCountyAssessor.name];
  const { json, response } = await askJson(deps, cookCountyAssessor, {
    path: `/${dataset}.json`,
    searchParams: { pin, $order: 'year DESC', $limit: limit },
    ...(token === undefined || token === '' ? {} : { headers: { 'x-app-token': token } }),
  });
  const rows = rowsSchema.safeParse(json === undefined ? [] : json);
  if (!rows.success) throw unexpectedShape(cookCountyAssessor.name, `no rows in ${dataset}`);
  return { rows: rows.data, response };
}

/** Share of market value at which a class is assessed (Cook County Code § 74-63): 10% residential and vacant, 25% commercial. */
function assessmentLevel(classCode: string | null): number | null {
  const major = classCode?.[0];
  if (major === '1' || major === '2' || major === '3') return 0.1;
  return major === '5' ? 0.25 : null;
}

/**
 * Puts the three data sets together. The assessed value is raised to market level by the class's assessment level, so that
 * it compares with prices as in other counties; without a known level it is left out. The latest stage counts: board of
 * review, certified, mailed. A PIN with several buildings: areas and rooms are summed, the largest gives year and condition.
 */
export function readRecords(
  addresses: readonly Row[],
  values: readonly Row[],
  buildings: readonly Row[],
): EnrichmentFields {
  const place = addresses[0];
  const assessed = values[0];
  const classCode = textOf(assessed?.['class'] ?? buildings[0]?.['class']);
  const level = assessmentLevel(classCode);
  const total =
    positiveOf(assessed?.['board_tot']) ??
    positiveOf(assessed?.['certified_tot']) ??
    positiveOf(assessed?.['mailed_tot']);
  const latest = textOf(buildings[0]?.['year']);
  const cards = buildings.filter((card) => textOf(card['year']) === latest);
  const main = [...cards].sort((a, b) => (numberOf(b['char_bldg_sf']) ?? 0) - (numberOf(a['char_bldg_sf']) ?? 0))[0];
  const sum = (column: string) => cards.reduce<number>((all, card) => all + (positiveOf(card[column]) ?? 0), 0);
  const all = {
    address: textOf(place?.['prop_address_full']),
    city: textOf(place?.['prop_address_city_name']),
    state: place === undefined ? null : (textOf(place['prop_address_state']) ?? 'IL'),
    zipCode: textOf(place?.['prop_address_zipcode_1']),
    ownerName: textOf(place?.['owner_address_name']) ?? textOf(place?.['mail_address_name']),
    assessedValueCents: total !== null && level !== null ? Math.round((total / level) * 100) : null,
    taxYear: yearOf(assessed?.['year']),
    sqft: sum('char_bldg_sf') || null,
    lotSizeSqft: positiveOf(main?.['char_land_sf']),
    yearBuilt: yearOf(main?.['char_yrblt']),
    bedrooms: sum('char_beds') || null,
    bathrooms: sum('char_fbath') + sum('char_hbath') / 2 || null,
    stories: storiesOf(textOf(main?.['char_type_resd'])),
    condition: conditionOf(textOf(main?.['char_repair_cnd'])),
    propertyType: classCode?.startsWith('2') ? 'Residential' : null,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as EnrichmentFields;
}

/** Years arrive as "2023", 2023 or "2023.0". */
function yearOf(value: unknown): number | null {
  const year = numberOf(value);
  return year !== null && year >= 1700 && year <= 2100 ? Math.round(year) : null;
}

function storiesOf(residenceType: string | null): number | null {
  const match = /^(\d(?:\.5)?) Story/.exec(residenceType ?? '');
  return match === null ? null : Number(match[1]);
}

/** The assessor's three grades on our scale of 1 to 5. */
function conditionOf(repair: string | null): number | null {
  const grades: Record<string, number> = { 'Above Average': 4, Average: 3, 'Below Average': 2 };
  return grades[repair ?? ''] ?? null;
}
