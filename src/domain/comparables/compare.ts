import { type ComparablesResult, selectComparables } from '../comparables.ts';
import type { ComparableSale } from '../property.ts';
import type { AdjustedComparable } from './adjust.ts';
import {
  type CandidateSale,
  type ComparableReason,
  compareSaleKeys,
  isComparable,
  type PlacedSubject,
  saleKey,
} from './candidate.ts';
import { reasonsUnusable } from './judge.ts';
import { isIn, type Judged, type JudgedSales, type JudgeOptions, judgeSales } from './judge-sales.ts';
import { reasonsFor } from './reasons.ts';
import type { ComparableLimits, ComparableRules } from './rules.ts';
import { type LeafSimilarity, similarityOf, stepsApart } from './similarity.ts';

export interface CompareOptions extends JudgeOptions {
  /** Yearly price change that sales are carried forward with, as a ratio; default 0. */
  annualTrend?: number;
  leafSimilarity?: LeafSimilarity;
  /** Overrides the rules' own. */
  maxChosen?: number;
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
  return valueFrom(subject, judgeSales(subject, candidates, asOf, rules, options), asOf, rules, options);
}

/** The value by those of the judged sales that count, and every sale's reasons: what `compareProperty` does with its verdict. */
export function valueFrom(
  subject: PlacedSubject,
  { stage, judged }: JudgedSales,
  asOf: string,
  rules: ComparableRules,
  options: CompareOptions = {},
): PropertyComparables {
  const include = new Set(options.include);
  const counting = new Map<string, Judged>();
  const chosenFrom: ComparableSale[] = [];
  for (const entry of judged) {
    if (!isIn(entry) || !isComparable(entry.sale)) continue;
    counting.set(saleKey(entry.sale), entry);
    chosenFrom.push(entry.sale);
  }
  const selected = selectComparables(subject, chosenFrom, asOf, {
    annualTrend: options.annualTrend ?? 0,
    minChosen: rules.minChosen,
    maxChosen: Math.max(options.maxChosen ?? rules.maxChosen, include.size),
    wanted: include,
    includeOwnSale: include.has(subject.id),
    ...(options.leafSimilarity === undefined ? {} : { leafSimilarity: options.leafSimilarity }),
  });
  const similarityTo = (sale: ComparableSale) => similarityOf(stepsApart(subject, sale, asOf, options.leafSimilarity));
  const used = new Set<Judged>();
  const included = selected.chosen.map((sale): IncludedSale => {
    const entry = counting.get(saleKey(sale))!;
    used.add(entry);
    const leafShare = options.leafSimilarity?.(sale) ?? null;
    const wantedDespite = entry.isWanted ? entry.reasons : null;
    return {
      ...sale,
      propertyType: entry.sale.propertyType,
      propertySubType: entry.sale.propertySubType,
      similarity: similarityTo(sale),
      leafSimilarity: leafShare,
      isByHand: wantedDespite !== null,
      reasons: reasonsFor(sale, { subject, limits: stage.limits, leafShare, wantedDespite }),
    };
  });
  const others = judged.filter((entry) => !used.has(entry));
  const left = leftOut(others, included.length, similarityTo, asOf);
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

/** A sale that was left out, with every reason. */
interface LeftOut {
  sale: CandidateSale;
  similarity: number | null;
  reasons: ComparableReason[];
}

function leftOut(
  others: readonly Judged[],
  used: number,
  similarityTo: (sale: ComparableSale) => number,
  asOf: string,
): LeftOut[] {
  const message =
    used === 0
      ? 'Nothing to hold it against: the living area of the house itself is not known.'
      : `Less similar than the ${used} that are used.`;
  const ofOthers = [{ code: 'less_similar', message }];
  return others
    .map(({ sale, reasons }): LeftOut => {
      const isUsable = isComparable(sale) && reasonsUnusable(sale, asOf).length === 0;
      const similarity = isUsable ? similarityTo(sale) : null;
      return { sale, similarity, reasons: reasons.length > 0 ? reasons : ofOthers };
    })
    .sort(
      (a, b) =>
        Number(b.reasons[0]?.code === 'by_hand') - Number(a.reasons[0]?.code === 'by_hand') ||
        (b.similarity ?? -1) - (a.similarity ?? -1) ||
        compareSaleKeys(a.sale, b.sale),
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
