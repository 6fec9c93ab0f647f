import type { PropertyField } from '../property.ts';
import type { ScoredFeature } from './components.ts';
import type { ScoringConfig } from './config.ts';
import { percent, type ScoringContext, usd } from './feature.ts';
import { disagrees } from './value.ts';

const AVM = 'valuation model';
const SALES = 'comparable sales';

/** Why the score is what it is, one feature at a time. */
export interface ScoreReason {
  code: string;
  /** A plain sentence with the numbers in it. */
  label: string;
  /** Signed points against the neutral score of the feature; 0 for remarks. */
  contribution: number;
  /** Names of the sources of the inputs, sorted. */
  sources: string[];
}

/**
 * The reasons, strongest first (ties by code); remarks about missing and simulated inputs come last.
 * @param most so many of them are put into words
 */
export function sortedReasons(
  context: ScoringContext,
  scored: readonly ScoredFeature[],
  simulatedFields: readonly PropertyField[],
  weights: ScoringConfig,
  most: number,
): ScoreReason[] {
  const reasons = scored
    .filter((entry) => entry.raw !== null)
    .map((entry) => ({
      entry,
      code: entry.feature.name,
      contribution: Math.round((entry.score - entry.neutral) * entry.weight * 10_000) / 100,
    }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.code < b.code ? -1 : 1))
    .slice(0, most)
    .map(({ entry, code, contribution }) => ({
      code,
      label: entry.feature.explain(entry.raw ?? 0, context),
      contribution,
      sources: sourcesOf(entry, context),
    }));
  if (reasons.length >= most) return reasons;
  return [...reasons, ...remarks(context, scored, simulatedFields, weights)].slice(0, most);
}

function sourcesOf({ feature }: ScoredFeature, { property, value }: ScoringContext): string[] {
  const sources: string[] = [];
  for (const field of feature.fields) addOnce(sources, property.fieldSources[field]?.source);
  if (feature.usesComparables) {
    addOnce(sources, feature.readsSales !== true && value?.source === 'avm' ? AVM : SALES);
  }
  if (feature.usesCounty === true) addOnce(sources, 'county configuration');
  return sources.length > 1 ? sources.sort() : sources;
}

function addOnce(sources: string[], source: string | undefined): void {
  if (source !== undefined && !sources.includes(source)) sources.push(source);
}

function remarks(
  context: ScoringContext,
  scored: readonly ScoredFeature[],
  simulatedFields: readonly PropertyField[],
  weights: ScoringConfig,
): ScoreReason[] {
  const missing = scored.filter((entry) => entry.raw === null && entry.feature.nullPolicy === 'doubt');
  const list: ScoreReason[] = [];
  const { value, valueChoice, comparables } = context;
  if (value === null) {
    const why = comparables.whyNot ?? 'Too few comparable sales.';
    list.push({ code: 'no_value', label: `No value could be estimated. ${why}`, contribution: 0, sources: [] });
  } else {
    const who = value.source === 'avm' ? `the valuation model ${value.modelVersion}` : 'comparable sales';
    const label = `The value of ${usd(value.valueCents)} comes from ${who}; 80 of 100 sale prices are expected between ${usd(value.lowCents)} and ${usd(value.highCents)}.`;
    list.push({ code: 'value_source', label, contribution: 0, sources: [value.source === 'avm' ? AVM : SALES] });
  }
  if (valueChoice.refusal !== null) {
    const label = `The valuation model's value is not used: ${valueChoice.refusal}.`;
    list.push({ code: 'avm_refused', label, contribution: 0, sources: [AVM] });
  }
  if (disagrees(valueChoice, weights)) {
    const label = disagreementSentence(context);
    list.push({ code: 'value_disagreement', label, contribution: 0, sources: [SALES, AVM] });
  }
  if (missing.length > 0) {
    const names = missing.map((entry) => entry.feature.name.replaceAll('_', ' ')).join(', ');
    list.push({
      code: 'missing_inputs',
      label: `Not known and counted as neutral: ${names}.`,
      contribution: 0,
      sources: [],
    });
  }
  if (simulatedFields.length > 0) {
    const sources = simulatedFields.flatMap((field) => context.property.fieldSources[field]?.source ?? []);
    const label = `Simulated, not facts about this house: ${simulatedFields.map(wordsOf).join(', ')}.`;
    list.push({ code: 'simulated_inputs', label, contribution: 0, sources: [...new Set(sources)].sort() });
  }
  return list;
}

/** How far the valuation model lies from the comparable sales, in words. */
export function disagreementSentence({ valueChoice, value, comparables }: ScoringContext): string {
  const share = valueChoice.disagreement ?? 0;
  const side = share >= 0 ? 'above' : 'below';
  return `The valuation model's ${usd(value?.valueCents ?? null)} lies ${percent(Math.abs(share))} ${side} the ${usd(comparables.estimate?.valueCents ?? null)} of the comparable sales.`;
}

/** 'assessedValueCents' → 'assessed value'. */
function wordsOf(field: string): string {
  return field.replace(/Cents$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
