import type { MetricGroup } from '../../db/queries/campaign-metrics.ts';
import { compareVariants, type VariantComparison } from '../../domain/outreach/ab-test.ts';

/** One test of a step's variants. */
export interface VariantTest extends VariantComparison {
  step: number;
  /** What is counted per recipient. */
  goal: 'answers' | 'clicks';
}

/** The tests of every step that has variants: answers first, clicks beside them. Recipients count once each. */
export function variantTests(groups: readonly MetricGroup[]): VariantTest[] {
  const steps = [...new Set(groups.filter(({ variant }) => variant !== null).map(({ step }) => step))];
  return steps.flatMap((step) => {
    const own = groups.filter((group) => group.step === step && group.variant !== null);
    const tests = (goal: VariantTest['goal']) =>
      compareVariants(
        own.map((group) => ({
          variant: group.variant ?? '',
          recipients: group.recipients,
          hits: goal === 'answers' ? group.answeringRecipients : group.clickingRecipients,
        })),
        goal,
      ).map((comparison) => ({ step, goal, ...comparison }));
    return [...tests('answers'), ...tests('clicks')];
  });
}
