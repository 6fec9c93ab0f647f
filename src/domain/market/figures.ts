/** How a figure is written for people. `percent` and `share` are fractions: 0.031 is 3.1%. */
export type FigureUnit = 'usd' | 'percent' | 'days' | 'count' | 'score' | 'ratio' | 'z';

const grouped = (value: number, digits: number) =>
  Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The figure as text, rounded as the rules of `unsupportedFigures` allow: `$1,240,000`, `3.1%`, `42 days`, `2.41`. */
export function formatFigure(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const digits = { usd: 0, percent: 1, days: 1, count: 0, score: 1 }[unit] ?? 2;
  const scaled = unit === 'percent' ? value * 100 : value;
  const body = grouped(scaled, unit === 'count' && !Number.isInteger(value) ? 1 : digits);
  const sign = scaled < 0 && /[1-9]/.test(body) ? '−' : '';
  if (unit === 'usd') return `${sign}$${body}`;
  if (unit === 'percent') return `${sign}${body}%`;
  return unit === 'days' ? `${sign}${body} days` : `${sign}${body}`;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const DAY = /\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/g;
const SPOKEN_DAY = new RegExp(
  `\\b(?:(${MONTHS.join('|')}|[a-z]{3})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})|(\\d{1,2})(?:st|nd|rd|th)? (${MONTHS.join('|')}|[a-z]{3})\\.? (\\d{4}))\\b`,
  'gi',
);
const NUMBER =
  /(?<![\p{L}\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s?(%|percent\b|k\b|thousand\b|m\b|mm\b|million\b|bn\b|b\b|billion\b))?/giu;
const SCALES: Record<string, number> = { k: 1e3, t: 1e3, m: 1e6, b: 1e9 };

interface StatedNumber {
  text: string;
  value: number;
  decimals: number;
  scale: number;
  isPercent: boolean;
}

/**
 * The figures of a text that no result has. A number is supported when some number of the results, or in a text of them,
 * rounds to it at the decimals that are written: `3.1` stands for 3.05 to 3.15. Written with % it may also be that
 * fraction times 100; with k, million or billion, that number in thousands, millions or billions. Its sign does not
 * count: "fell by 3%" is −0.03. Days must be in the results as days. What is not looked at: the ordinals of a Markdown
 * list, numbers spelled out as words, and digits inside words (Q3).
 * @param results what tools were asked and what they answered: any JSON
 * @returns each unsupported figure as it is written, once, in order
 */
export function unsupportedFigures(text: string, results: unknown): string[] {
  const known = collect(results);
  const found: string[] = [];
  let rest = text.replace(/^(\s*(?:[-*>]\s+)*)\d{1,3}[.)]\s/gm, '$1');
  rest = rest.replace(DAY, (stated) => {
    if (!known.days.has(stated.slice(0, 10))) found.push(stated);
    return ' ';
  });
  rest = rest.replace(SPOKEN_DAY, (stated, first, dayFirst, yearFirst, daySecond, second, yearSecond) => {
    const day = isoDay(first ?? second, dayFirst ?? daySecond, yearFirst ?? yearSecond);
    if (day === null) return stated;
    if (!known.days.has(day)) found.push(stated);
    return ' ';
  });
  for (const number of statedNumbers(rest)) {
    if (!isSupported(number, known.numbers)) found.push(number.text);
  }
  return [...new Set(found)];
}

function* statedNumbers(text: string): Generator<StatedNumber> {
  for (const match of text.matchAll(NUMBER)) {
    const [whole, integer, fraction = '', suffix = ''] = match;
    const sign = suffix.toLowerCase();
    const isPercent = sign === '%' || sign === 'percent';
    yield {
      text: whole.trim(),
      value: Number(integer!.replaceAll(',', '') + fraction),
      decimals: Math.max(0, fraction.length - 1),
      scale: isPercent || sign === '' ? 1 : SCALES[sign[0]!]!,
      isPercent,
    };
  }
}

function isSupported({ value, decimals, scale, isPercent }: StatedNumber, numbers: readonly number[]): boolean {
  const half = 0.5 * 10 ** -decimals;
  const isNear = (known: number) => Math.abs(Math.abs(known) - value) <= half * (1 + 1e-9) + Math.abs(known) * 1e-12;
  return numbers.some((known) => isNear(known / scale) || (isPercent && isNear(known * 100)));
}

function collect(results: unknown): { numbers: number[]; days: Set<string> } {
  const numbers = new Set<number>();
  const days = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'number' && Number.isFinite(value)) numbers.add(value);
    else if (typeof value === 'string') {
      for (const [day] of value.matchAll(DAY)) days.add(day.slice(0, 10));
      for (const number of statedNumbers(value.replace(DAY, ' '))) {
        numbers.add(number.value * number.scale);
        if (number.isPercent) numbers.add(number.value / 100);
      }
    } else if (Array.isArray(value)) for (const one of value) visit(one);
    else if (value !== null && typeof value === 'object') for (const one of Object.values(value)) visit(one);
  };
  visit(results);
  return { numbers: [...numbers], days };
}

function isoDay(month: string | undefined, day: string | undefined, year: string | undefined): string | null {
  const at = MONTHS.findIndex((name) => name === month?.toLowerCase() || name.slice(0, 3) === month?.toLowerCase());
  return at < 0 ? null : `${year}-${String(at + 1).padStart(2, '0')}-${day!.padStart(2, '0')}`;
}
