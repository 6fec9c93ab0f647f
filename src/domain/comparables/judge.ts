import {
  type CandidateSale,
  type ComparableReason,
  isComparable,
  miles,
  monthsOf,
  type PlacedSubject,
  sizeWords,
} from './candidate.ts';
import { daysBetween } from './dates.ts';
import { type ComparableLimits, METRES_PER_MILE } from './rules.ts';

/** What a sale is held against. */
export interface Judgement {
  subject: PlacedSubject;
  asOf: string;
  /** The first day that counts: `limits.months` before. */
  from: string;
  limits: ComparableLimits;
  samePropertyType: boolean;
}

/** Every reason why the sale does not count; none when it does. */
export function reasonsAgainst(sale: CandidateSale, against: Judgement): ComparableReason[] {
  return [...reasonsOfRecord(sale, against), ...reasonsOfLimits(sale, against)];
}

/** Reasons that no widening heals, the ones that make a sale unusable even by hand first. */
function reasonsOfRecord(sale: CandidateSale, { subject, asOf, samePropertyType }: Judgement): ComparableReason[] {
  const reasons = reasonsUnusable(sale, asOf);
  if (sale.propertyId === subject.id) {
    reasons.push({
      code: 'own_sale',
      message: 'An earlier sale of the house itself: it would prove the value by its own price.',
    });
  }
  if (!sale.armsLength) {
    reasons.push({
      code: 'not_arms_length',
      message: `Not at arm's length: ${sale.armsLengthReason ?? 'the source says so'}.`,
    });
  }
  const [own, other] = kindsOf(subject, sale);
  if (samePropertyType && own !== null && other !== null && own.toLowerCase() !== other.toLowerCase()) {
    reasons.push({ code: 'other_property_type', message: `${other}; the house is ${own}.` });
  }
  return reasons;
}

/** Reasons for which a sale cannot be used even when a person asks for it. */
export function reasonsUnusable(sale: CandidateSale, asOf: string): ComparableReason[] {
  if (!(daysBetween(sale.closeDate, asOf) > 0)) {
    return [{ code: 'not_yet_sold', message: `Sold ${sale.closeDate}, not before ${asOf}.` }];
  }
  if (isComparable(sale)) return [];
  const reasons: ComparableReason[] = [];
  if (sale.sqft === null || !(sale.sqft > 0)) {
    reasons.push({ code: 'no_living_area', message: 'Its living area is not known.' });
  }
  if (!(sale.closePriceCents > 0)) reasons.push({ code: 'no_price', message: 'No price is recorded for it.' });
  if (sale.distanceMetres === null) reasons.push({ code: 'no_place', message: 'Its place on the map is not known.' });
  return reasons;
}

function reasonsOfLimits(sale: CandidateSale, { subject, asOf, from, limits }: Judgement): ComparableReason[] {
  const reasons: ComparableReason[] = [];
  const { distanceMetres, sqft } = sale;
  if (distanceMetres !== null && distanceMetres > limits.radiusMiles * METRES_PER_MILE) {
    reasons.push({ code: 'too_far', message: `Too far: ${miles(distanceMetres)} > ${limits.radiusMiles} mi.` });
  }
  if (sale.closeDate.slice(0, 10) < from) {
    const age = monthsOf(daysBetween(sale.closeDate, asOf));
    reasons.push({ code: 'too_old', message: `Sold ${sale.closeDate}, ${age} before; the limit is ${limits.months}.` });
  }
  const ratio = sqft !== null && subject.sqft !== null ? sqft / subject.sqft : null;
  if (
    sqft !== null &&
    sqft > 0 &&
    subject.sqft !== null &&
    ratio !== null &&
    Math.abs(ratio - 1) > limits.sqftTolerance + 1e-9
  ) {
    const tolerance = Number((limits.sqftTolerance * 100).toFixed(1));
    reasons.push({
      code: ratio > 1 ? 'too_large' : 'too_small',
      message: `${sqft} sqft, ${sizeWords(sqft, subject.sqft)}; the limit is ±${tolerance}%.`,
    });
  }
  return reasons;
}

/** The most exact kind that both state: sub-types where both have one, else types. */
function kindsOf(subject: PlacedSubject, sale: CandidateSale): [string | null, string | null] {
  if (subject.propertySubType !== null && sale.propertySubType !== null) {
    return [subject.propertySubType, sale.propertySubType];
  }
  return [subject.propertyType, sale.propertyType];
}
