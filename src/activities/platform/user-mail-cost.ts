import { reserveMailCost } from '../../db/queries/mail-ledger.ts';
import { decide } from '../../db/queries/policy.ts';
import type { UserMail } from '../../db/queries/user-mails.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import type { Channel, OutboundEmail, SendOutcome } from '../outreach/channel.ts';

const HOUR_MS = 3_600_000;
/** Where no budget's period ends: a budget may be set at any time. */
const LOOK_AGAIN_MS = 6 * HOUR_MS;
/** After so long without the money for it, a mail tells of nothing that is news. */
const GIVEN_UP_MS = 7 * 24 * HOUR_MS;

/** What came of a mail: of the attempt, or why there was none. `held`: its price is in no budget before `until`. */
export type MailOutcome =
  | SendOutcome
  | { outcome: 'dropped'; reason: string }
  | { outcome: 'held'; reason: string; until: Date };

/**
 * Asks the budgets for the price of the mail and reserves it; null when it may leave. A mail that lets somebody in
 * (invitation, new password) is paid for without asking: nobody who could raise the budget might get in otherwise.
 */
export async function payForMail(
  trx: TenantTrx,
  channel: Pick<Channel, 'name' | 'costMicros'>,
  message: OutboundEmail,
  mail: Pick<UserMail, 'id' | 'createdAt' | 'sealedLink'>,
  now: Date,
): Promise<MailOutcome | null> {
  const costMicros = channel.costMicros(message);
  const decision = await decide(trx, {
    actor: { kind: 'system', name: 'user-mails' },
    action: 'mails:send',
    resource: channel.name,
    costMicros,
  });
  if (!decision.allow && mail.sealedLink === null) {
    if (now.getTime() - mail.createdAt.getTime() >= GIVEN_UP_MS)
      return { outcome: 'rejected', reason: decision.reason };
    const until = nextPeriod(decision.budget?.period, now) ?? new Date(now.getTime() + LOOK_AGAIN_MS);
    return { outcome: 'held', reason: decision.reason, until };
  }
  await reserveMailCost(trx, { mailId: mail.id, resource: channel.name, costMicros, at: now });
  return null;
}

/** How the ledger's row of the attempt ends. */
export function costOutcome(outcome: MailOutcome['outcome']): 'ok' | 'error' | 'unknown' {
  if (outcome === 'sent') return 'ok';
  return outcome === 'unknown' ? 'unknown' : 'error';
}

function nextPeriod(period: 'day' | 'month' | undefined, now: Date): Date | null {
  if (period === undefined) return null;
  return period === 'day'
    ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
    : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}
