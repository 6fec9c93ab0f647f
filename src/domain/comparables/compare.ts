import { type ComparablesResult, selectComparables } from '../comparables.ts';
import { ReosError } from '../errors.ts';
import type { ComparableSale } from '../property.ts';
import type { AdjustedComparable } from './adjust.ts';
import { type CandidateSale, type ComparableReason, isComparable, type PlacedSubject, saleKey } from './candidate.ts';
import { monthsBefore } from './dates.ts';
import { reasonsAgainst, reasonsUnusable } from './judge.ts';
import { reasonsFor } from './reasons.ts';
import { type ComparableLimits, type ComparableRules, type LimitsStage, limitStages } from './rules.ts';
import { compareText } from './sale-match.ts';
import { type LeafSimilarity, similarityOf, stepsApart } from './similarity.ts';

export interface CompareOptions {
  /** Yearly price change that sales are carried forward with, as a ratio; default 0. */
  annualTrend?: number;
  leafSimilarity?: LeafSimilarity;
  /** Limits of this call: kept as given, never widened. */
  limits?: Partial<ComparableLimits>;
  /** Overrides the rules' own. */
  maxChosen?: number;
  /** Property ids whose latest sale must take part. */
  include?: readonly string[];
  /** Property ids whose sales must not. */
  exclude?: readonly string[];
  /** The last stage of widening (index in `limitStages`) that the candidates reach out to; default: all. */
  lastStage?: number;
}

/** A sale that speaks, with why. */
export type IncludedSale = AdjustedComparable &
  Pick<CandidateSale, 'propertyType' | 'propertySubType'> & {
    /** 0–100; see `similarityOf`. */
    similarity: number;
    /** Share of the model's trees with both in one leaf, 0–1; null without a model. */
    leafSimilarity: number | null;
    isByHand: boolean;
    reasons: ComparableReason[];
  };

/** A sale that was looked at and left out, with every reason. Similarity is null when it cannot be reckoned. */
export type ExcludedSale = CandidateSale & { similarity: number | null; reasons: ComparableReason[] };

/** The value of one property by comparable sales, with the sales for and against. */
export interface PropertyComparables extends Pick<ComparablesResult, 'asOf' | 'annualTrend' | 'estimate' | 'whyNot'> {
  rulesVersion: string;
  /** The limits in force at the end. */
  limits: ComparableLimits;
  /** What was widened to find enough sales, in order. */
  stepsWidened: readonly string[];
  /** True when as many sales as the rules ask for were found. */
  isEnough: boolean;
  included: IncludedSale[];
  /** The nearest misses, most similar first; those asked for by hand that cannot be used come before all. */
  excluded: ExcludedSale[];
  /** How many sales were left out, by the first reason's code. */
  excludedCounts: Record<string, number>;
}

interface Judged {
  sale: CandidateSale;
  reasons: ComparableReason[];
  isWanted: boolean;
}

/**
 * Values a property by the sales within stated limits: judges each candidate, widens the limits while too few are
 * found, and lets `selectComparables` adjust, weigh and reconcile those that count. Pure; the candidates' order does
 * not matter.
 * @throws ReosError `validation` when a property is to be included and excluded at once
 */
