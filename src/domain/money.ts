/** The most a price may be in cents and stay an exact JavaScript integer. */
const MAX_CENTS = BigInt(Number.MAX_SAFE_INTEGER);

const MONEY =
  /^(?:US\s?\$|USD|\$)?\s*(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?(?:e([+-]?0*\d{1,2}))?\s*(k|m|mm|b|thousand|million|billion)?\s*(?:USD|dollars)?\s*\+?$/i;

const SCALES: Readonly<Record<string, number>> = {
  k: 3,
  thousand: 3,
  m: 6,
  mm: 6,
  million: 6,
  b: 9,
  billion: 9,
};

/**
 * Reads an amount as a person, a spreadsheet or a web page writes it: `$1,200,000`, `1.225e+006`, `$276K`, `1.2M`,
 * `1,200,000.50`, `USD 450000`, `$2,045+`. Decimal arithmetic on the digits, so no float drift; a half cent rounds up.
 * @returns whole cents, or null when the text is no amount (empty, negative, words, wrongly grouped digits, too large)
 */
export function parseMoney(text: string | number | null | undefined): number | null {
  if (text === null || text === undefined) return null;
  if (typeof text === 'number' && !Number.isFinite(text)) return null;
  const match = MONEY.exec(String(text).replaceAll('\u00a0', ' ').trim());
  if (match === null) return null;
  const whole = (match[1] ?? '').replaceAll(',', '');
  const fraction = match[2] ?? '';
  if (whole === '' && fraction === '') return null;
  const shift = Number(match[3] ?? 0) + (SCALES[(match[4] ?? '').toLowerCase()] ?? 0) + 2;
  return shiftedInteger(whole + fraction, shift - fraction.length);
}

/** `digits` × 10^`exponent`, rounded half up, as a safe integer; null past the safe range. */
function shiftedInteger(digits: string, exponent: number): number | null {
  if (exponent >= 0) return safeNumber(BigInt(digits + '0'.repeat(exponent)));
  const padded = digits.padStart(-exponent + 1, '0');
  const kept = BigInt(padded.slice(0, exponent));
  const firstDropped = padded.charAt(padded.length + exponent);
  return safeNumber(firstDropped >= '5' ? kept + 1n : kept);
}

function safeNumber(cents: bigint): number | null {
  return cents > MAX_CENTS ? null : Number(cents);
}

/**
 * Dollars as published (a number with at most two meaningful decimals) in whole cents.
 * @throws RangeError when the amount is negative, not finite, or too large to be exact
 */
export function toCents(dollars: number): number {
  const cents = dollars < 0 ? null : parseMoney(String(dollars));
  if (cents === null) throw new RangeError(`${dollars} is not an amount in dollars that cents can hold exactly`);
  return cents;
}

/** Whole cents as dollars with two decimals at most. */
export function toDollars(cents: number): number {
  return cents / 100;
}

/** An amount as text in dollars, or null: `parseMoney` for places that keep dollars as published. */
export function parseDollars(text: string | number | null | undefined): number | null {
  const cents = parseMoney(text);
  return cents === null ? null : toDollars(cents);
}
