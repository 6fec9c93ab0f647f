import { hash } from 'node:crypto';
import { type FieldSource, PROPERTY_FIELDS, type Property, type PropertyField } from '../property.ts';
import { COMPARABLE_CONSTANTS } from './comparable-constants.ts';
import type { CountyMarket, ScoredSale, ScoreInput } from './feature.ts';
import type { AvmValue } from './value.ts';
import { estimateFrom } from './value-estimate.ts';

/** What a score was worked out from. */
export interface KeptInputs {
  /** Of everything, the weights too: the same hash, the same score. */
  hash: string;
  /** For `readKeptInputs`. Names nobody, and no place but by its coordinates. */
  bytes: Buffer;
}

/** What a fact can be. */
type Known = string | number | boolean | null | undefined;

/** Stand among the figures for what is none: a fact that is not known, and a text, whose length follows. */
const UNKNOWN = Number.NEGATIVE_INFINITY;
const TEXT = Number.POSITIVE_INFINITY;
/** Form of the bytes, and how many figures there are: four bytes each. */
const FORM = 1;
const HEAD_BYTES = 8;

/** Who and where: no score is worked out from them. They count in the hash and are not kept. */
const UNKEPT = ['apn', 'address', 'unit', 'listingUrl', 'ownerName', 'publicRemarks'] as const;
const KEPT = PROPERTY_FIELDS.filter((field) => !(UNKEPT as readonly string[]).includes(field));
const FLAGS: ReadonlySet<PropertyField> = new Set(['waterfront']);
/** All of them, which the compiler sees to: one left out would change scores and no hash. */
const COUNTY_FIELDS = namesOf<CountyMarket>({
  medianPriceCents: true,
  medianPriceYear: true,
  marketHeat: true,
  appreciationAnnual: true,
  neighborhoodMultiplier: true,
});
const AVM_FIELDS = namesOf<AvmValue>({
  valueCents: true,
  lowCents: true,
  highCents: true,
  confidence: true,
  modelVersion: true,
});
const SALE_FIELDS = 9;

/**
 * Everything a score is worked out from, to be kept with it: its explanation can be worked out again whenever somebody asks,
 * whatever has become of the property since. Figures as the doubles that they are, texts one after the other with their
 * lengths among the figures; as JSON it would be twice the work.
 */
export function keepInputs(input: ScoreInput, weightsSha256: string): KeptInputs {
  const { property, county, asOf, comparables, avm } = input;
  const { chosen } = comparables;
  const most = 5 * PROPERTY_FIELDS.length + COUNTY_FIELDS.length + AVM_FIELDS.length + SALE_FIELDS * chosen.length + 7;
  const figures = new Float64Array(2 * most);
  let count = 0;
  let texts = '';
  const put = (value: Known) => {
    if (typeof value === 'string') {
      figures[count] = TEXT;
      figures[count + 1] = value.length;
      count += 2;
      texts += value;
      return;
    }
    const figure = Number(value ?? Number.NaN);
    figures[count] = Number.isFinite(figure) ? figure : UNKNOWN;
    count += 1;
  };
  put(property.tenantId);
  put(property.id);
  put(property.countyFips);
  for (const field of KEPT) put(property[field]);
  // Of where a fact came from, what a score looks at: when it was fetched and what it cost change no score.
  for (const field of PROPERTY_FIELDS) {
    const from = property.fieldSources[field];
    if (from === undefined) continue;
    put(field);
    put(from.source);
    put(from.simulated);
    put(from.confidence);
  }
  for (const field of COUNTY_FIELDS) put(county[field]);
  put(asOf);
  put(chosen.length);
  // What a sale brings to a score. Named one by one, which is quicker than a list of names.
  for (const sale of chosen) {
    put(sale.propertyId);
    put(sale.closeDate);
    put(sale.closePriceCents);
    put(sale.adjustedPriceCents);
    put(sale.weight);
    put(sale.distanceMetres);
    put(sale.ageDays);
    put(sale.sqft);
    put(sale.condition);
  }
  put(comparables.whyNot);
  for (const field of AVM_FIELDS) put(avm?.[field]);
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32LE(FORM, 0);
  head.writeUInt32LE(count, 4);
  const bytes = Buffer.concat([head, Buffer.from(figures.buffer, 0, 8 * count), Buffer.from(texts)]);
  const kept = count;
  const named = texts.length;
  for (const field of UNKEPT) put(property[field]);
  put(weightsSha256);
  const rest = Buffer.from(figures.buffer, 8 * kept, 8 * (count - kept));
  return { bytes, hash: hash('sha256', Buffer.concat([bytes, rest, Buffer.from(texts.slice(named))]), 'hex') };
}

