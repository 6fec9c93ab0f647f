import { formatCount, formatDay } from './format.ts';

const METRES_A_MILE = 1_609.344;

/**
 * A sentence of the API as people read it here: days as `Oct 11, 2014`, distances in miles, areas in square feet, codes without their
 * underscores. `nameOf` names a code that has a name of its own.
 */
export function readable(text: string, nameOf?: (code: string) => string | undefined): string {
  return text
    .replace(/\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b(?![-T])/g, (day) => formatDay(day))
    .replace(/\b(\d+) m(?= and )/g, (_, metres: string) => `${(Number(metres) / METRES_A_MILE).toFixed(1)} mi`)
    .replace(/\b(\d+) sqft\b/g, (_, area: string) => `${formatCount(Number(area))} sq ft`)
    .replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (code) => nameOf?.(code) ?? code.replaceAll('_', ' '));
}

/** The first sentence alone, without what stands in brackets: for one line. */
export function inOneLine(text: string): string {
  const bare = readable(text).replace(/\s*\([^()]*\)/g, '');
  return /^.*?[.!?](?=\s+\p{Lu}|$)/u.exec(bare)?.[0] ?? bare;
}
