import type { components } from '../sdk/client.ts';
import { table } from './output.ts';

type Campaign = components['schemas']['Campaign'];
type CampaignMetrics = components['schemas']['CampaignMetrics'];

/** A campaign as a person reads it. */
export function metricsReport(
  { name: title, status, approved_at: approvedAt, approved_by: approvedBy, reason, definition }: Campaign,
  { metrics, by_step: groups, tests, definitions }: CampaignMetrics,
): string {
  const approval = !definition.needs_approval
    ? 'needs no approval'
    : approvedAt === null
      ? 'waits for approval'
      : `approved by ${approvedBy} at ${approvedAt}`;
  const steps = definition.steps.map(({ channel, template, wait_days, variants }, index) => {
    const names = variants.map(({ name }) => name).join(', ');
    const wait = index === 0 ? 'at once' : `after ${wait_days} days`;
    return `  ${index + 1}. ${channel} ${template}, ${wait}${names === '' ? '' : ` (variants ${names})`}`;
  });
  const rows = groups.map((group) => {
    const shown = definitions.map(({ name, unit }) => [name, show(group.metrics[name] ?? null, unit)]);
    return { ...Object.fromEntries(shown), step: `${group.step}${group.variant === null ? '' : ` ${group.variant}`}` };
  });
  const columns = ['sent', 'delivered_rate', 'open_rate', 'click_rate', 'reply_rate', 'hard_bounce_rate', 'cost'];
  return [
    `${title} (${definition.kind}): ${status}${reason === null ? '' : ` (${reason})`}, ${approval}`,
    `Audience: score of ${definition.audience.min_score} or more, at most ${definition.max_per_run} messages a day`,
    'Steps',
    ...steps,
    '',
    ...definitions.map(
      ({ name, unit, meaning }) => `${name.padEnd(18)} ${show(metrics[name] ?? null, unit).padStart(8)}  ${meaning}`,
    ),
    ...(rows.length > 1 ? ['', table(rows, ['step', ...columns])] : []),
    ...(tests.length > 0 ? ['', 'Variants: Fisher’s exact test, two-sided, over recipients; Holm’s correction.'] : []),
    ...tests.map(
      ({ step, goal, variant, against, p_value: p, conclusion }) =>
        `  step ${step}, ${goal}, ${variant} against ${against} (p ${p.toFixed(3)}): ${conclusion}`,
    ),
  ].join('\n');
}

function show(value: number | null, unit: string): string {
  if (value === null) return '-';
  if (unit === 'share') return `${(value * 100).toFixed(1)}%`;
  return unit === 'USD' ? `$${value.toFixed(4)}` : String(value);
}