/**
 * The input of a score as it was kept: a score made of it is the same to the last digit. Who and where is unknown (null), of
 * a source only its name, its confidence and whether it made the value up are told.
 * @throws Error for bytes that `keepInputs` did not make
 */
export function readKeptInputs(bytes: Uint8Array): ScoreInput {
  const { next, isText } = reader(bytes);
  const text = () => String(next());
  const number = () => (next() ?? Number.NaN) as number;
  const ids = { tenantId: text(), id: text(), countyFips: text() };
  const facts: Record<string, string | number | boolean | null> = {};
  for (const field of UNKEPT) facts[field] = null;
  for (const field of KEPT) {
    const fact = next();
    facts[field] = FLAGS.has(field) && fact !== null ? fact === 1 : fact;
  }
  const fieldSources: Property['fieldSources'] = {};
  while (isText()) {
    const field = text() as PropertyField;
    const source: FieldSource = {
      source: text(),
      simulated: next() === 1,
      confidence: number(),
      fetchedAt: '',
      costMicros: 0,
    };
    fieldSources[field] = source;
  }
  const county = Object.fromEntries(COUNTY_FIELDS.map((field) => [field, number()])) as unknown as CountyMarket;
  if (Number.isNaN(county.medianPriceYear)) county.medianPriceYear = null;
  const asOf = text();
  const chosen = Array.from(
    { length: number() },
    (): ScoredSale => ({
      propertyId: text(),
      closeDate: text(),
      closePriceCents: number(),
      adjustedPriceCents: number(),
      weight: number(),
      distanceMetres: number(),
      ageDays: number(),
      sqft: number(),
      condition: next() as number | null,
    }),
  );
  const whyNot = next() as string | null;
  const estimate = chosen.length < COMPARABLE_CONSTANTS.minChosen ? null : estimateFrom(chosen);
  const value = AVM_FIELDS.map((field) => [field, next()] as const);
  const avm = value.every(([, known]) => known === null)
    ? null
    : (Object.fromEntries(value.map(([field, known]) => [field, known ?? Number.NaN])) as unknown as AvmValue);
  const property = { ...ids, ...facts, fieldSources } as unknown as Property;
  return { property, county, asOf, comparables: { chosen, estimate, whyNot }, avm };
}

/** The figures and texts one after the other. */
function reader(bytes: Uint8Array) {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWhole = given.length >= HEAD_BYTES && given.readUInt32LE(0) === FORM;
  const count = isWhole ? given.readUInt32LE(4) : 0;
  const end = HEAD_BYTES + 8 * count;
  if (!isWhole || given.length < end) {
    throw new Error('The inputs of a score were kept in a form that this version does not read.');
  }
  const texts = given.toString('utf8', end);
  let at = 0;
  let from = 0;
  const figure = (position: number) => (position < count ? given.readDoubleLE(HEAD_BYTES + 8 * position) : Number.NaN);
  return {
    isText: () => figure(at) === TEXT,
    next(): string | number | null {
      const value = figure(at);
      at += 1;
      if (value !== TEXT) return value === UNKNOWN ? null : value;
      const length = figure(at);
      at += 1;
      from += length;
      return texts.slice(from - length, from);
    },
  };
}

function namesOf<T>(all: { [Name in keyof T]-?: true }): ReadonlyArray<keyof T> {
  return Object.keys(all) as Array<keyof T>;
}
