import type { MetricGroup } from '../db/queries/campaign-metrics.ts';
import type { Campaign } from '../db/queries/campaigns.ts';
import { compareVariants, type VariantComparison } from '../domain/outreach/ab-test.ts';
import { addCounts, METRICS, measure } from '../domain/outreach/metrics.ts';
import { table } from './output.ts';

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

/** A campaign as a person reads it. */
export function metricsReport(
  { definition, status, approvedAt, approvedBy, reason }: Campaign,
  groups: readonly MetricGroup[],
  tests: readonly VariantTest[],
): string {
  const total = measure(addCounts(groups));
  const approval = !definition.needs_approval
    ? 'needs no approval'
    : approvedAt === null
      ? 'waits for approval'
      : `approved by ${approvedBy} at ${approvedAt.toISOString()}`;
  const steps = definition.steps.map(({ channel, template, wait_days, variants }, index) => {
    const names = variants.map(({ name }) => name).join(', ');
    const wait = index === 0 ? 'at once' : `after ${wait_days} days`;
    return `  ${index + 1}. ${channel} ${template}, ${wait}${names === '' ? '' : ` (variants ${names})`}`;
  });
  const rows = groups.map((group) => {
    const values = measure(group);
    const shown = Object.fromEntries(METRICS.map(({ name, unit }) => [name, show(values[name] ?? null, unit)]));
    return { ...shown, step: `${group.step}${group.variant === null ? '' : ` ${group.variant}`}` };
  });
  const columns = ['sent', 'delivered_rate', 'open_rate', 'click_rate', 'reply_rate', 'hard_bounce_rate', 'cost'];
  return [
    `${definition.name} (${definition.kind}): ${status}${reason === null ? '' : ` (${reason})`}, ${approval}`,
    `Audience: score of ${definition.audience.min_score} or more, at most ${definition.max_per_run} messages a day`,
    'Steps',
    ...steps,
    '',
    ...METRICS.map(
      ({ name, unit, meaning }) => `${name.padEnd(18)} ${show(total[name] ?? null, unit).padStart(8)}  ${meaning}`,
    ),
    ...(rows.length > 1 ? ['', table(rows, ['step', ...columns])] : []),
    ...(tests.length > 0 ? ['', 'Variants: Fisher’s exact test, two-sided, over recipients; Holm’s correction.'] : []),
    ...tests.map(
      ({ step, goal, variant, against, pValue, conclusion }) =>
        `  step ${step}, ${goal}, ${variant} against ${against} (p ${pValue.toFixed(3)}): ${conclusion}`,
    ),
  ].join('\n');
}

function show(value: number | null, unit: 'messages' | 'share' | 'USD'): string {
  if (value === null) return '-';
  if (unit === 'share') return `${(value * 100).toFixed(1)}%`;
  return unit === 'USD' ? `$${value.toFixed(4)}` : String(value);
}
