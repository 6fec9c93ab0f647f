import { DIRECTIONS, LONE_UNITS, ORDINALS, ordinal, STATES, SUFFIXES, UNIT_DESIGNATORS } from './address-words.ts';

/** An address as published. `line` may hold everything ("2042 Bissonnet St Apt 4, Houston, TX 77005-1234"). */
export interface AddressInput {
  line: string | null;
  unit?: string | null;
  city?: string | null;
  state?: string | null;
  zip?: string | number | null;
}

/** An address in the capitals and abbreviations of USPS Publication 28. Null means unknown. */
export interface NormalisedAddress {
  line: string | null;
  /** The dwelling within the building, without the word for it: '4B', 'BLDG 2'. */
  unit: string | null;
  city: string | null;
  state: string | null;
  zip5: string | null;
  zip4: string | null;
  /**
   * Identity of a property that has no APN: street line, unit, and ZIP (or city and state while no ZIP is known).
   * Null when the address does not name one place: no house number, or neither ZIP nor city.
   */
  key: string | null;
}

/**
 * Brings one address to its standard spelling, so that two sources that mean the same house give the same key.
 * Idempotent: normalising the result again changes nothing.
 */
export function normaliseAddress(input: AddressInput | string): NormalisedAddress {
  let current = normaliseOnce(typeof input === 'string' ? { line: input } : input);
  // Odd input can bring out a new reading once parts are gone; it settles here, not at the next caller.
  for (let pass = 0; pass < 5; pass += 1) {
    const { line, unit, city, state, zip5, zip4 } = current;
    const next = normaliseOnce({ line, unit, city, state, zip: zip4 === null ? zip5 : `${zip5}-${zip4}` });
    if (next.key === current.key && next.line === line && next.unit === unit && next.city === city) break;
    current = next;
  }
  return current;
}

function normaliseOnce(given: AddressInput): NormalisedAddress {
  const split = splitOneLine(clean(given.line));
  const zip = parseZip(given.zip) ?? parseZip(split.zip);
  const state = STATES[words(given.state)] ?? split.state;
  const city = (words(given.city) || split.city || '').replace(/^(ST|SAINT) /, 'SAINT ') || null;
  const { line, unit: foundUnit } = splitUnit(split.line);
  const street = stable(line, normaliseStreet) || null;
  const unit = normaliseUnit(given.unit) ?? foundUnit;
  const place = zip?.zip5 ?? (city !== null && state !== null ? `${city} ${state}` : null);
  const named = street !== null && /^[0-9NSEW]*\d/.test(street) && street.includes(' ');
  return {
    line: street,
    unit,
    city,
    state: state ?? null,
    zip5: zip?.zip5 ?? null,
    zip4: zip?.zip4 ?? null,
    key: named && place !== null ? [street, unit ?? '', place].join('|') : null,
  };
}

