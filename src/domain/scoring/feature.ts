import type { ComparablesResult, ScoredSale } from '../comparables.ts';
import type { DealAnalysis, ReferencePriceKind } from '../deal-math.ts';
import type { Property, PropertyField } from '../property.ts';
import type { AvmValue, ScoredValue, ValueChoice } from './value.ts';

/** What the county's configuration says about the market. */
export interface CountyMarket {
  medianPriceCents: number;
  /** Year the median price is of; null when not stated. A median from another time than the valuation is not used. */
  medianPriceYear?: number | null;
  /** 0 (cold) to 1 (hot). */
  marketHeat: number;
  /** Yearly price change as a ratio, 0.04 = 4%. */
  appreciationAnnual: number;
  /** Of the target neighbourhood the property lies in; 1 outside all of them. */
  neighborhoodMultiplier: number;
}

/** All that one property is scored on. */
export interface ScoreInput {
  property: Property;
  comparables: Pick<ComparablesResult, 'estimate' | 'whyNot'> & { chosen: readonly ScoredSale[] };
  /** What a valuation model says; absent or null where there is none. */
  avm?: AvmValue | null;
  county: CountyMarket;
  /** The date the score is meant for, YYYY-MM-DD: that of the comparables. */
  asOf: string;
}

/** The input with what several features need, worked out once. */
export interface ScoringContext extends ScoreInput {
  value: ScoredValue | null;
  valueChoice: ValueChoice;
  reference: { cents: number | null; kind: ReferencePriceKind; label: string };
  deal: DealAnalysis;
}

export type FeatureFamily = 'value' | 'return' | 'seller' | 'property' | 'market' | 'risk';

/**
 * One thing the score looks at. A plug-in: one file, one line in the registry, one entry in `config/scoring.yaml`.
 * The configuration turns the raw value into a score 0–1 by a curve that must run in the feature's direction.
 */
export interface Feature {
  name: string;
  /** What one unit of the raw value is, such as `ratio`, `years`, `level 0-3`. */
  unit: string;
  family: FeatureFamily;
  /** Which raw values are better for the buyer. The curve in the configuration is refused when it runs the other way. */
  better: 'higher' | 'lower';
  /** The property's fields it reads: the sources of its reason, and whether it rests on simulated values. */
  fields: readonly PropertyField[];
  /** True when it also reads the value of the house, or the comparable sales. */
  usesComparables: boolean;
  /** True when it reads the comparable sales themselves, whoever gives the value. */
  readsSales?: boolean;
  /** True when it also reads the county's configuration. */
  usesCounty?: boolean;
  /**
   * What a missing value means. Either way the contribution is the configured neutral score: `doubt` also lowers
   * confidence; `expected` does not (absence is normal, as of a list date off market).
   */
  nullPolicy: 'doubt' | 'expected';
  /** The raw value; null when an input is missing. Never NaN. */
  compute: (context: ScoringContext) => number | null;
  /** A plain sentence with the numbers in it. */
  explain: (raw: number, context: ScoringContext) => string;
}

/** $1,234,000 from cents, rounded to dollars. */
export const usd = (cents: number | null): string =>
  cents === null ? 'an unknown amount' : `${cents < 0 ? '-' : ''}$${grouped(Math.abs(Math.round(cents / 100)))}`;

/** A whole number ≥ 0 as `1,234,000`: what toLocaleString says, many times faster. */
export function grouped(whole: number): string {
  if (whole < 1_000) return String(whole);
  if (!(whole < Number.MAX_SAFE_INTEGER)) return whole.toLocaleString('en-US');
  const digits = String(whole);
  let text = digits.slice(0, digits.length % 3);
  for (let at = digits.length % 3; at < digits.length; at += 3) {
    text += `${text === '' ? '' : ','}${digits.slice(at, at + 3)}`;
  }
  return text;
}

/** 12% or 4.5% from a ratio. */
export function percent(ratio: number, digits = 0): string {
  const text = (ratio * 100).toFixed(digits);
  return `${text.startsWith('-') ? text.replace(/^-(0(?:\.0+)?)$/, '$1') : text}%`;
}

/** An area ≥ 0 as `1,234` or `1,234.5`. */
export const area = (sqft: number): string => (Number.isInteger(sqft) ? grouped(sqft) : sqft.toLocaleString('en-US'));

/** The text with its first letter as a capital. */
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** a / b, null when either is missing or b is not above 0. */
export function ratio(a: number | null | undefined, b: number | null | undefined): number | null {
  if (a === null || a === undefined || b === null || b === undefined || !(b > 0)) return null;
  return Number.isFinite(a / b) ? a / b : null;
}
