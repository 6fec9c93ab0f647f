import type { MessageStatus } from './merge-status.ts';

/** Why an address gets no more messages. */
export type SuppressionReason = 'unsubscribed' | 'bounced' | 'spam' | 'manual' | 'do_not_call' | 'erased';

/**
 * How a message came back. `hard`: the address is bad. `soft`: it may work later. `block`: this message or its sender
 * was turned away, which is not the address's fault.
 */
export type BounceClass = 'hard' | 'soft' | 'block';

/** What one provider event means for the send and for the address. */
export interface EventMeaning {
  /** Evidence for the send's status; null when the event says nothing about it. */
  status: MessageStatus | null;
  /** Set when no further message may go to the address. */
  suppress: SuppressionReason | null;
  /** What it adds one to; opens by machines are counted apart. */
  counts: 'open' | 'machine_open' | 'click' | null;
  /** Set for bounces and deferrals. */
  bounce?: BounceClass;
}

/** The part of a SendGrid event that decides its meaning. */
export interface SendGridEventFacts {
  event: string;
  /** Bounces: `bounce` (the address is bad), `blocked` (this message was turned away) or `expired` (given up). */
  type?: string | undefined;
  /** Enhanced status code of the receiving server, such as `5.1.1`. */
  status?: string | undefined;
  reason?: string | undefined;
  /** True when a mail program's proxy fetched the pictures, not a person. */
  isMachineOpen?: boolean | undefined;
}

const NOTHING: EventMeaning = { status: null, suppress: null, counts: null };

/**
 * The meaning of a SendGrid event (event names and reasons as in SendGrid's Event Webhook reference). A machine open
 * proves delivery and nothing about a person, so it is counted apart and no `opened`. A block is not the address's fault
 * and suppresses nothing; neither does a deferral or a bounce that may pass, until they add up (`softBounceEnd`).
 * Subscribing to a group again lifts nothing. Unknown event names mean nothing and are only recorded.
 */
export function meaningOf(facts: SendGridEventFacts): EventMeaning {
  switch (facts.event) {
    case 'processed':
      return { ...NOTHING, status: 'sent' };
    case 'delivered':
      return { ...NOTHING, status: 'delivered' };
    case 'open':
      return facts.isMachineOpen
        ? { ...NOTHING, status: 'delivered', counts: 'machine_open' }
        : { ...NOTHING, status: 'opened', counts: 'open' };
    case 'click':
      return { ...NOTHING, status: 'clicked', counts: 'click' };
    case 'deferred':
      return { ...NOTHING, bounce: 'soft' };
    case 'bounce':
      return bounced(bounceClass(facts));
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

/** A message that came back for good; a bad address is suppressed. */
export function bounced(bounce: BounceClass): EventMeaning {
  return { status: 'bounced', suppress: bounce === 'hard' ? 'bounced' : null, counts: null, bounce };
}

function bounceClass({ type, status }: SendGridEventFacts): BounceClass {
  if (type === 'expired') return 'soft';
  // SendGrid gives up deferred messages as blocked, with the temporary status code they were deferred with.
  if (type === 'blocked') return status?.startsWith('4') ? 'soft' : 'block';
  return 'hard';
}

function dropReason(reason: string): SuppressionReason | null {
  if (/^(bounced address|invalid)$/i.test(reason.trim())) return 'bounced';
  if (/unsubscribed address/i.test(reason)) return 'unsubscribed';
  if (/spam reporting address/i.test(reason)) return 'spam';
  return null;
}
