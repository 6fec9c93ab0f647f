import { reserveSendCost } from '../../db/queries/outreach-ledger.ts';
import { lockSend } from '../../db/queries/outreach-locks.ts';
import { holdProperty } from '../../db/queries/outreach-property.ts';
import { holdMessage, leaveStatus, loadSend, type SendRow } from '../../db/queries/outreach-send.ts';
import { decide } from '../../db/queries/policy.ts';
import { hashAddress } from '../../db/queries/suppressions.ts';
import { nextMonth, spendQuota } from '../../db/queries/usage.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { postalLine } from '../../domain/outreach/contact.ts';
import type { OutboundMessage } from './channel.ts';
import { composeMessage } from './compose.ts';
import type { OutreachDeps } from './deps.ts';
import { type Attempt, finishAttempt, postAttempt, resultOf, type SendResult, sendingLimitMs } from './send-attempt.ts';
import { decideGate, domainOf } from './send-gate.ts';

export type { SendResult } from './send-attempt.ts';

interface SendKey {
  tenantId: string;
  sendId: string;
}

// Providers remember an idempotency key for a day.
const REPEATABLE_MS = 12 * 3_600_000;

/**
 * Sends one planned message at most once. One transaction decides (the gate, the budget) and moves the row from
 * `pending` to `sending`; then one post; then the result, written only where the row is still `sending` by this
 * attempt. A row found in `sending` is never posted again: past the limit it becomes `unknown`, settled by webhooks or
 * a person, unless the channel makes repeating harmless.
 * @throws ReosError `not_found` for an unknown send, `template`/`validation` when the message cannot be made
 */
export async function sendMessage(deps: OutreachDeps, key: SendKey): Promise<SendResult> {
  const found = await withTenant(deps.db, key.tenantId, (trx) => loadSend(trx, deps.keys, key.sendId));
  if (found === null) throw new ReosError('not_found', `There is no planned send ${key.sendId}.`);
  if (found.status === 'sending') return resumeSending(deps, key, found);
  const wait = standing(found, deps.clock());
  if (wait !== null) return wait;
  // No message is made that could never leave: the gate says why.
  const message = isHopeless(found) ? null : await composeMessage(deps, found, key.tenantId);
  const decision = await withTenant(deps.db, key.tenantId, (trx) => takeTurn(deps, trx, found, message));
  if (!('startedAt' in decision)) return decision;
  if (message === null) throw new ReosError('conflict', `The send ${key.sendId} changed while it was prepared.`);
  return postAttempt(deps, decision, message);
}

/** What ends the look at a send before anything is decided: it is not pending, or its provider's wait runs. */
function standing(send: SendRow, now: Date): SendResult | null {
  if (send.status !== 'pending') return resultOf(send.status, send.error);
  // Only a wait that an attempt was told of stands with an error; one of the gate is looked at again at any time.
  if (send.error === null || send.heldUntil === null || send.heldUntil <= now) return null;
  const retryAfterSeconds = Math.ceil((send.heldUntil.getTime() - now.getTime()) / 1000);
  return { ...resultOf('pending', send.error), retryAfterSeconds };
}

function isHopeless(send: SendRow): boolean {
  return send.addressHash === null || (send.contactKind === 'owner') !== (send.campaignKind === 'owner');
}

/** The transaction that decides. Returns an attempt when the row is now `sending` and this process alone may post. */
async function takeTurn(
  deps: OutreachDeps,
  trx: TenantTrx,
  found: SendRow,
  message: OutboundMessage | null,
): Promise<Attempt | SendResult> {
  const { sendId, campaignId } = found;
  await lockSend(trx, { sendId, campaignId, addressHash: found.addressHash ?? '' });
  // Read again, the time too, which may have passed waiting: only what is read under the locks counts.
  const now = deps.clock();
  const send = await loadSend(trx, deps.keys, sendId);
  if (send === null) throw new ReosError('not_found', `There is no planned send ${sendId}.`);
  const wait = standing(send, now);
  if (wait !== null) return wait;
  const verdict = await decideGate(deps, trx, send, now);
  if (verdict.verdict === 'refuse') {
    await leaveStatus(trx, sendId, 'pending', 'error', { error: `Not sent: ${verdict.reason}` }, now);
    return resultOf('error', verdict.reason);
  }
  if (verdict.verdict === 'hold') return hold(trx, send, verdict.reason, verdict.until, now);
  if (message === null || send.addressHash !== found.addressHash || recipientHash(deps, message) !== send.addressHash) {
    throw new ReosError(
      'transient',
      `The contact of the send ${sendId} changed while the message was made. It is made again.`,
    );
  }
  const channel = deps.channels[send.channel];
  const costMicros = channel.costMicros(message);
  const policy = await decide(trx, {
    actor: { kind: 'system', name: 'outreach' },
    action: 'outreach:send',
    resource: channel.name,
    costMicros,
  });
  if (!policy.allow) return hold(trx, send, policy.reason, nextPeriod(policy.budget?.period, now), now);
  const refusal = await quotaRefusal(trx, now);
  if (refusal !== null) return hold(trx, send, refusal, nextMonth(now), now);
  await reserveSendCost(trx, { sendId, propertyId: send.propertyId, resource: channel.name, costMicros, at: now });
  const change = { sendingAt: now, provider: channel.name, costMicros, error: null };
  const recipient = { addressHash: send.addressHash, recipientDomain: domainOf(send) };
  const isTaken = await leaveStatus(trx, sendId, 'pending', 'sending', { ...change, ...recipient }, now);
  // Unreachable while the locks hold; a second post must not depend on them alone.
  if (!isTaken) throw new ReosError('transient', `The send ${sendId} was taken by another attempt.`);
  return { tenantId: trx.tenantId, send, startedAt: now };
}

