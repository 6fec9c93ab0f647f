import { humanise } from '../../lib/format.ts';

/** What one provider answered. */
export interface ProviderFigures {
  provider: string;
  answers: number;
  average_confidence: number;
  cost: number;
  simulated: number;
  expired: number;
  oldest_at: string;
  newest_at: string;
}

/** Bars of the share of properties that have each fact, the rarest first. */
export function completenessBars(
  fields: Readonly<Record<string, { count: number; percentage: number }>>,
): Array<{ name: string; value: number; tone: 'good' | 'warn' | 'bad' }> {
  return Object.entries(fields)
    .map(([name, { percentage }]) => ({
      name: FACTS[name] ?? humanise(name),
      value: percentage / 100,
      tone: percentage >= 90 ? ('good' as const) : percentage >= 50 ? ('warn' as const) : ('bad' as const),
    }))
    .sort((a, b) => a.value - b.value || a.name.localeCompare(b.name));
}

const FACTS: Readonly<Record<string, string>> = {
  apn: 'Parcel number',
  sqft: 'Living area',
  lot_size_sqft: 'Lot size',
  zip_code: 'ZIP code',
};

/** Sums over all providers; the shares are 0 to 1, null without any answer. */
export function providerTotals(providers: readonly ProviderFigures[]) {
  const sum = (key: 'answers' | 'simulated' | 'expired') => providers.reduce((total, one) => total + one[key], 0);
  const [answers, simulated, expired] = [sum('answers'), sum('simulated'), sum('expired')];
  const share = (part: number) => (answers === 0 ? null : part / answers);
  return { answers, simulated, expired, simulatedShare: share(simulated), expiredShare: share(expired) };
}

/** A measured value as its name asks for it: shares in percent, counts as they are. */
export function metricWords(name: string, value: number): string {
  return /share|rate|ratio|completeness/.test(name) || (value > 0 && value < 1)
    ? `${(value * 100).toFixed(1)}%`
    : value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
