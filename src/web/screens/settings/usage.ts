import { formatCount } from '../../lib/format.ts';

const NAMES: Readonly<Record<string, string>> = {
  properties: 'New properties this month',
  sends: 'Messages sent this month',
  scrapes: 'Sources read this month',
  api_requests: 'API requests this month',
  storage_bytes: 'Storage now',
};

/** The name of a meter, its used share (null without a bound), and how near the bound is. */
export function meterOf(one: { meter: string; used: number; limit: number | null }): {
  name: string;
  share: number | null;
  tone: 'bad' | 'warn' | 'good';
} {
  const share = one.limit === null ? null : one.limit === 0 ? 1 : one.used / one.limit;
  const tone = share === null || share < 0.8 ? 'good' : share < 1 ? 'warn' : 'bad';
  return { name: NAMES[one.meter] ?? one.meter.replace(/_/g, ' '), share, tone };
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A used amount with its unit: bytes in powers of 1,000, all else as a count. */
export function formatUsed(meter: string, used: number): string {
  if (!meter.endsWith('_bytes')) return formatCount(used);
  const power = used < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(used) / 3));
  const value = used / 1_000 ** power;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1 })} ${UNITS[power]}`;
}