/** Counts the message against the plan; why not, when the month's messages are used up. */
async function quotaRefusal(trx: TenantTrx, now: Date): Promise<string | null> {
  try {
    await spendQuota(trx, 'sends', 1, now);
    return null;
  } catch (error) {
    if (error instanceof ReosError && error.code === 'quota_exceeded') return error.message;
    throw error;
  }
}

/** The hash of the address that a made message goes to, to compare with the contact's as it is now. */
function recipientHash(deps: Pick<OutreachDeps, 'keys'>, message: OutboundMessage): string {
  const address =
    message.kind === 'email' ? message.to.email : message.kind === 'sms' ? message.to : postalLine(message.to.address);
  return hashAddress(deps.keys.hashKey, message.kind, address);
}

async function hold(trx: TenantTrx, send: SendRow, reason: string, until: Date | null, now: Date): Promise<SendResult> {
  await holdMessage(trx, send.sendId, reason, until, now);
  await holdProperty(trx, send.propertyId, { reason, until });
  return { status: 'pending', reason, heldUntil: until, isHeld: true };
}

/** A row that some attempt left in `sending`: waits for it, gives it up as unknown, or repeats a harmless one. */
async function resumeSending(deps: OutreachDeps, key: SendKey, send: SendRow): Promise<SendResult> {
  const now = deps.clock();
  const startedAt = send.sendingAt;
  const ageMs = now.getTime() - (startedAt?.getTime() ?? 0);
  if (ageMs < sendingLimitMs(deps)) {
    return waitForAttempt('Another attempt is sending this message.', sendingLimitMs(deps) - ageMs);
  }
  const channel = deps.channels[send.channel];
  if (channel.isIdempotent && (!channel.isLive || ageMs < REPEATABLE_MS)) return repeat(deps, key, send, startedAt);
  const reason = 'The attempt was interrupted: the message may or may not have left. Webhooks or a person settle it.';
  return finishAttempt(deps, { tenantId: key.tenantId, send, startedAt }, { outcome: 'unknown', reason });
}

/**
 * Posts an interrupted message of an idempotent channel again, where the gate still lets it. One that may no longer be
 * sent ends as unknown, since the first attempt may have been enough; one that is held stays as it is meanwhile.
 */
async function repeat(deps: OutreachDeps, key: SendKey, found: SendRow, startedAt: Date | null): Promise<SendResult> {
  const message = await composeMessage(deps, found, key.tenantId);
  const decision = await withTenant(deps.db, key.tenantId, async (trx): Promise<Attempt | SendResult | string> => {
    await lockSend(trx, { ...found, addressHash: found.addressHash ?? '' });
    const now = deps.clock();
    const send = await loadSend(trx, deps.keys, key.sendId);
    if (send === null || send.status !== 'sending') return resultOf(send?.status ?? 'unknown', send?.error ?? null);
    const verdict = await decideGate(deps, trx, send, now);
    if (verdict.verdict === 'hold')
      return waitForAttempt(verdict.reason, (verdict.until?.getTime() ?? Infinity) - now.getTime());
    if (verdict.verdict === 'refuse') return verdict.reason;
    if (recipientHash(deps, message) !== send.addressHash) return 'The contact has another address now.';
    const isTaken = await leaveStatus(trx, key.sendId, { sendingAt: startedAt }, 'sending', { sendingAt: now }, now);
    if (!isTaken) return waitForAttempt('Another attempt is sending this message.', sendingLimitMs(deps));
    return { tenantId: key.tenantId, send, startedAt: now };
  });
  if (typeof decision === 'string') {
    const reason = `The attempt was interrupted: the message may or may not have left. It is not repeated: ${decision}`;
    return finishAttempt(deps, { tenantId: key.tenantId, send: found, startedAt }, { outcome: 'unknown', reason });
  }
  return 'startedAt' in decision ? postAttempt(deps, decision, message) : decision;
}

/** Nothing to do for now with a row that stays `sending`: another look after so long, within a second and a minute. */
function waitForAttempt(reason: string, remainingMs: number): SendResult {
  return {
    ...resultOf('sending', reason),
    retryAfterSeconds: Math.min(60, Math.max(1, Math.ceil(remainingMs / 1000))),
  };
}

/** When the budget's next period starts (UTC); null when no budget is set at all. */
function nextPeriod(period: 'day' | 'month' | undefined, now: Date): Date | null {
  if (period === undefined) return null;
  return period === 'day'
    ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
    : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}
