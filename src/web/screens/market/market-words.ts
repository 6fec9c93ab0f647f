import { marketMetric } from '../../../domain/market/metrics.ts';

/** A figure of the market as a sentence names it; undefined for what is none. */
export function metricName(code: string): string | undefined {
  const label = marketMetric(code)?.label;
  return label && label.charAt(0).toLowerCase() + label.slice(1);
}

/** `months_of_supply` → `Months of supply`. */
export function sentence(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The unit of a figure of the market as charts take it: `$`, `%` or a word. */
export function chartUnit(unit: string): string {
  const units: Record<string, string> = {
    dollars: '$',
    usd: '$',
    dollars_per_sqft: '$',
    ratio: '%',
    share: '%',
    percent: '%',
    index: 'points',
    score: 'points',
    count: '',
    z: '',
  };
  return units[unit] ?? unit;
}

/** The state at the end of a market's name (`Phoenix, AZ` → `AZ`); null for names without one. */
export function stateOf(market: string): string | null {
  return /,\s*([A-Z]{2})\b/.exec(market)?.[1] ?? null;
}

/** States of the markets, each once, in order. */
export function statesOf(markets: readonly string[]): string[] {
  return [...new Set(markets.flatMap((market) => stateOf(market) ?? []))].sort();
}

/** Whether a market is in a state and has the words in its name; empty texts hold everything. */
export function isShown(market: string, state: string, words: string): boolean {
  if (state !== '' && stateOf(market) !== state) return false;
  const name = market.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word));
}

/** How a confidence of 0 to 1 is called, with its tone. */
export function confidenceWord(value: number): { word: string; tone: 'good' | 'warn' | 'bad' } {
  if (value >= 0.75) return { word: 'firm', tone: 'good' };
  return value >= 0.4 ? { word: 'fair', tone: 'warn' } : { word: 'weak', tone: 'bad' };
}

/** The name of a part of a score and why it has its points, out of `Price trend: prices are …`. */
export function splitReason(reason: string): { name: string; why: string } {
  const at = reason.indexOf(': ');
  if (at < 0) return { name: reason, why: '' };
  const why = reason.slice(at + 2);
  return { name: reason.slice(0, at), why: why.charAt(0).toUpperCase() + why.slice(1) };
}

/** The severities, worst first. */
export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;

/** Orders by severity, worst first; unknown ones last. */
export function bySeverity(a: string, b: string): number {
  const place = (severity: string) => {
    const at = (SEVERITIES as readonly string[]).indexOf(severity);
    return at < 0 ? SEVERITIES.length : at;
  };
  return place(a) - place(b);
}

/** A number with its sign, as the writer of it writes it: `+2.4%`, `−0.3%`; a dash for null. */
export function signedPercent(fraction: number | null | undefined, digits = 1): string {
  if (fraction === null || fraction === undefined) return '—';
  const text = `${Math.abs(fraction * 100).toFixed(digits)}%`;
  if (!/[1-9]/.test(text)) return text;
  return fraction < 0 ? `−${text}` : `+${text}`;
}

/** A feed in words: `mls_listings` → `MLS listings`. */
export function feedName(feed: string): string {
  return sentence(feed).replace(/^(Mls|Avm)\b/, (word) => word.toUpperCase());
}
