import { ReosError } from '../errors.ts';
import type { ValuationFacts, ValuationSubject } from './sale-record.ts';

type Reader = { field: keyof ValuationFacts } & (
  | { kind: 'number'; min: number; max: number; whole?: boolean; times?: number }
  | { kind: 'text' }
  | { kind: 'flag' }
);

const SQFT_PER_SQUARE_METRE = 10.763_910_416_709_722;
const number = (field: keyof ValuationFacts, min: number, max: number): Reader => ({ field, kind: 'number', min, max });

/** Facts by the names that the API uses, with what each may be. Areas in square feet unless the name says otherwise. */
const READERS: Readonly<Record<string, Reader>> = {
  latitude: number('latitude', -90, 90),
  longitude: number('longitude', -180, 180),
  zip_code: { field: 'zipCode', kind: 'text' },
  city: { field: 'city', kind: 'text' },
  subdivision: { field: 'subdivision', kind: 'text' },
  property_type: { field: 'propertyType', kind: 'text' },
  property_sub_type: { field: 'propertySubType', kind: 'text' },
  bedrooms: number('bedrooms', 0, 100),
  bathrooms: number('bathrooms', 0, 100),
  sqft: number('sqft', 50, 200_000),
  square_meters: { field: 'sqft', kind: 'number', min: 5, max: 18_000, times: SQFT_PER_SQUARE_METRE },
  lot_size_sqft: number('lotSizeSqft', 0, 1e9),
  year_built: { field: 'yearBuilt', kind: 'number', min: 1600, max: 2100, whole: true },
  year_renovated: { field: 'yearRenovated', kind: 'number', min: 1600, max: 2100, whole: true },
  stories: number('stories', 0, 200),
  condition: number('condition', 0, 10),
  grade: number('grade', 0, 20),
  waterfront: { field: 'waterfront', kind: 'flag' },
};

/** Names that `readStatedFacts` knows. */
export const STATED_FACTS: readonly string[] = [...Object.keys(READERS), 'parcel'];
const LONGEST_TEXT = 200;

const UNKNOWN: ValuationFacts = {
  latitude: null,
  longitude: null,
  zipCode: null,
  city: null,
  subdivision: null,
  propertyType: null,
  propertySubType: null,
  bedrooms: null,
  bathrooms: null,
  sqft: null,
  lotSizeSqft: null,
  yearBuilt: null,
  yearRenovated: null,
  stories: null,
  condition: null,
  grade: null,
  waterfront: null,
};

/**
 * A house from what a caller states of it: facts by name, as numbers or as text of numbers; `extras.<name>` for a
 * column of the source that the model was trained on; `parcel`, by which a house's own past is known. Null and empty
 * text mean unknown.
 * @param at where the facts stand, such as `properties[3].`, for the message
 * @throws ReosError `validation` with the `field` that is unknown, unreadable or out of range
 */
export function readStatedFacts(stated: Readonly<Record<string, unknown>>, at = ''): ValuationSubject {
  const facts: Record<string, unknown> = { ...UNKNOWN };
  const extras: Record<string, string | number> = {};
  let parcel: string | null = null;
  for (const [name, value] of Object.entries(stated)) {
    if (value === null || value === undefined || value === '') continue;
    if (name.startsWith('extras.')) {
      if (typeof value !== 'string' && typeof value !== 'number') throw wrong(at, name, 'must be text or a number');
      extras[name.slice('extras.'.length)] = value;
      continue;
    }
    if (name === 'parcel') {
      parcel = String(read({ field: 'zipCode', kind: 'text' }, value, at, name));
      continue;
    }
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (reader === undefined) throw wrong(at, name, `is no fact that is known. Known: ${STATED_FACTS.join(', ')}`);
    facts[reader.field] = read(reader, value, at, name);
  }
  return { parcel, facts: facts as unknown as ValuationFacts, extras };
}

/** A house as `readStatedFacts` reads it; extras of more than 200 characters are left out. */
export function statedFactsOf({ parcel, facts, extras }: ValuationSubject): Record<string, string | number | boolean> {
  const known = Object.entries(READERS).filter(([name]) => name !== 'square_meters');
  const stated = known.map(([name, { field }]) => [name, facts[field]] as const);
  const more = Object.entries(extras).filter(([, value]) => String(value).length <= LONGEST_TEXT);
  const all = [
    ...stated,
    ['parcel', parcel] as const,
    ...more.map(([name, value]) => [`extras.${name}`, value] as const),
  ];
  return Object.fromEntries(all.filter((entry): entry is [string, string | number | boolean] => entry[1] !== null));
}

function read(reader: Reader, value: unknown, at: string, name: string): number | string | boolean {
  if (reader.kind === 'text') {
    if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value.trim();
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    throw wrong(at, name, 'must be text of at most 200 characters');
  }
  if (reader.kind === 'flag') {
    if (typeof value === 'boolean') return value;
    if (/^(?:true|yes|1)$/i.test(String(value))) return true;
    if (/^(?:false|no|0)$/i.test(String(value))) return false;
    throw wrong(at, name, 'must be true or false');
  }
  const { min, max, whole, times = 1 } = reader;
  const read = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
  if (!Number.isFinite(read)) throw wrong(at, name, `must be a number, not ${JSON.stringify(value).slice(0, 40)}`);
  if (read < min || read > max) throw wrong(at, name, `must lie between ${min} and ${max}, not ${read}`);
  if (whole === true && !Number.isInteger(read)) throw wrong(at, name, `must be a whole number, not ${read}`);
  return read * times;
}

/** The refusal of one field. */
export function wrong(at: string, name: string, what: string): ReosError {
  const field = `${at}${name}`;
  return new ReosError('validation', `${field} ${what}.`, { details: { field } });
}

/**
 * Facts from a line such as `sqft=1800,bedrooms=3,city=Seattle`.
 * @throws ReosError `validation` for a part without an equals sign
 */
export function parseFactsLine(line: string): Record<string, string> {
  const stated: Record<string, string> = {};
  for (const part of line.split(',').filter((text) => text.trim() !== '')) {
    const at = part.indexOf('=');
    if (at < 1) {
      throw new ReosError('validation', `--facts: '${part.trim()}' is not name=value. Example: sqft=1800,bedrooms=3`);
    }
    stated[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return stated;
}
