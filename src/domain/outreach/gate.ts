import { IANAZone } from 'luxon';
import type { ChannelKind, ContactKind } from './contact.ts';
import { type AllowedHours, nextAllowedHour } from './quiet-hours.ts';
import { nextAllowedTime, type SendWindow } from './send-window.ts';
import { type Throttle, throttleHold } from './throttle.ts';

/** Everything the gate looks at, read in the transaction that decides. Counts exclude this send itself. */
export interface GateInput {
  now: Date;
  channel: ChannelKind;
  /** True when the message carries our valuation and margin: it never goes to the seller's side. */
  isMemo: boolean;
  contact: {
    kind: ContactKind;
    isActive: boolean;
    /** Whether the channel's address (email, phone, postal address) is there. */
    hasAddress: boolean;
    timeZone: string;
    /** A recorded consent for the channel; only SMS needs one. */
    hasConsent: boolean;
  };
  /** Why the address is suppressed, by the tenant or globally; null when it is not. */
  suppression: string | null;
  /** Hours in which the channel may be used in the recipient's state; null when it has none. */
  quietHours: AllowedHours | null;
  /** How the recipient or the property has brought the sequence to its end, such as `the recipient replied`; null when not. */
  sequenceEnded: string | null;
  /** When this step is due: the step before it, plus its wait. Null for a first step; `never` while the one before is not out. */
  dueAt: Date | null | 'never';
  /** Why the tenant's sending is paused, by its bounce or complaint rate or by a person; null when it is not. */
  tenantPause: string | null;
  /** True for a real recipient outside production who is not on the allow-list. */
  isOutsideAllowList: boolean;
  campaign: {
    kind: 'investor' | 'owner';
    status: 'draft' | 'active' | 'paused' | 'ended';
    needsApproval: boolean;
    window: SendWindow | null;
    throttle: Throttle | null;
    /** Sends per recipient in any seven days. */
    weeklyCapPerRecipient: number;
    /** Sends of the campaign in any 24 hours: one daily run. */
    maxPerRun: number;
    /** Days during which one property is not offered to one recipient by a second campaign. */
    dedupeDays: number;
  };
  property: { isPaused: boolean; isSuppressed: boolean };
  isApproved: boolean;
  /** False when the operator has stopped all sending. */
  isSendingEnabled: boolean;
  /** When this recipient was written to in the last seven days, any order. */
  sentToRecipientAt: readonly Date[];
  /** When this campaign sent in the last 24 hours, any order. */
  sentByCampaignAt: readonly Date[];
  /** When the tenant sent by this channel in the last 24 hours, to whom by mail domain, any order. */
  sentByTenant: readonly { at: Date; domain: string | null }[];
  /** The recipient's mail domain; null for other channels. */
  recipientDomain: string | null;
  /** When the tenant's first message ever left; null before. */
  firstSentAt: Date | null;
  /** When another campaign last wrote to this recipient about this property; null when never. */
  sameOfferAt: Date | null;
}

/** `hold`: not now; `until` is the earliest moment worth another look, null when a person has to act first. */
export type GateDecision =
  | { verdict: 'allow' }
  | { verdict: 'hold'; reason: string; until: Date | null }
  | { verdict: 'refuse'; reason: string };

const DAY_MS = 86_400_000;

/**
 * The one decision on whether a message may leave now, for every channel: what can never be right is refused first,
 * then what a person must release, then what only time releases. Spec R0, R2, R5.
 */
export function decideSend(input: GateInput): GateDecision {
  return refusal(input) ?? personHold(input) ?? timeHold(input) ?? { verdict: 'allow' };
}

function refusal(input: GateInput): GateDecision | null {
  const { contact, campaign, channel } = input;
  if (input.isMemo && (contact.kind === 'owner' || campaign.kind === 'owner')) {
    return refuse('A memo carries our valuation and margin and never goes to an owner.');
  }
  if ((contact.kind === 'owner') !== (campaign.kind === 'owner')) {
    return refuse(`A campaign for ${campaign.kind}s does not write to a contact of kind ${contact.kind}.`);
  }
  if (!contact.isActive) return refuse('The contact is archived.');
  if (!contact.hasAddress) return refuse(`The contact has no address for ${channel}.`);
  if (input.suppression !== null) return refuse(`The address is suppressed (${input.suppression}).`);
  if (channel === 'sms' && !contact.hasConsent) return refuse('No consent to text messages is on record.');
  if (input.property.isSuppressed) return refuse('The property is suppressed.');
  if (campaign.status === 'ended') return refuse('The campaign has ended.');
  if (input.sequenceEnded !== null) return refuse(`The sequence ended: ${input.sequenceEnded}.`);
  return null;
}

