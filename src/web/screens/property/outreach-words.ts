import { formatAgo, formatMoment, humanise } from '../../lib/format.ts';
import type { Tone } from '../../ui/badge.tsx';

interface MessageLike {
  status: string;
  held_reason: string | null;
  held_until: string | null;
  sent_at: string | null;
  delivered_at: string | null;
  error: string | null;
}

/** Statuses of messages that have not left. */
const WAITING = new Set(['pending', 'sending']);
const TONES: Record<string, Tone> = {
  sent: 'info',
  delivered: 'info',
  opened: 'good',
  clicked: 'good',
  bounced: 'bad',
  error: 'bad',
  unknown: 'warn',
  unsubscribed: 'warn',
  spam: 'bad',
};

/** How a message's status looks. */
export function messageTone(status: string): Tone {
  return TONES[status] ?? 'neutral';
}

/** Where a message stands, in one sentence. */
export function messageWords(message: MessageLike, now: number): string {
  const { held_reason: reason, held_until: until, sent_at: sent, delivered_at: delivered, error } = message;
  if (reason !== null && sent === null) {
    return `Held: ${humanise(reason).toLowerCase()}${until === null ? '' : `, until ${formatMoment(until)}`}.`;
  }
  if (error !== null) return error;
  if (message.status === 'unknown') return 'It is not known whether it left; settle it under Campaigns.';
  if (sent === null) return 'Planned, not sent yet.';
  return `Sent ${formatAgo(sent, now)}${delivered === null ? '' : `, delivered ${formatAgo(delivered, now)}`}.`;
}

/** What happens next with outreach about a property. */
export function nextStep(
  property: { status: string; is_paused: boolean; bird_dog_score: number | null },
  messages: readonly MessageLike[],
): string {
  if (property.is_paused) return 'Nothing leaves while the property is paused.';
  if (property.status === 'suppressed') return 'Nothing leaves any more: the property is suppressed.';
  if (property.status === 'closed') return 'Nothing leaves any more: the property is closed.';
  if (property.status === 'engaged') return 'Somebody answered: it is your turn. No further message leaves by itself.';
  const waiting = messages.filter(({ status, sent_at: sent }) => sent === null && WAITING.has(status));
  const dates = waiting.flatMap(({ held_until: until }) => (until === null ? [] : [until])).sort();
  if (dates[0] !== undefined) {
    return `${waiting.length} ${waiting.length === 1 ? 'message waits' : 'messages wait'}; the next may leave ${formatMoment(dates[0])}.`;
  }
  if (waiting.length > 0) {
    return `${waiting.length} ${waiting.length === 1 ? 'message waits' : 'messages wait'} for approval or for the next run of its campaign.`;
  }
  if (messages.length > 0) return 'Waiting for an answer; the next step of a sequence is planned by its campaign.';
  if (property.bird_dog_score === null) return 'It is not scored yet, so no campaign considers it.';
  return 'No campaign has planned a message about it yet.';
}
