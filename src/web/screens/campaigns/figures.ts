import type { components } from '../../../sdk/client.ts';

type Metrics = components['schemas']['CampaignMetrics'];
type Preview = components['schemas']['CampaignPreview'];

/** Counts behind the shares of a campaign, each as a whole number of messages. */
export interface Funnel {
  sent: number;
  delivered: number;
  opened: number;
  clicked: number;
  answered: number;
}

/** The way of the messages, from leaving to an answer. */
export function funnelOf(metrics: Metrics['metrics']): Funnel {
  const sent = metrics['sent'] ?? 0;
  const delivered = Math.round((metrics['delivered_rate'] ?? 0) * sent);
  const part = (name: string) => Math.round((metrics[name] ?? 0) * delivered);
  return { sent, delivered, opened: part('open_rate'), clicked: part('click_rate'), answered: part('answer_rate') };
}

/** What a step of a dry run would cost, in dollars; null where no message can be made. */
export function stepCost({ cost_each: each, messages }: Preview['steps'][number]): number | null {
  return each === null ? null : each * messages;
}

/**
 * What the first step of a run costs, and all steps when nobody answers before them, in dollars. Of a step with variants
 * each recipient gets one: the dearest is counted.
 */
export function runCost(steps: Preview['steps']): { first: number; all: number } {
  const byStep = new Map<number, number>();
  for (const step of steps) byStep.set(step.step, Math.max(byStep.get(step.step) ?? 0, stepCost(step) ?? 0));
  const numbers = [...byStep.keys()].sort((a, b) => a - b);
  const first = byStep.get(numbers[0] ?? 0) ?? 0;
  return { first, all: [...byStep.values()].reduce((sum, cost) => sum + cost, 0) };
}

/** How the cost of a provider's messages stands against its budgets: the least that is left; null: no budget covers it. */
export function budgetLeft(
  budgets: Preview['budgets'],
  provider: string,
): { left: number; period: string; resource: string } | null {
  const covering = budgets.filter(({ resource }) => resource === provider || resource === '*');
  const least = covering.reduce<(typeof covering)[number] | null>(
    (found, one) => (found === null || one.left < found.left ? one : found),
    null,
  );
  return least && { left: least.left, period: least.period, resource: least.resource };
}
