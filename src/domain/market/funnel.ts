import { compareShares, type Interval, shareInterval, twoSidedP, Z95 } from './probability.ts';

/** Counts of a span of weeks, summed. */
export interface FunnelCounts {
  weeks: number;
  leads: number;
  offers: number;
  accepted: number;
  closes: number;
}

/** The steps of the way from a lead to a purchase: what goes in and what comes out. */
export const FUNNEL_STEPS = [
  { step: 'lead_to_offer', from: 'leads', to: 'offers' },
  { step: 'offer_to_accept', from: 'offers', to: 'accepted' },
  { step: 'accept_to_close', from: 'accepted', to: 'closes' },
] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number]['step'];

/** The newest weeks and what they are held against. The last two, of a year before, are null where weeks are missing. */
export interface FunnelSpans {
  recent: FunnelCounts;
  past: FunnelCounts;
  recentYearBefore: FunnelCounts | null;
  pastYearBefore: FunnelCounts | null;
}

/** How one step changed. Rates are shares, lost ones counts of the newest weeks. */
export interface StepChange {
  step: FunnelStep;
  trials: number;
  successes: number;
  rate: Interval;
  pastRate: number;
  /** The past rate moved as the season moved it a year before; the past rate itself without that year. */
  expectedRate: number;
  isSeasonal: boolean;
  /** Two-sided; of the two-proportion test, or of the season's log-odds. */
  pValue: number;
  /** Expected less actual successes, with its 95% interval; below 0: gained. */
  lost: Interval;
  /** Purchases lost by it, at the past rates of the steps that follow. */
  lostCloses: Interval;
  isDrop: boolean;
}

/** Fewer trials than this in the newest weeks say nothing. */
export const LEAST_TRIALS = 20;

/**
 * Each step of the newest weeks against the weeks before. With the same weeks of a year before, the expected log-odds are the
 * past's plus the change that the same weeks made then, each with half a success and failure added (Haldane, 1956), variance
 * the sum of the four 1/successes + 1/failures; otherwise two proportions with Yates's correction and Newcombe's interval. A
 * drop: p below `alpha`, the rate lower than expected, at least 20 trials. Weekly counts are no cohorts, so a step may yield
 * more than went in: such successes count as all trials.
 */
export function funnelChanges(spans: FunnelSpans, alpha: number): StepChange[] {
  return FUNNEL_STEPS.map(({ step, from, to }, at) => {
    const [x1, n1] = clamped(spans.recent, from, to);
    const [x0, n0] = clamped(spans.past, from, to);
    const rate = shareInterval(x1, n1);
    const before = shareInterval(x0, n0);
    const seasonal = seasonalShift(spans, from, to);
    const plain = compareShares([x0, n0], [x1, n1]);
    const found =
      seasonal === null || !(n0 > 0) || !(n1 > 0)
        ? { expected: before.value, pValue: plain.pValue, low: -plain.difference.high, high: -plain.difference.low }
        : seasonally([x0, n0], [x1, n1], seasonal);
    const later = FUNNEL_STEPS.slice(at + 1).reduce((product, next) => {
      const [successes, trials] = clamped(spans.past, next.from, next.to);
      return product * (trials > 0 ? successes / trials : 0);
    }, 1);
    const value = found.expected - rate.value;
    const isKnown = Number.isFinite(value);
    const times = (factor: number): Interval =>
      isKnown
        ? {
            value: value * factor,
            low: Math.min(value, found.low) * factor,
            high: Math.max(value, found.high) * factor,
          }
        : { value: 0, low: 0, high: 0 };
    return {
      step,
      trials: n1,
      successes: x1,
      rate,
      pastRate: before.value,
      expectedRate: found.expected,
      isSeasonal: seasonal !== null && n0 > 0 && n1 > 0,
      pValue: found.pValue,
      lost: times(n1),
      lostCloses: times(n1 * later),
      isDrop: isKnown && value > 0 && found.pValue < alpha && n1 >= LEAST_TRIALS,
    };
  });
}

type Stage = 'leads' | 'offers' | 'accepted' | 'closes';

function clamped(counts: FunnelCounts, from: Stage, to: Stage): [number, number] {
  return [Math.min(counts[to], counts[from]), counts[from]];
}

interface Odds {
  log: number;
  variance: number;
}

function logOdds(successes: number, trials: number): Odds {
  const [won, lost] = [successes + 0.5, trials - successes + 0.5];
  return { log: Math.log(won / lost), variance: 1 / won + 1 / lost };
}

function seasonalShift({ recentYearBefore, pastYearBefore }: FunnelSpans, from: Stage, to: Stage): Odds | null {
  if (recentYearBefore === null || pastYearBefore === null) return null;
  const [x1, n1] = clamped(recentYearBefore, from, to);
  const [x0, n0] = clamped(pastYearBefore, from, to);
  if (n1 < LEAST_TRIALS || n0 < LEAST_TRIALS) return null;
  const after = logOdds(x1, n1);
  const before = logOdds(x0, n0);
  return { log: after.log - before.log, variance: after.variance + before.variance };
}

function seasonally(past: [number, number], recent: [number, number], season: Odds) {
  const share = (log: number) => 1 / (1 + Math.exp(-log));
  const before = logOdds(...past);
  const now = logOdds(...recent);
  const expected = before.log + season.log;
  const deviation = Math.sqrt(before.variance + now.variance + season.variance);
  const rate = recent[0] / recent[1];
  return {
    expected: share(expected),
    pValue: twoSidedP((now.log - expected) / deviation),
    low: share(expected - Z95 * deviation) - rate,
    high: share(expected + Z95 * deviation) - rate,
  };
}