export function compareProperty(
  subject: PlacedSubject,
  candidates: readonly CandidateSale[],
  asOf: string,
  rules: ComparableRules,
  options: CompareOptions = {},
): PropertyComparables {
  const include = new Set(options.include);
  const exclude = new Set(options.exclude);
  const both = [...include].find((id) => exclude.has(id));
  if (both !== undefined) {
    throw new ReosError('validation', `Property ${both} is both included and excluded. Name it once.`);
  }
  const stages = limitStages(rules, options.limits).slice(0, (options.lastStage ?? rules.widening.length) + 1);
  const sales = latestFirst([...new Map(candidates.map((sale) => [saleKey(sale), sale])).values()]);
  let stage: LimitsStage = stages[0] ?? { limits: rules.limits, steps: [] };
  let judged: Judged[] = [];
  for (stage of stages) {
    judged = judgeAll(subject, sales, asOf, rules, stage.limits, { include, exclude });
    if (subject.sqft === null || countOf(judged) >= rules.minChosen) break;
  }
  const chosenFrom = judged
    .filter(isIn)
    .map(({ sale }) => sale)
    .filter(isComparable);
  const selected = selectComparables(subject, chosenFrom, asOf, {
    annualTrend: options.annualTrend ?? 0,
    minChosen: rules.minChosen,
    maxChosen: Math.max(options.maxChosen ?? rules.maxChosen, include.size),
    wanted: include,
    includeOwnSale: include.has(subject.id),
    ...(options.leafSimilarity === undefined ? {} : { leafSimilarity: options.leafSimilarity }),
  });
  const similarityTo = (sale: ComparableSale) => similarityOf(stepsApart(subject, sale, asOf, options.leafSimilarity));
  const byKey = new Map(judged.map((entry) => [saleKey(entry.sale), entry]));
  const included = selected.chosen.map((sale): IncludedSale => {
    const entry = byKey.get(saleKey(sale));
    const leafShare = options.leafSimilarity?.(sale) ?? null;
    const wantedDespite = entry?.isWanted === true ? entry.reasons : null;
    return {
      ...sale,
      propertyType: entry?.sale.propertyType ?? null,
      propertySubType: entry?.sale.propertySubType ?? null,
      similarity: similarityTo(sale),
      leafSimilarity: leafShare,
      isByHand: wantedDespite !== null,
      reasons: reasonsFor(sale, { subject, limits: stage.limits, leafShare, wantedDespite }),
    };
  });
  const left = leftOut(judged, included, similarityTo, asOf);
  return {
    asOf,
    annualTrend: selected.annualTrend,
    estimate: selected.estimate,
    whyNot: selected.whyNot,
    rulesVersion: rules.version,
    limits: stage.limits,
    stepsWidened: stage.steps,
    isEnough: included.length >= rules.minChosen,
    included,
    excluded: left
      .slice(0, rules.excludedShown)
      .map(({ sale, similarity, reasons }) => ({ ...sale, similarity, reasons })),
    excludedCounts: countReasons(left),
  };
}

const isIn = (entry: Judged) => (entry.isWanted ? isComparable(entry.sale) : entry.reasons.length === 0);
const countOf = (judged: readonly Judged[]) => judged.filter(isIn).length;

/** Of a house that sold twice the later sale speaks. */
function latestFirst(sales: readonly CandidateSale[]): CandidateSale[] {
  return sales
    .map((sale) => ({ sale, order: saleOrder(sale) }))
    .sort((a, b) => compareText(b.order, a.order))
    .map(({ sale }) => sale);
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

const saleOrder = (sale: CandidateSale) =>
  `${sale.closeDate.slice(0, 10)} ${String(sale.closePriceCents).padStart(16, '0')} ${sale.propertyId}`;

/** A sale that was left out, with every reason. */
interface LeftOut {
  sale: CandidateSale;
  similarity: number | null;
  reasons: ComparableReason[];
}

function leftOut(
  judged: readonly Judged[],
  included: readonly IncludedSale[],
  similarityTo: (sale: ComparableSale) => number,
  asOf: string,
): LeftOut[] {
  const used = new Set(included.map(saleKey));
  const message =
    included.length === 0
      ? 'Nothing to hold it against: the living area of the house itself is not known.'
      : `Less similar than the ${included.length} that are used.`;
  const ofOthers = [{ code: 'less_similar', message }];
  return judged
    .filter(({ sale }) => !used.has(saleKey(sale)))
    .map(({ sale, reasons }): LeftOut => {
      const isUsable = isComparable(sale) && reasonsUnusable(sale, asOf).length === 0;
      const similarity = isUsable ? similarityTo(sale) : null;
      return { sale, similarity, reasons: reasons.length > 0 ? reasons : ofOthers };
    })
    .sort(
      (a, b) =>
        Number(b.reasons[0]?.code === 'by_hand') - Number(a.reasons[0]?.code === 'by_hand') ||
        (b.similarity ?? -1) - (a.similarity ?? -1) ||
        compareText(saleKey(a.sale), saleKey(b.sale)),
    );
}

function countReasons(sales: readonly LeftOut[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reasons } of sales) {
    const code = reasons[0]?.code ?? 'less_similar';
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}
