import type { AttentionFacts, AttentionItem } from './attention-kinds.ts';

/** From this share of a budget on, it is told before it is used up. */
const BUDGET_WARNING = 0.8;

/** Budgets that are nearly or wholly used up. */
export function ofBudgets({ budgets = [] }: AttentionFacts): AttentionItem[] {
  return budgets
    .filter(({ limit, spent }) => limit > 0 && spent >= limit * BUDGET_WARNING)
    .map(({ resource, period, limit, spent }) => ({
      key: `budget ${resource} ${period}`,
      tone: spent >= limit ? ('bad' as const) : ('warn' as const),
      count: null,
      text: `The ${period}'s budget for ${resource === '*' ? 'everything' : resource} is ${
        spent >= limit ? 'used up' : `${Math.min(99, Math.round((spent / limit) * 100))}% used`
      }`,
      detail: spent >= limit ? `Nothing more is bought until the ${period} ends or the budget is raised.` : null,
      to: '/operations/costs',
      action: 'See costs',
    }));
}

/** Sources, webhooks and schedules that fail or rest. */
export function ofMachinery({ sources = [], webhooks = [], schedules = [] }: AttentionFacts): AttentionItem[] {
  return [
    ...sources
      .filter(({ health }) => health === 'failing')
      .map((one) => ({
        key: `source ${one.name}`,
        tone: 'warn' as const,
        count: null,
        text: `The source ${one.name} fails`,
        detail: one.last_run?.error ?? null,
        to: '/operations/sources',
        action: 'Look',
      })),
    ...webhooks
      .filter((one) => one.status === 'disabled' || one.failing_since !== null)
      .map((one) => ({
        key: `webhook ${one.url}`,
        tone: 'warn' as const,
        count: null,
        text: `The webhook ${hostOf(one.url)} ${one.status === 'disabled' ? 'is disabled' : 'fails'}`,
        detail: one.disabled_reason,
        to: '/settings/webhooks',
        action: 'Look',
      })),
    ...schedules
      .filter((one) => one.state === 'paused' || one.last_status === 'failed')
      .map((one) => ({
        key: `schedule ${one.dag_id}`,
        tone: 'warn' as const,
        count: null,
        text: `${one.dag_id} ${one.state === 'paused' ? 'is paused' : 'failed the last time'}`,
        detail: one.state === 'paused' ? one.note : null,
        to: one.state === 'paused' ? '/operations' : '/operations/runs',
        ...(one.state === 'paused' ? {} : { search: { schedule: one.dag_id } }),
        action: one.state === 'paused' ? 'Resume' : 'See the run',
      })),
  ];
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
