import type { MessageStatus } from './merge-status.ts';

/** Why an address gets no more messages. */
export type SuppressionReason = 'unsubscribed' | 'bounced' | 'spam' | 'manual' | 'do_not_call' | 'erased';

/** What one provider event means for the send and for the address. */
export interface EventMeaning {
  /** Evidence for the send's status; null when the event says nothing about it. */
  status: MessageStatus | null;
  /** Set when no further message may go to the address. */
  suppress: SuppressionReason | null;
  counts: 'open' | 'click' | null;
}

/** The part of a SendGrid event that decides its meaning. */
export interface SendGridEventFacts {
  event: string;
  /** Bounces: `bounce` (the address is bad) or `blocked` (this message was turned away). */
  type?: string | undefined;
  reason?: string | undefined;
  /** True when a mail program's proxy fetched the pictures, not a person. */
  isMachineOpen?: boolean | undefined;
}

const NOTHING: EventMeaning = { status: null, suppress: null, counts: null };

/**
 * The meaning of a SendGrid event (event names and reasons as in SendGrid's Event Webhook reference). A machine open
 * proves delivery and nothing about a person, so it is neither counted nor an `opened`. A block is not the address's
 * fault and suppresses nothing. Unknown event names mean nothing and are only recorded.
 */
export function meaningOf(facts: SendGridEventFacts): EventMeaning {
  switch (facts.event) {
    case 'processed':
      return { ...NOTHING, status: 'sent' };
    case 'delivered':
      return { ...NOTHING, status: 'delivered' };
    case 'open':
      return facts.isMachineOpen
        ? { ...NOTHING, status: 'delivered' }
        : { ...NOTHING, status: 'opened', counts: 'open' };
    case 'click':
      return { ...NOTHING, status: 'clicked', counts: 'click' };
    case 'bounce':
      return { ...NOTHING, status: 'bounced', suppress: facts.type === 'blocked' ? null : 'bounced' };
    case 'dropped':
      return { ...NOTHING, status: 'error', suppress: dropReason(facts.reason ?? '') };
    case 'spamreport':
      return { ...NOTHING, status: 'spam', suppress: 'spam' };
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { ...NOTHING, status: 'unsubscribed', suppress: 'unsubscribed' };
    default:
      return NOTHING;
  }
}

function dropReason(reason: string): SuppressionReason | null {
  if (/^(bounced address|invalid)$/i.test(reason.trim())) return 'bounced';
  if (/unsubscribed address/i.test(reason)) return 'unsubscribed';
  if (/spam reporting address/i.test(reason)) return 'spam';
  return null;
}
