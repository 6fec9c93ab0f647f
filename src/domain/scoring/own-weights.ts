import { ReosError } from '../errors.ts';
import type { ScoringConfig, WeightedFeature } from './config.ts';

type Shares = Readonly<Record<string, number>>;

/** Weights that a tenant has set for itself: the share of each feature, by profile. The shares of a profile sum to 1. */
export interface OwnWeights {
  /** Counted from 1 within the tenant; part of the version of the scores made with them. */
  number: number;
  profiles: { asking: Shares; offMarket: Shares };
}

/**
 * The configured weights with a tenant's own in their place. A feature that the configuration has got since counts with
 * its configured share, one that it has no longer not at all; curves, thresholds and assumptions are the configuration's.
 * @param own null: as configured
 */
export function withOwnWeights(configured: ScoringConfig, own: OwnWeights | null): ScoringConfig {
  if (own === null) return configured;
  const { asking, offMarket } = configured.profiles;
  return {
    ...configured,
    version: `${configured.version}-own.${own.number}`,
    profiles: {
      asking: weighted(asking, own.profiles.asking),
      offMarket: weighted(offMarket, own.profiles.offMarket),
    },
  };
}

/** Each feature's share of a list of weights, which need not sum to 1. */
export function sharesOf(list: readonly WeightedFeature[]): Record<string, number> {
  const total = list.reduce((sum, { weight }) => sum + weight, 0);
  return Object.fromEntries(list.map(({ feature, weight }) => [feature, weight / total]));
}

/**
 * The weights that count now with some shares replaced, as a try on the ranking reckons: in each profile the given shares
 * stand in place of those of the named features, then all are brought to a sum of 1 again.
 * @param changes by feature, relative to the others' shares; 0 leaves a feature out
 * @throws ReosError `validation` for a feature that no profile has, or when a profile has no weight left
 */
export function changedProfiles(current: ScoringConfig, changes: Shares): OwnWeights['profiles'] {
  const { asking, offMarket } = current.profiles;
  const known = new Set([...asking, ...offMarket].map(({ feature }) => feature));
  const unknown = Object.keys(changes).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw invalid(`weights: there is no feature '${unknown}'. Known: ${[...known].sort().join(', ')}.`);
  }
  return { asking: changedShares(asking, changes), offMarket: changedShares(offMarket, changes) };
}

function changedShares(list: readonly WeightedFeature[], changes: Shares): Shares {
  const entries = Object.entries(sharesOf(list)).map(([name, share]) => [name, changes[name] ?? share] as const);
  const total = entries.reduce((sum, [, share]) => sum + share, 0);
  if (!(total > 0)) throw invalid('weights: at least one feature of each profile needs a weight above 0.');
  return Object.fromEntries(entries.map(([name, share]) => [name, Math.round((share / total) * 1e9) / 1e9]));
}

function weighted(list: readonly WeightedFeature[], shares: Shares): WeightedFeature[] {
  const configured = sharesOf(list);
  const own = list.map((one) => ({ ...one, weight: shares[one.feature] ?? configured[one.feature] ?? 0 }));
  // Where only features with a share of 0 are left, the configured weights are the better score.
  return own.some(({ weight }) => weight > 0) ? own : [...list];
}

const invalid = (message: string) => new ReosError('validation', message, { details: { field: 'weights' } });
