import { hash } from 'node:crypto';
import type { ScoredSale } from '../comparables.ts';
import { PROPERTY_FIELDS, type Property, type PropertyField } from '../property.ts';
import { COMPARABLE_CONSTANTS } from './comparable-constants.ts';
import type { CountyMarket, ScoreInput } from './feature.ts';
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
const SALE_FIGURES = 8;

/**
 * Which form the bytes have: how they are written (2), and all that has its place by the order of these lists. It stands in
 * front, beside the number of figures; four bytes each.
 */
const FORM = Number.parseInt(hash('sha256', `2 ${[PROPERTY_FIELDS, KEPT, COUNTY_FIELDS, AVM_FIELDS]}`).slice(0, 8), 16);
const HEAD_BYTES = 8;

/** Where one score's inputs are written down, again and again: memory of their own for each would cost more than the rest. */
const room = { figures: new Float64Array(1_024), count: 0, texts: '', bytes: Buffer.allocUnsafeSlow(32_768) };

function put(value: Known): void {
  if (typeof value === 'string') {
    room.figures[room.count] = TEXT;
    room.count += 1;
    putText(value);
  } else putNumber(Number(value ?? Number.NaN));
}

function putNumber(value: number): void {
  room.figures[room.count] = Number.isFinite(value) ? value : UNKNOWN;
  room.count += 1;
}

/** Where nothing but a text can stand. */
function putText(text: string): void {
  room.figures[room.count] = text.length;
  room.count += 1;
  room.texts += text;
}

/**
 * Everything a score is worked out from, to be kept with it: its explanation can be worked out again whenever somebody asks,
 * whatever has become of the property since. Figures as the doubles that they are, texts one after the other with their
 * lengths among the figures; as JSON it would be twice the work.
 */
export function keepInputs(input: ScoreInput, weightsSha256: string): KeptInputs {
  const { property, county, asOf, comparables, avm } = input;
  const { chosen } = comparables;
  const most =
    6 * PROPERTY_FIELDS.length + COUNTY_FIELDS.length + 2 * AVM_FIELDS.length + SALE_FIGURES * chosen.length + 16;
  if (most > room.figures.length) room.figures = new Float64Array(2 * most);
  room.count = 0;
  room.texts = '';
  putText(property.tenantId);
  putText(property.id);
  putText(property.countyFips);
  for (const field of KEPT) put(property[field]);
  putSources(property.fieldSources);
  for (const field of COUNTY_FIELDS) put(county[field]);
  putText(asOf);
  putNumber(chosen.length);
  for (const sale of chosen) {
    putText(sale.propertyId);
    putNumber(sale.closePriceCents);
    putNumber(sale.adjustedPriceCents);
    putNumber(sale.weight);
    putNumber(sale.distanceMetres);
    putNumber(sale.ageDays);
    putNumber(sale.sqft);
    put(sale.condition);
  }
  put(comparables.whyNot);
  for (const field of AVM_FIELDS) put(avm?.[field]);
  let unkept = weightsSha256;
  for (const field of UNKEPT) {
    const value: Known = property[field];
    unkept += typeof value === 'string' ? ` ${value.length}:${value}` : ` ${value}`;
  }
  return written(unkept);
}

/**
 * Of where each fact came from, what a score looks at: when it was fetched and what it cost change no score. Sources by
 * number, and by name where one is met first.
 */
function putSources(sources: Property['fieldSources']): void {
  const names: string[] = [];
  for (const field of PROPERTY_FIELDS) {
    const from = sources[field];
    if (from === undefined) {
      putNumber(UNKNOWN);
      continue;
    }
    const known = names.indexOf(from.source);
    putNumber(known === -1 ? names.length : known);
    if (known === -1) {
      names.push(from.source);
      putText(from.source);
    }
    put(from.simulated);
    putNumber(from.confidence);
  }
}

/** What was put as bytes. @param unkept counts in the hash alone */
function written(unkept: string): KeptInputs {
  const { figures, count, texts } = room;
  const most = HEAD_BYTES + 8 * count + 3 * (texts.length + unkept.length);
  if (most > room.bytes.length) room.bytes = Buffer.allocUnsafeSlow(2 * most);
  const { bytes } = room;
  bytes.writeUInt32LE(FORM, 0);
  bytes.writeUInt32LE(count, 4);
  bytes.set(new Uint8Array(figures.buffer, 0, 8 * count), HEAD_BYTES);
  let end = HEAD_BYTES + 8 * count;
  end += bytes.write(texts, end);
  const all = end + bytes.write(unkept, end);
  return { bytes: Buffer.from(bytes.subarray(0, end)), hash: hash('sha256', bytes.subarray(0, all), 'hex') };
}

/**
 * The input of a score as it was kept: a score made of it is the same to the last digit. Who and where is unknown (null), of
 * a source only its name, its confidence and whether it made the value up are told.
 * @returns null for bytes in a form that another version wrote
 * @throws Error for bytes that are not whole
 */
export function readKeptInputs(kept: Uint8Array): ScoreInput | null {
  const bytes = Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  if (bytes.length < HEAD_BYTES || bytes.readUInt32LE(0) !== FORM) return null;
  const { next, text, number } = reader(bytes);
  const ids = { tenantId: text(), id: text(), countyFips: text() };
  const facts: Record<string, string | number | boolean | null> = {};
  for (const field of UNKEPT) facts[field] = null;
  for (const field of KEPT) {
    const fact = next();
    facts[field] = FLAGS.has(field) && fact !== null ? fact === 1 : fact;
  }
  const fieldSources: Property['fieldSources'] = {};
  const names: string[] = [];
  for (const field of PROPERTY_FIELDS) {
    const at = next() as number | null;
    if (at === null) continue;
    if (at === names.length) names.push(text());
    const source = names[at]!;
    fieldSources[field] = { source, simulated: next() === 1, confidence: number(), fetchedAt: '', costMicros: 0 };
  }
  const county = Object.fromEntries(COUNTY_FIELDS.map((field) => [field, number()])) as unknown as CountyMarket;
  if (Number.isNaN(county.medianPriceYear)) county.medianPriceYear = null;
  const asOf = text();
  const chosen = Array.from(
    { length: number() },
    (): ScoredSale => ({
      propertyId: text(),
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
function reader(bytes: Buffer) {
  const count = bytes.readUInt32LE(4);
  const end = HEAD_BYTES + 8 * count;
  if (bytes.length < end) throw new Error('The inputs that were kept with a score are cut off.');
  const texts = bytes.toString('utf8', end);
  let at = 0;
  let from = 0;
  const figure = (): number => {
    if (at >= count) throw new Error('The inputs that were kept with a score end too soon.');
    at += 1;
    return bytes.readDoubleLE(HEAD_BYTES + 8 * (at - 1));
  };
  const text = (): string => {
    const length = figure();
    from += length;
    return texts.slice(from - length, from);
  };
  const next = (): string | number | null => {
    const value = figure();
    if (value === TEXT) return text();
    return value === UNKNOWN ? null : value;
  };
  return { next, text, number: () => (next() ?? Number.NaN) as number };
}

function namesOf<T>(all: { [Name in keyof T]-?: true }): ReadonlyArray<keyof T> {
  return Object.keys(all) as Array<keyof T>;
}
