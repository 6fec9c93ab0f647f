import { loadGateFacts } from '../../db/queries/outreach-gate.ts';
import type { SendRow } from '../../db/queries/outreach-send.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { decideSend, type GateDecision } from '../../domain/outreach/gate.ts';
import { allowedHours } from '../../domain/outreach/quiet-hours.ts';
import { sendWindowSchema } from '../../domain/outreach/send-window.ts';
import { throttleSchema } from '../../domain/outreach/throttle.ts';
import type { OutreachDeps } from './deps.ts';

/** Puts the gate's question together from what the database says under the send's locks, and asks it. */
export async function decideGate(deps: OutreachDeps, trx: TenantTrx, send: SendRow, now: Date): Promise<GateDecision> {
  const window = sendWindowSchema.nullable().safeParse(send.sendWindow);
  const throttle = throttleSchema.nullable().safeParse(send.throttle);
  const wrong = window.error ?? throttle.error;
  if (!window.success || !throttle.success) {
    const field = window.success ? 'throttle' : 'send window';
    const reason = `The campaign's ${field} is wrong: ${wrong?.issues[0]?.message}. Correct it.`;
    return { verdict: 'hold', reason, until: null };
  }
  const { hasConsent, ...facts } = await loadGateFacts(trx, send, now);
  return decideSend({
    ...facts,
    now,
    channel: send.channel,
    isMemo: send.memoPath !== null,
    contact: {
      kind: send.contactKind,
      isActive: send.contactStatus === 'active',
      hasAddress: send.addressHash !== null,
      timeZone: send.contactTimeZone,
      hasConsent,
    },
    quietHours: allowedHours(deps.quietHours, send.channel, send.contactState),
    isOutsideAllowList: isOutsideAllowList(deps, send),
    recipientDomain: domainOf(send),
    campaign: {
      kind: send.campaignKind,
      status: send.campaignStatus as 'draft' | 'active' | 'paused' | 'ended',
      needsApproval: send.needsApproval,
      window: window.data,
      throttle: throttle.data,
      weeklyCapPerRecipient: send.weeklyCapPerRecipient,
      maxPerRun: send.maxPerRun,
      dedupeDays: send.dedupeDays,
    },
    property: { isPaused: send.propertyIsPaused, isSuppressed: send.propertyStatus === 'suppressed' },
    isApproved: send.isApproved || send.campaignApprovedAt !== null,
    isSendingEnabled: deps.isSendingEnabled?.() ?? true,
  });
}

/** The mail domain that a send goes to; null for other channels. */
export function domainOf(send: SendRow): string | null {
  return send.channel === 'email' ? (send.contact.email?.split('@').at(-1)?.toLowerCase() ?? null) : null;
}

/** True when a live channel would write to somebody whom the operator has not named, outside production. */
function isOutsideAllowList(deps: OutreachDeps, send: SendRow): boolean {
  if (deps.isProduction || !deps.channels[send.channel].isLive) return false;
  const { email, phone, postalAddress } = send.contact;
  const names = [email, email === null ? null : `@${domainOf(send)}`, phone, postalAddress?.zipCode ?? null];
  return !names.some((name) => name !== null && deps.allowList.includes(name.toLowerCase()));
}