/** Capitals, plain letters, single spaces; commas stay, they separate line, city and state. */
function clean(text: string | null | undefined): string {
  return (text ?? '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .replace(/[\r\n;|]+/g, ',')
    .replace(/#/g, ' # ')
    .replace(/[^A-Z0-9#,/ -]/g, (char) => (/[.'’`"()]/.test(char) ? '' : ' '))
    .replace(/\s+/g, ' ')
    .replace(/\s*,[\s,]*/g, ', ')
    .replace(/^[, ]+|[, ]+$/g, '');
}

const words = (text: string | null | undefined) => clean(text).replace(/[,#/]/g, ' ').replace(/\s+/g, ' ').trim();

/** '98101', '98101-1234', 981011234, and 2134 (a spreadsheet ate the zero) to their parts. */
function parseZip(zip: string | number | null | undefined): { zip5: string; zip4: string | null } | null {
  const match = /^(\d{3,5})(?:\.0+)?(?:[- ]?(\d{4}))?$/.exec(String(zip ?? '').trim());
  if (match === null || Number(match[1]) === 0) return null;
  return { zip5: (match[1] ?? '').padStart(5, '0'), zip4: match[2] ?? null };
}

/** Longest first: WEST VIRGINIA before VIRGINIA. */
const STATE_SPELLINGS = Object.keys(STATES).sort((a, b) => b.length - a.length);

interface OneLine {
  line: string;
  city: string | null;
  state: string | null;
  zip: string | null;
}

/** Takes ZIP, state and city off the end of "line, city, ST zip". A city without a comma before it stays in the line. */
function splitOneLine(text: string): OneLine {
  const segments = text.split(', ').filter((s) => s !== '' && s !== 'USA' && s !== 'US');
  if (segments.length < 2) return { line: text.replace(/,/g, ' ').trim(), city: null, state: null, zip: null };
  let last = segments.pop() ?? '';
  const zip = /(?:^|[ -])(\d{5}(?:-\d{4})?)$/.exec(last)?.[1] ?? null;
  if (zip !== null) last = last.slice(0, -zip.length).replace(/[ -]+$/, '');
  if (last === '' && segments.length > 1) last = segments.pop() ?? '';
  const name = STATE_SPELLINGS.find((s) => last === s || last.endsWith(` ${s}`));
  const state = name === undefined ? null : (STATES[name] ?? null);
  if (zip === null && state === null && isUnitText(last)) {
    return { line: [...segments, last].join(' '), city: null, state: null, zip: null };
  }
  let city = name === undefined ? last : last.slice(0, -name.length).trim();
  if (city === '' && segments.length > 1) city = segments.pop() ?? '';
  return { line: segments.join(' '), city: words(city) || null, state, zip };
}

const isUnitText = (text: string) => {
  const [first = '', ...rest] = text.split(' ');
  return (
    first === '#' || (first in UNIT_DESIGNATORS && rest.length === 1) || (first in LONE_UNITS && rest.length === 0)
  );
};

/** Takes "APT 4B", "# 4B", "UNIT 4", "REAR" off the end of a street line; the street keeps at least two words. */
function splitUnit(text: string): { line: string; unit: string | null } {
  const parts = text.split(' ').filter((p) => p !== '');
  for (let i = 2; i < parts.length; i += 1) {
    const word = parts[i] ?? '';
    const rest = parts.slice(i + 1).filter((p) => p !== '#');
    const designated = word in UNIT_DESIGNATORS && rest.length > 0 && rest.length <= 3 && unitLike(rest);
    if (designated || (word in LONE_UNITS && rest.length === 0)) {
      return { line: parts.slice(0, i).join(' '), unit: normaliseUnit(parts.slice(i).join(' ')) };
    }
  }
  return { line: parts.filter((p) => p !== '#').join(' '), unit: null };
}

/** A unit's number holds a digit or is one or two letters; "UNIT ROAD" is a street. */
const unitLike = (rest: readonly string[]) =>
  /\d/.test(rest.join('')) || (rest.length === 1 && (rest[0] ?? '').length <= 2 && !((rest[0] ?? '') in SUFFIXES));

function normaliseUnit(text: string | null | undefined): string | null {
  const parts = words(text)
    .split(' ')
    .filter((p) => p !== '');
  const kept = parts.map((part) => LONE_UNITS[part] ?? UNIT_DESIGNATORS[part] ?? part).filter((p) => p !== '');
  return kept.join(' ').replace(/^0+(?=\d)/, '') || null;
}

function normaliseStreet(line: string): string {
  const parts = line
    .replace(/,/g, ' ')
    .split(' ')
    .filter((p) => p !== '' && p !== '-' && p !== '/');
  const number = takeNumber(parts);
  if (parts.length === 0) return number;
  const post = takePostDirection(parts);
  const suffix = parts.length > 1 ? SUFFIXES[parts.at(-1) ?? ''] : undefined;
  if (suffix !== undefined) parts.pop();
  const pre = parts.length > 1 ? DIRECTIONS[parts[0] ?? ''] : undefined;
  if (pre !== undefined) parts.shift();
  const name = parts.map((word, i) => nameWord(word, i, parts.length, suffix !== undefined));
  return [number, pre, ...name, suffix, post].filter((p) => p !== undefined && p !== '').join(' ');
}

/** The house number with its fraction or letter: '123', '123 1/2', '75-84' (a range or a Queens number), '12A'. */
function takeNumber(parts: string[]): string {
  if (!/^[NSEW]?\d+[A-Z0-9-]*$/.test(parts[0] ?? '') || parts.length < 2) return '';
  if (/^\d+(ST|ND|RD|TH)$/.test(parts[0] ?? '')) return '';
  const number = (parts.shift() ?? '').replace(/-+$/, '').replace(/^0+(?=\d)/, '');
  return /^\d\/\d$/.test(parts[0] ?? '') && parts.length > 1 ? `${number} ${parts.shift()}` : number;
}

/** A direction at the end is one only after a suffix or a name ("OAK ST NW"), not in "AVENUE N". */
function takePostDirection(parts: string[]): string | undefined {
  const direction = DIRECTIONS[parts.at(-1) ?? ''];
  if (direction === undefined || parts.length < 2) return undefined;
  if (parts.length === 2 && (parts[0] ?? '') in SUFFIXES) return undefined;
  parts.pop();
  return direction;
}

function nameWord(word: string, index: number, count: number, hasSuffix: boolean): string {
  const numbered = ORDINALS[word] ?? word;
  if (/^\d+$/.test(numbered) && hasSuffix && index === count - 1 && SUFFIXES[word] === undefined) {
    return ordinal(Number(numbered));
  }
  if (index === 0 && count > 1 && word === 'SAINT') return 'ST';
  if (index === 0 && count > 1 && (word === 'AVE' || word === 'AV')) return 'AVENUE';
  if (word === 'HIGHWAY') return 'HWY';
  if (word === 'ROUTE' || word === 'RTE') return 'RT';
  return numbered;
}

/** Applies a normaliser until it changes nothing, at most five times: idempotence by construction. */
function stable(text: string, normalise: (text: string) => string): string {
  let current = text;
  for (let i = 0; i < 5; i += 1) {
    const next = normalise(current);
    if (next === current) return next;
    current = next;
  }
  return current;
}