function personHold(input: GateInput): GateDecision | null {
  const { campaign } = input;
  if (!input.isSendingEnabled) return hold('Sending is switched off by the operator.', null);
  if (input.tenantPause !== null) return hold(`All sending is paused: ${input.tenantPause}.`, null);
  if (input.isOutsideAllowList) {
    return hold('Outside production only addresses on OUTREACH_ALLOW_LIST are written to, and this one is not.', null);
  }
  if (input.property.isPaused) return hold('The property is paused.', null);
  if (campaign.status !== 'active') return hold(`The campaign is ${campaign.status}.`, null);
  if (campaign.needsApproval && !input.isApproved) return hold('The campaign waits for approval by a person.', null);
  return null;
}

function timeHold(input: GateInput): GateDecision | null {
  const { campaign, contact, now } = input;
  const hasHours = campaign.window !== null || input.quietHours !== null;
  if (hasHours && !IANAZone.isValidZone(contact.timeZone)) {
    return hold(`The contact's time zone '${contact.timeZone}' is none of the IANA database. Correct it.`, null);
  }
  if (input.dueAt === 'never') return hold('The step before it has not been sent.', null);
  if (input.dueAt !== null && input.dueAt > now) return hold('The follow-up is not due yet.', input.dueAt);
  const sameOffer = input.sameOfferAt === null ? null : after(input.sameOfferAt, campaign.dedupeDays);
  if (sameOffer !== null && sameOffer > now) {
    return hold(`The recipient was offered this property in the last ${campaign.dedupeDays} days.`, sameOffer);
  }
  const week = capReleases(input.sentToRecipientAt, campaign.weeklyCapPerRecipient, 7, now);
  if (week.isFull) {
    return hold(`The recipient has had ${campaign.weeklyCapPerRecipient} messages in seven days, the cap.`, week.until);
  }
  const day = capReleases(input.sentByCampaignAt, campaign.maxPerRun, 1, now);
  if (day.isFull) return hold(`The campaign has sent ${campaign.maxPerRun} messages in a day, the cap.`, day.until);
  const throttled = campaign.throttle === null ? null : throttleHold(campaign.throttle, input);
  if (throttled !== null) return hold(throttled.reason, throttled.until);
  return windowHold(input);
}

/** The send window and the quiet hours together: the first moment at which both are open. */
function windowHold({ campaign, quietHours, contact, now }: GateInput): GateDecision | null {
  let at = now;
  // Each step moves to the next opening of one of the two; two that never meet are found out after as many openings.
  for (let step = 0; step < 30; step += 1) {
    const inWindow = nextAllowedTime(campaign.window, contact.timeZone, at);
    const next = nextAllowedHour(quietHours, contact.timeZone, inWindow);
    if (next === null) return hold("The hours allowed in the recipient's state never open.", null);
    if (next.getTime() === at.getTime()) return at > now ? hold(windowReason(quietHours, contact, now), at) : null;
    at = next;
  }
  return hold("The campaign's send window never meets the hours allowed in the recipient's state.", null);
}

function windowReason(quietHours: AllowedHours | null, { timeZone }: GateInput['contact'], now: Date): string {
  const isQuiet = nextAllowedHour(quietHours, timeZone, now)?.getTime() !== now.getTime();
  return isQuiet
    ? "It is outside the hours in which the recipient's state allows messages."
    : "It is outside the send window in the recipient's time zone.";
}

/** Whether `cap` sends lie inside the last `days`, and when enough of them have aged out (null: never, a cap of 0). */
function capReleases(
  sentAt: readonly Date[],
  cap: number,
  days: number,
  now: Date,
): { isFull: boolean; until: Date | null } {
  const inside = sentAt.filter((at) => after(at, days) > now).sort((a, b) => a.getTime() - b.getTime());
  if (inside.length < cap) return { isFull: false, until: null };
  const released = cap === 0 ? undefined : inside[inside.length - cap];
  return { isFull: true, until: released === undefined ? null : after(released, days) };
}

function after(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY_MS);
}

function hold(reason: string, until: Date | null): GateDecision {
  return { verdict: 'hold', reason, until };
}

function refuse(reason: string): GateDecision {
  return { verdict: 'refuse', reason };
}
