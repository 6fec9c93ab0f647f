import type { Schemas } from '../../app/api.ts';
import { formatAgo, formatCount, humanise } from '../../lib/format.ts';

/** Something that a person has to settle, and where that is done. */
export interface AttentionItem {
  key: string;
  tone: 'bad' | 'warn' | 'info';
  /** How many there are; null where the text says it. */
  count: number | null;
  text: string;
  /** Why, or since when. */
  detail: string | null;
  to: string;
  search?: Record<string, string>;
  /** What is done there. */
  action: string;
}

/** What the answers say that were asked for; what the person may not see is left out. */
export interface AttentionFacts {
  failedProperties?: number | undefined;
  needsReview?: number | undefined;
  unknownSends?: ReadonlyArray<Pick<Schemas['UnknownSend'], 'send_id' | 'since'>> | undefined;
  outreach?: Pick<Schemas['OutreachStatus'], 'channels' | 'waiting'> | undefined;
  refused?: ReadonlyArray<{ source: string; rows: number; last_seen_at: string }> | undefined;
  packets?: ReadonlyArray<{ status: string; severity: string; expires_at: string }> | undefined;
  budgets?: ReadonlyArray<{ resource: string; period: string; limit: number; spent: number }> | undefined;
  sources?: ReadonlyArray<Pick<Schemas['Source'], 'name' | 'health' | 'last_run'>> | undefined;
  webhooks?:
    | ReadonlyArray<Pick<Schemas['Webhook'], 'url' | 'status' | 'disabled_reason' | 'failing_since'>>
    | undefined;
  schedules?: ReadonlyArray<Pick<Schemas['Schedule'], 'dag_id' | 'state' | 'note' | 'last_status'>> | undefined;
  imports?: ReadonlyArray<Pick<Schemas['Import'], 'id' | 'file_name' | 'status' | 'problem'>> | undefined;
}

const WEEK_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;
/** From this share of a budget on, it is told before it is used up. */
const BUDGET_WARNING = 0.8;
const RANK = { bad: 0, warn: 1, info: 2 } as const;

/** Everything that needs a person, the worst first. Refused rows and packets count for a week, then they are history. */
export function attentionItems(facts: AttentionFacts, now: number): AttentionItem[] {
  const items = [
    ...ofProperties(facts),
    ...ofOutreach(facts, now),
    ...ofRefused(facts, now),
    ...ofPackets(facts, now),
    ...ofBudgets(facts),
    ...ofMachinery(facts),
  ];
  return items.sort((a, b) => RANK[a.tone] - RANK[b.tone]);
}

function ofProperties({ failedProperties = 0, needsReview = 0, imports = [] }: AttentionFacts): AttentionItem[] {
  const failedImports = imports.filter(({ status, problem }) => status === 'failed' || problem !== null);
  return [
    ...itemIf(failedProperties > 0, {
      key: 'failed',
      tone: 'bad',
      count: failedProperties,
      text: plural(failedProperties, 'property stopped', 'properties stopped'),
      detail: 'A step could not be done. Resuming goes on at that step.',
      to: '/operations/failures',
      action: 'Resume',
    }),
    ...failedImports.map((one) => ({
      key: `import ${one.id}`,
      tone: 'warn' as const,
      count: null,
      text: `${one.file_name} was not read`,
      detail: one.problem,
      to: `/upload/${one.id}`,
      action: 'Mend',
    })),
    ...itemIf(needsReview > 0, {
      key: 'review',
      tone: 'info',
      count: needsReview,
      text: plural(needsReview, 'property has facts', 'properties have facts').concat(' that contradict'),
      detail: 'Look at where they come from before relying on the score.',
      to: '/operations/failures',
      search: { part: 'review' },
      action: 'Review',
    }),
  ];
}

