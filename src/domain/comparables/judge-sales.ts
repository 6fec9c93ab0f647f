import { ReosError } from '../errors.ts';
import {
  type CandidateSale,
  type ComparableReason,
  compareSaleKeys,
  isComparable,
  type PlacedSubject,
} from './candidate.ts';
import { monthsBefore } from './dates.ts';
import { reasonsAgainst, reasonsUnusable } from './judge.ts';
import { type ComparableLimits, type ComparableRules, type LimitsStage, limitStages } from './rules.ts';
import { compareText } from './sale-match.ts';

export interface JudgeOptions {
  /** Limits of this call: kept as given, never widened. */
  limits?: Partial<ComparableLimits>;
  /** Property ids whose latest sale must take part. */
  include?: readonly string[];
  /** Property ids whose sales must not. */
  exclude?: readonly string[];
  /** The last stage of widening (index in `limitStages`) that the candidates reach out to; default: all. */
  lastStage?: number;
}

/** A candidate with every reason against it. */
export interface Judged {
  sale: CandidateSale;
  reasons: ComparableReason[];
  isWanted: boolean;
}

/** Candidates judged under the narrowest limits that leave enough of them, or else the widest. */
export interface JudgedSales {
  stage: LimitsStage;
  /** Latest first. */
  judged: readonly Judged[];
  /** How many of them may speak. */
  count: number;
}

/**
 * Judges each candidate, under wider limits while too few are found. Pure; the candidates' order does not matter.
 * @throws ReosError `validation` when a property is to be included and excluded at once
 */
export function judgeSales(
  subject: PlacedSubject,
  candidates: readonly CandidateSale[],
  asOf: string,
  rules: ComparableRules,
  options: JudgeOptions = {},
): JudgedSales {
  const include = new Set(options.include);
  const exclude = new Set(options.exclude);
  const both = [...include].find((id) => exclude.has(id));
  if (both !== undefined) {
    throw new ReosError('validation', `Property ${both} is both included and excluded. Name it once.`);
  }
  const stages = limitStages(rules, options.limits).slice(0, (options.lastStage ?? rules.widening.length) + 1);
  const sales = latestFirst(candidates);
  let stage: LimitsStage = stages[0] ?? { limits: rules.limits, steps: [] };
  let judged: Judged[] = [];
  let count = 0;
  for (stage of stages) {
    judged = judgeAll(subject, sales, asOf, rules, stage.limits, { include, exclude });
    count = judged.filter(isIn).length;
    if (subject.sqft === null || count >= rules.minChosen) break;
  }
  return { stage, judged, count };
}

/** Whether the sale counts. */
export const isIn = (entry: Judged) => (entry.isWanted ? isComparable(entry.sale) : entry.reasons.length === 0);
/** The sales in order, each once: of a house that sold twice the later sale speaks. */
function latestFirst(candidates: readonly CandidateSale[]): CandidateSale[] {
  const sorted = [...candidates].sort(
    (a, b) =>
      compareText(b.closeDate, a.closeDate) ||
      b.closePriceCents - a.closePriceCents ||
      compareText(b.propertyId, a.propertyId),
  );
  return sorted.filter((sale, at) => {
    const next = sorted[at + 1];
    return next === undefined || compareSaleKeys(sale, next) !== 0;
  });
}

/** @param sales latest first */
function judgeAll(
  subject: PlacedSubject,
  sales: readonly CandidateSale[],
  asOf: string,
  rules: ComparableRules,
  limits: ComparableLimits,
  hand: { include: ReadonlySet<string>; exclude: ReadonlySet<string> },
): Judged[] {
  const from = monthsBefore(asOf, limits.months);
  const against = { subject, asOf, from, limits, samePropertyType: rules.samePropertyType };
  const taken = new Map<string, string>();
  return sales.map((sale): Judged => {
    const isWanted = hand.include.has(sale.propertyId) && reasonsUnusable(sale, asOf).length === 0;
    const reasons = reasonsAgainst(sale, against);
    if (hand.exclude.has(sale.propertyId)) reasons.unshift({ code: 'by_hand', message: 'Left out by hand.' });
    const later = taken.get(sale.propertyId);
    if (later !== undefined && (isWanted || reasons.length === 0)) {
      const message = `The house's later sale of ${later} speaks for it.`;
      return { sale, isWanted: false, reasons: [{ code: 'sold_again', message }, ...reasons] };
    }
    if (isWanted || reasons.length === 0) taken.set(sale.propertyId, sale.closeDate.slice(0, 10));
    return { sale, reasons, isWanted };
  });
}
