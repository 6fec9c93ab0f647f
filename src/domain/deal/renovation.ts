import type { PropertyFacts } from '../property.ts';
import { type DealAssumptions, forTier, type RenovationTier } from './assumptions.ts';

type WorkFacts = Pick<PropertyFacts, 'condition' | 'yearBuilt' | 'yearRenovated'>;

/**
 * The work a house probably needs, from the assessor's condition (1 poor to 5 very good) and the years since it was
 * built or renovated. Condition 1 is a full gut, 2 moderate; 3 or unknown is moderate past 40 years, else cosmetic.
 * A rule of this product: an inspection and a contractor's bid replace it.
 */
export function renovationTier(facts: WorkFacts, asOf: string): { tier: RenovationTier; basis: string } {
  const { condition } = facts;
  const since = Math.max(facts.yearBuilt ?? 0, facts.yearRenovated ?? 0);
  const age = since > 0 ? Math.max(0, Number(asOf.slice(0, 4)) - since) : null;
  const ageText = age === null ? 'age not known' : `${age} years since it was built or renovated`;
  const basis = `${condition === null ? 'condition not known' : `condition ${condition} of 5`}, ${ageText}`;
  if (condition !== null && condition <= 1) return { tier: 'full_gut', basis };
  if (condition !== null && condition <= 2) return { tier: 'moderate', basis };
  if (condition !== null && condition >= 4) return { tier: 'cosmetic', basis };
  return { tier: age === null || age > 40 ? 'moderate' : 'cosmetic', basis };
}

/** Cost of the work: living area × the tier's dollars per square foot. Whole cents; null without a living area. */
export function renovationCost(sqft: number | null, tier: RenovationTier, a: DealAssumptions): number | null {
  return sqft !== null && sqft > 0 ? Math.round(sqft * forTier(a.renovationUsdPerSqft, tier) * 100) : null;
}

/**
 * After-repair value: present value × (1 + the tier's uplift). Whole cents; null without a value.
 * Source: the usual definition (value of the house once the work is done), with an assumed uplift per tier.
 */
export function afterRepairValue(valueCents: number | null, tier: RenovationTier, a: DealAssumptions): number | null {
  return valueCents === null ? null : Math.round(valueCents * (1 + forTier(a.arvUplift, tier)));
}

/**
 * Maximum allowable offer: ARV × rule − renovation, never below 0. Whole cents.
 * Source: the investors' "70 percent rule", with the share as an assumption.
 */
export function maxAllowableOffer(arvCents: number, renovationCents: number, offerRule: number): number {
  return Math.max(0, Math.round(arvCents * offerRule) - renovationCents);
}