function ofOutreach({ unknownSends = [], outreach }: AttentionFacts, now: number): AttentionItem[] {
  const paused = (outreach?.channels ?? []).filter((one) => one.paused);
  const waiting = outreach?.waiting ?? [];
  const oldest = unknownSends.map(({ since }) => since).find((since) => since !== null);
  return [
    ...itemIf(unknownSends.length > 0, {
      key: 'unknown',
      tone: 'bad',
      count: unknownSends.length,
      text: plural(unknownSends.length, 'message may or may not have left', 'messages may or may not have left'),
      detail: oldest
        ? `The oldest ${formatAgo(oldest, now)}. None is sent again until somebody says what became of it.`
        : null,
      to: '/campaigns/unknowns',
      action: 'Settle',
    }),
    ...paused.map((one) => ({
      key: `paused ${one.channel}`,
      tone: 'warn' as const,
      count: null,
      text: `Sending by ${CHANNELS[one.channel] ?? one.channel} is paused`,
      detail: one.reason === null ? null : sentence(one.reason),
      to: '/campaigns',
      action: 'Look and resume',
    })),
    ...waiting
      .filter(({ sends }) => sends > 0)
      .map((one) => ({
        key: `held ${one.channel} ${one.reason}`,
        tone: 'warn' as const,
        count: one.sends,
        text: `${plural(one.sends, 'message waits', 'messages wait')} (${CHANNELS[one.channel] ?? one.channel})`,
        detail: one.reason === null ? 'No reason was recorded.' : sentence(humanise(one.reason)),
        to: '/campaigns',
        action: 'See why',
      })),
  ];
}

const CHANNELS: Readonly<Record<string, string>> = { email: 'e-mail', sms: 'text message', mail: 'letter' };

function ofRefused({ refused = [] }: AttentionFacts, now: number): AttentionItem[] {
  const recent = refused.filter((one) => now - Date.parse(one.last_seen_at) < WEEK_MS);
  const rows = recent.reduce((sum, one) => sum + one.rows, 0);
  const sources = [...new Set(recent.map(({ source }) => source))];
  return itemIf(rows > 0, {
    key: 'refused',
    tone: 'warn',
    count: rows,
    text: plural(rows, 'row was refused', 'rows were refused').concat(' this week'),
    detail: `From ${sources.slice(0, 3).join(', ')}${sources.length > 3 ? ` and ${sources.length - 3} more` : ''}.`,
    to: '/operations/failures',
    search: { part: 'rows' },
    action: 'See reasons',
  });
}

function ofPackets({ packets = [] }: AttentionFacts, now: number): AttentionItem[] {
  const open = packets.filter(({ status }) => status === 'open');
  const soon = open.filter(({ expires_at: at }) => Date.parse(at) - now < DAY_MS);
  const grave = open.filter(({ severity }) => severity === 'CRITICAL' || severity === 'HIGH');
  const expired = packets.filter((one) => one.status === 'expired' && now - Date.parse(one.expires_at) < WEEK_MS);
  return [
    ...itemIf(open.length > 0, {
      key: 'packets',
      tone: grave.length > 0 || soon.length > 0 ? 'warn' : 'info',
      count: open.length,
      text: plural(open.length, 'market decision is open', 'market decisions are open'),
      detail:
        [
          grave.length > 0 ? `${formatCount(grave.length)} of high severity` : '',
          soon.length > 0 ? `${formatCount(soon.length)} expire within a day` : '',
        ]
          .filter(Boolean)
          .join(', ') || null,
      to: '/market/packets',
      search: { status: 'open' },
      action: 'Decide',
    }),
    ...itemIf(expired.length > 0, {
      key: 'expired',
      tone: 'info',
      count: expired.length,
      text: plural(expired.length, 'market decision expired', 'market decisions expired').concat(' this week'),
      detail: 'Nobody decided in time.',
      to: '/market/packets',
      search: { status: 'expired' },
      action: 'Look',
    }),
  ];
}

function ofBudgets({ budgets = [] }: AttentionFacts): AttentionItem[] {
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

function ofMachinery({ sources = [], webhooks = [], schedules = [] }: AttentionFacts): AttentionItem[] {
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

function itemIf(holds: boolean, item: AttentionItem): AttentionItem[] {
  return holds ? [item] : [];
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
