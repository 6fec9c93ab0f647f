import { z } from 'zod';
import type { EnrichmentField, EnrichmentFields } from '../../domain/provenance.ts';
import type { HttpResponse } from '../../http/types.ts';
import { answerOf, askJson, numberOf, unexpectedShape } from './answers.ts';
import type { EnrichmentSubject, Provider, ProviderDeps } from './provider.ts';

/** The five-year period's last year, as in the address of the data set. */
export const ACS_YEAR = 2023;
const TRACT_CONFIDENCE = 0.9;
/** A ZIP code area is larger and less like the property's surroundings. */
const ZIP_CONFIDENCE = 0.75;

// Variables of the ACS 5-year detailed tables (api.census.gov/data/2023/acs/acs5/variables.html).
const INCOME = 'B19013_001E';
const HOME_VALUE = 'B25077_001E';
const POPULATION = 'B01003_001E';
const RENT = 'B25064_001E';
const OCCUPIED = 'B25003_001E';
const OWNER_OCCUPIED = 'B25003_002E';
const VARIABLES = ['NAME', INCOME, HOME_VALUE, POPULATION, RENT, OCCUPIED, OWNER_OCCUPIED].join(',');

/**
 * A value of an ACS row. The Census writes "no value" as a negative sentinel (−666666666, −222222222, −333333333,
 * −555555555, −888888888, −999999999, also with decimals or as text); none of our variables can be negative, so every
 * negative number is null, as is anything that is no number.
 * Source: "Notes on ACS Estimate and Annotation Values", census.gov.
 */
export function parseAcsValue(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || number < 0 ? null : number;
}

/** US Census ACS 5-year estimates by tract, gaps filled by ZIP code area. Free; a key lifts the daily limit. */
export const censusAcs: Provider = {
  name: 'census-acs',
  fields: ['medianIncomeCents', 'medianHomeValueCents', 'population', 'medianRentCents', 'ownerOccupiedShare'],
  waitsFor: ['censusTract'],
  costMicros: 0,
  cacheTtlSeconds: 90 * 86_400,
  rate: { perSecond: 10, burst: 20 },
  timeoutMs: 15_000,
  defaultBaseUrl: 'https://api.census.gov/data',
  coverage: (subject) => tractOf(subject) !== null || zipOf(subject) !== null,
  cacheKey: (subject) => `${ACS_YEAR}:${tractOf(subject) ?? ''}:${zipOf(subject) ?? ''}`,
  async fetch(deps, subject) {
    const responses: HttpResponse[] = [];
    const tract = tractOf(subject);
    const zip = zipOf(subject);
    let fields: EnrichmentFields = {};
    let confidence = TRACT_CONFIDENCE;
    if (tract !== null) {
      const place = { for: `tract:${tract.slice(5)}`, in: `state:${tract.slice(0, 2)} county:${tract.slice(2, 5)}` };
      const row = await askRow(deps, place);
      responses.push(row.response);
      fields = readRow(row.values);
    }
    if (zip !== null && censusAcs.fields.some((field) => fields[field] === undefined)) {
      const row = await askRow(deps, { for: `zip code tabulation area:${zip}` });
      responses.push(row.response);
      const wider = readRow(row.values);
      if (Object.keys(wider).length > Object.keys(fields).length) confidence = ZIP_CONFIDENCE;
      fields = { ...wider, ...fields };
    }
    return answerOf(responses, { fields, confidence: Object.keys(fields).length === 0 ? 0 : confidence });
  },
};

function tractOf({ censusTract }: EnrichmentSubject): string | null {
  return censusTract !== null && censusTract !== undefined && /^\d{11}$/.test(censusTract) ? censusTract : null;
}

function zipOf({ zip }: EnrichmentSubject): string | null {
  return zip !== null && /^\d{5}/.test(zip) ? zip.slice(0, 5) : null;
}

const tableSchema = z.array(z.array(z.union([z.string(), z.number(), z.null()]))).min(1);

async function askRow(deps: ProviderDeps, place: Record<string, string>) {
  const key = deps.apiKeys?.[censusAcs.name];
  const { json, response } = await askJson(deps, censusAcs, {
    path: `/${ACS_YEAR}/acs/acs5`,
    searchParams: { get: VARIABLES, ...place, ...(key === undefined || key === '' ? {} : { key }) },
  });
  if (json === undefined) return { values: new Map<string, unknown>(), response };
  const table = tableSchema.safeParse(json);
  if (!table.success) throw unexpectedShape(censusAcs.name, 'no table of rows');
  const [header, row] = table.data;
  return {
    values: new Map(row === undefined ? [] : (header ?? []).map((name, index) => [String(name), row[index]])),
    response,
  };
}

/** Reads one row; money from dollars to cents. Fields without a value are left out. */
export function readRow(values: ReadonlyMap<string, unknown>): EnrichmentFields {
  const value = (name: string) => parseAcsValue(values.get(name));
  const cents = (name: string) => {
    const dollars = value(name);
    return dollars === null ? null : Math.round(dollars * 100);
  };
  const occupied = value(OCCUPIED);
  const owners = value(OWNER_OCCUPIED);
  const share = occupied !== null && owners !== null && occupied > 0 ? Math.min(1, owners / occupied) : null;
  const all = {
    medianIncomeCents: cents(INCOME),
    medianHomeValueCents: cents(HOME_VALUE),
    population: value(POPULATION),
    medianRentCents: cents(RENT),
    ownerOccupiedShare: share,
  } satisfies Partial<Record<EnrichmentField, number | null>>;
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== null)) as EnrichmentFields;
}
