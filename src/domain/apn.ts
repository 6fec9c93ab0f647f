import { createHash } from 'node:crypto';

/**
 * How one county writes its parcel numbers: the digits of each part. A number written with separators is padded part
 * by part, one written without is padded on the left to the whole width (spreadsheets eat leading zeros).
 */
interface ApnFormat {
  parts: readonly number[];
  /** Trailing parts that a short spelling leaves out and that then read as zeros. */
  optionalParts?: number;
}

const FORMATS: Readonly<Record<string, ApnFormat>> = {
  '53033': { parts: [6, 4] }, // King WA: major, minor
  '17031': { parts: [2, 2, 3, 3, 4], optionalParts: 1 }, // Cook IL: PIN14; PIN10 leaves the condominium unit out
  '32003': { parts: [3, 2, 3, 3] }, // Clark NV
  '04013': { parts: [3, 2, 3] }, // Maricopa AZ: book, map, parcel and an optional letter
  '06073': { parts: [3, 3, 2, 2], optionalParts: 1 }, // San Diego CA
  '06059': { parts: [3, 3, 2] }, // Orange CA
  '48201': { parts: [3, 3, 3, 4] }, // Harris TX
  '12086': { parts: [2, 4, 3, 4] }, // Miami-Dade FL folio
  '06001': { parts: [3, 4, 3, 2], optionalParts: 1 }, // Alameda CA: book, page, parcel, sub-parcel
  '36047': { parts: [1, 5, 4] }, // Kings NY: borough, block, lot (BBL)
  '36061': { parts: [1, 5, 4] },
  '36005': { parts: [1, 5, 4] },
  '36081': { parts: [1, 5, 4] },
  '36085': { parts: [1, 5, 4] },
};

const SUM = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

/**
 * One value for every spelling of a parcel number: capitals and digits only, leading zeros kept, widths of the county
 * where they are known (nine configured counties, Alameda, New York City), zeros restored that a spreadsheet ate.
 * @param apn as published; numbers are accepted (`114101516` in King County is `0114101516`)
 * @param countyFips five digits; a county without known widths only loses its separators
 * @returns null for an empty value, one without a digit, and a number in scientific notation (digits are lost)
 */
export function normaliseApn(apn: string | number | null | undefined, countyFips: string | null): string | null {
  if (apn === null || apn === undefined) return null;
  const text = String(apn).trim().toUpperCase();
  if (/^\d+(\.\d+)?E[+-]?\d+$/.test(text)) return null;
  const plain = text.replace(/^(\d+)\.0+$/, '$1');
  const pieces = plain.split(/[^A-Z0-9]+/).filter((piece) => piece !== '');
  if (!/\d/.test(plain) || pieces.length === 0) return null;
  const format = FORMATS[countyFips ?? ''];
  return format === undefined ? pieces.join('') : formatted(pieces, format);
}

function formatted(pieces: readonly string[], { parts, optionalParts = 0 }: ApnFormat): string {
  const short = parts.length - optionalParts;
  const withinWidths = pieces.every((piece, i) => digitsOf(piece).length <= (parts[i] ?? 0));
  if (pieces.length > 1 && pieces.length >= short && pieces.length <= parts.length && withinWidths) {
    return parts.map((width, i) => padPart(pieces[i] ?? '', width)).join('');
  }
  const joined = pieces.join('');
  const letter = /[A-Z]$/.exec(joined)?.[0] ?? '';
  const digits = joined.slice(0, joined.length - letter.length);
  if (!/^\d+$/.test(digits)) return joined;
  const whole = SUM(parts);
  const shortWidth = SUM(parts.slice(0, short));
  // One zero at most is eaten in a long spelling, so a number that fits the short one is the short one.
  if (optionalParts > 0 && digits.length <= shortWidth) {
    return digits.padStart(shortWidth, '0') + '0'.repeat(whole - shortWidth) + letter;
  }
  return digits.padStart(whole, '0') + letter;
}

const digitsOf = (piece: string) => piece.replace(/[A-Z]/g, '');

/** Pads the digits and keeps a trailing letter: ('48A', 3) is '048A'. */
function padPart(piece: string, width: number): string {
  const split = /^(\d*)([A-Z]*)$/.exec(piece);
  return split === null ? piece.padStart(width, '0') : (split[1] ?? '').padStart(width, '0') + (split[2] ?? '');
}

/** SHA-256 (hex) over county and normalised parcel number: an index key that does not show the number. */
export function apnHash(normalisedApn: string, countyFips: string): string {
  return createHash('sha256').update(`${countyFips}:${normalisedApn}`).digest('hex');
}
