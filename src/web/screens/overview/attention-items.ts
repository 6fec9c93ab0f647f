import { formatAgo, humanise } from '../../lib/format.ts';
import type { AttentionFacts, AttentionItem } from './attention-kinds.ts';
import { ofBudgets, ofMachinery } from './attention-machinery.ts';
import { ofPackets } from './attention-packets.ts';
import { itemIf, plural } from './attention-words.ts';

const WEEK_MS = 7 * 86_400_000;
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

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
