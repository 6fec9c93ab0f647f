import { EVENT_SUBJECTS, type EventType } from '../../../domain/events.ts';
import { formatAgo } from '../../lib/format.ts';

/** The events that a webhook can be sent, with what each one tells. */
export const WEBHOOK_EVENTS: ReadonlyArray<{ type: EventType; text: string }> = (
  Object.keys(EVENT_SUBJECTS) as EventType[]
).map((type) => ({ type, text: textOf(type) }));

function textOf(type: EventType): string {
  const texts: Record<EventType, string> = {
    'property.discovered': 'A property was found',
    'property.enriched': 'Facts of it were brought together',
    'property.scored': 'It was scored',
    'memo.generated': 'A memo was written',
    'outreach.sent': 'A message was sent',
    'timeline.updated': 'Anything else: comments, replies, orders',
  };
  return texts[type];
}

/** The events of a webhook in words; none stands for all. */
export function eventWords(types: readonly string[]): string {
  return types.length === 0 ? 'Every event' : types.join(', ');
}

/** How a webhook does, for its list. */
export function webhookHealth(
  webhook: {
    status: string;
    disabled_reason: string | null;
    failing_since: string | null;
    last_success_at: string | null;
    last_failure_at: string | null;
  },
  now: number = Date.now(),
): { text: string; tone: 'good' | 'bad' | 'warn' | 'neutral'; detail: string | null } {
  if (webhook.status === 'disabled') return { text: 'Disabled', tone: 'warn', detail: webhook.disabled_reason };
  if (webhook.failing_since !== null) {
    return { text: 'Failing', tone: 'bad', detail: `Since ${formatAgo(webhook.failing_since, now)}` };
  }
  if (webhook.last_success_at === null) return { text: 'Nothing sent yet', tone: 'neutral', detail: null };
  return { text: 'Works', tone: 'good', detail: null };
}
