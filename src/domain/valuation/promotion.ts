import { type Estimate, pairedBootstrap } from './bootstrap.ts';
import { percentageErrors } from './metrics.ts';
import { medianOf } from './quantile.ts';
import type { BaselineResult, ValuationMetrics } from './training-result.ts';

/** Fewer held-out sales than this say nothing about which of two models is better. */
export const MIN_PAIRED_SALES = 100;
/** Share of sales that the 80% interval must have held. */
export const COVERAGE_80 = { low: 0.75, high: 0.85 } as const;

/** What a model said of a sale that it had not learned from, dollars. */
export interface HeldOutValue {
  /** The sale's row in its data set. */
  row: number;
  price: number;
  value: number;
}

/** One sale that neither model knew, with what both said of it, dollars. */
export interface PairedSale {
  price: number;
  challenger: number;
  champion: number;
}

/** What a promotion is decided on. */
export type PromotionEvidence =
  /** The market has no champion: the challenger stands against its baselines on its own held-out sales. */
  | {
      kind: 'first';
      metrics: ValuationMetrics;
      baselines: Readonly<Record<string, BaselineResult>>;
      /** Version of a champion that cannot be opened any more, and so values nothing. */
      replaces?: string;
    }
  /** Both models on the same later sales, set aside in training (`held_out`) or closed since (`outcomes`). */
  | {
      kind: 'against_champion';
      basis: 'held_out' | 'outcomes';
      championVersion: string;
      pairs: readonly PairedSale[];
      /** Share of the challenger's sales inside its 80% interval; null when none was measured. */
      coverage80: number | null;
    };

/** The decision with its reason in one sentence, as it is recorded. */
export interface PromotionDecision {
  promote: boolean;
  statement: string;
  /** Challenger's median absolute error minus the champion's; null for a first model or too few sales. */
  difference: Estimate | null;
}

/**
 * Whether a challenger becomes champion. The first model of a market must have a lower median absolute error than every
 * baseline; a later one must beat the champion on the same held-out sales so clearly that the 95% paired-bootstrap
 * interval of the difference lies below 0. Either way on at least 100 sales, and with 75 to 85% of them inside the
 * 80% interval.
 */
export function decidePromotion(evidence: PromotionEvidence, options: { seed: number }): PromotionDecision {
  return evidence.kind === 'first' ? decideFirst(evidence) : decideAgainstChampion(evidence, options.seed);
}

function decideFirst({
  metrics,
  baselines,
  replaces,
}: Extract<PromotionEvidence, { kind: 'first' }>): PromotionDecision {
  const refuse = (reason: string) => ({ promote: false, statement: `Not promoted: ${reason}`, difference: null });
  const problem = tooFew(metrics.rows) ?? wrongCoverage(metrics.coverage_80);
  if (problem !== null) return refuse(problem);
  const all = Object.entries(baselines);
  if (all.length === 0) return refuse('there is no baseline to hold it against.');
  const unbeaten = all.filter(([, baseline]) => !(metrics.mdape < baseline.mdape));
  if (unbeaten.length > 0) {
    const names = unbeaten.map(([name, { mdape }]) => `${name} (${percent(mdape)})`).join(', ');
    return refuse(`its median error of ${percent(metrics.mdape)} is not below that of ${names}.`);
  }
  return {
    promote: true,
    statement: `Promoted: ${replaces === undefined ? 'first model of its market' : `the champion ${replaces} cannot be opened any more`}, median error ${percent(metrics.mdape)} on ${metrics.rows} held-out sales, below all ${all.length} baselines.`,
    difference: null,
  };
}

function decideAgainstChampion(
  { basis, championVersion, pairs, coverage80 }: Extract<PromotionEvidence, { kind: 'against_champion' }>,
  seed: number,
): PromotionDecision {
  const kindOfSales = basis === 'outcomes' ? 'closed since both valued them' : 'held out in training';
  const few = tooFew(pairs.length);
  if (few !== null) {
    return { promote: false, statement: `Not promoted: ${few} Sales counted: ${kindOfSales}.`, difference: null };
  }
  const prices = pairs.map(({ price }) => price);
  const ours = percentageErrors(
    pairs.map(({ challenger }) => challenger),
    prices,
  );
  const theirs = percentageErrors(
    pairs.map(({ champion }) => champion),
    prices,
  );
  const difference = pairedBootstrap(ours, theirs, { seed });
  const said = `median error ${percent(medianOf(ours))} against ${percent(medianOf(theirs))} of ${championVersion} on ${pairs.length} sales ${kindOfSales}, difference ${points(difference.value)} (95% interval ${points(difference.low)} to ${points(difference.high)} points)`;
  const coverage = wrongCoverage(coverage80);
  if (coverage !== null)
    return { promote: false, statement: `Not promoted: ${coverage} Besides: ${said}.`, difference };
  if (difference.value < 0 && difference.high < 0)
    return { promote: true, statement: `Promoted: ${said}.`, difference };
  const why = difference.value < 0 ? 'the lead may be chance' : 'no lower';
  return { promote: false, statement: `Not promoted: ${said}: ${why}.`, difference };
}

function tooFew(rows: number): string | null {
  if (rows >= MIN_PAIRED_SALES) return null;
  return `${rows} held-out sales are fewer than the ${MIN_PAIRED_SALES} that a comparison needs.`;
}

function wrongCoverage(coverage: number | null): string | null {
  if (coverage === null || !Number.isFinite(coverage)) return 'the coverage of its 80% interval was not measured.';
  if (coverage >= COVERAGE_80.low && coverage <= COVERAGE_80.high) return null;
  return `its 80% interval held ${percent(coverage)} of the sales, outside ${percent(COVERAGE_80.low)} to ${percent(COVERAGE_80.high)}.`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
const points = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(2)}`;
