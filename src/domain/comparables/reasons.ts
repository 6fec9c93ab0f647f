import type { AdjustedComparable } from './adjust.ts';
import { type ComparableReason, miles, monthsOf, sizeWords } from './candidate.ts';
import type { ComparableLimits } from './rules.ts';
import type { ComparableSubject } from './sale-match.ts';

/** What the reasons for a chosen sale are told from. */
export interface InclusionFacts {
  subject: ComparableSubject;
  limits: ComparableLimits;
  /** Share of the model's trees that put both houses into one leaf; null without a model's word. */
  leafShare: number | null;
  /** What would have spoken against it, had a person not asked for it; null when nobody asked. */
  wantedDespite: readonly ComparableReason[] | null;
}

/** Why a chosen sale was chosen, and how much say it has. */
export function reasonsFor(sale: AdjustedComparable, facts: InclusionFacts): ComparableReason[] {
  const { subject, limits, leafShare, wantedDespite } = facts;
  const reasons: ComparableReason[] = [];
  if (wantedDespite !== null) {
    const despite = wantedDespite.map(({ message }) => message).join(' ');
    const message = despite === '' ? 'Asked for by hand.' : `Asked for by hand, although: ${despite}`;
    reasons.push({ code: 'by_hand', message });
  }
  const within = (code: string) => wantedDespite?.some((reason) => code.includes(reason.code)) !== true;
  const limit = (code: string, words: string) => (within(code) ? `, within ${words}` : '');
  reasons.push(
    { code: 'near', message: `${miles(sale.distanceMetres)} away${limit('too_far', `${limits.radiusMiles} mi`)}.` },
    {
      code: 'recent',
      message: `Sold ${sale.closeDate.slice(0, 10)}, ${monthsOf(sale.ageDays)} before${limit('too_old', `${limits.months} months`)}.`,
    },
  );
  if (subject.sqft !== null) {
    const tolerance = `±${Number((limits.sqftTolerance * 100).toFixed(1))}%`;
    const words = sizeWords(sale.sqft, subject.sqft);
    reasons.push({ code: 'size', message: `${sale.sqft} sqft, ${words}${limit('too_large too_small', tolerance)}.` });
  }
  reasons.push(...kindReasons(subject, sale));
  if (leafShare !== null) {
    const message = `The valuation model puts both houses into the same leaf in ${Math.round(leafShare * 100)}% of its trees.`;
    reasons.push({ code: 'model_likeness', message });
  }
  reasons.push({ code: 'weight', message: `${Number((sale.weight * 100).toFixed(1))}% of the say.` });
  return reasons;
}

function kindReasons(subject: ComparableSubject, sale: AdjustedComparable): ComparableReason[] {
  const reasons: ComparableReason[] = [];
  if (subject.grade !== null && sale.grade !== null) {
    const gap = sale.grade - subject.grade;
    const message = gap === 0 ? `The same grade, ${sale.grade}.` : `Grade ${sale.grade} against ${subject.grade}.`;
    reasons.push({ code: 'grade', message });
  }
  if (subject.yearBuilt !== null && sale.yearBuilt !== null) {
    reasons.push({ code: 'age', message: `Built ${sale.yearBuilt} against ${subject.yearBuilt}.` });
  }
  return reasons;
}
