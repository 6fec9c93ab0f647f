import { reserveSendCost, settleSendCost } from '../../db/queries/outreach-ledger.ts';
import { holdProperty } from '../../db/queries/outreach-property.ts';
import {
  holdMessage,
  leaveStatus,
  loadSend,
  lockSend,
  recordSent,
  type SendRow,
} from '../../db/queries/outreach-send.ts';
import { decide } from '../../db/queries/policy.ts';
import { hashAddress } from '../../db/queries/suppressions.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { postalLine } from '../../domain/outreach/contact.ts';
import type { MessageStatus } from '../../domain/outreach/merge-status.ts';
import type { OutboundMessage, SendOutcome } from './channel.ts';
import { composeMessage } from './compose.ts';
import { type OutreachDeps, SENDING_LIMIT_MS } from './deps.ts';
import { decideGate, domainOf } from './send-gate.ts';

/** Where a send stands after one look at it. `pending` with `retryAfterSeconds`: nothing left, look again. */
export interface SendResult {
  status: MessageStatus;
  /** Why it is held, refused, waiting or unknown; null when it went well. */
  reason: string | null;
  /** When it is worth another look; null when a person has to act or nothing is left to do. */
  heldUntil: Date | null;
  isHeld: boolean;
  retryAfterSeconds?: number;
}

interface SendKey {
  tenantId: string;
  sendId: string;
}

/**
 * Sends one planned message at most once. One transaction decides (the gate, the budget) and moves the row from
 * `pending` to `sending`; then one post; then the result, written only where the row is still `sending`. A row found in
 * `sending` is never posted again: past the limit it becomes `unknown`, settled by webhooks or a person, unless the
 * channel makes repeating harmless.
 * @throws ReosError `not_found` for an unknown send, `template`/`validation` when the message cannot be made
 */
export async function sendMessage(deps: OutreachDeps, key: SendKey): Promise<SendResult> {
  const found = await withTenant(deps.db, key.tenantId, (trx) => loadSend(trx, deps.keys, key.sendId));
  if (found === null) throw new ReosError('not_found', `There is no planned send ${key.sendId}.`);
  if (found.status === 'sending') return resumeSending(deps, key, found);
  if (found.status !== 'pending') return result(found.status, found.error);
  // No message is made that could never leave: the gate says why.
  const message = isHopeless(found) ? null : await composeMessage(deps, found, key.tenantId);
  const decision = await withTenant(deps.db, key.tenantId, (trx) => takeTurn(deps, trx, key, message));
  if (decision !== 'go') return decision;
  if (message === null) throw new ReosError('conflict', `The send ${key.sendId} changed while it was prepared.`);
  return post(deps, key, found, message);
}

function isHopeless(send: SendRow): boolean {
  return send.addressHash === null || (send.contactKind === 'owner') !== (send.campaignKind === 'owner');
}

/** The transaction that decides. Returns 'go' when the row is now `sending` and this process alone may post. */
async function takeTurn(
  deps: OutreachDeps,
  trx: TenantTrx,
  key: SendKey,
  message: OutboundMessage | null,
): Promise<'go' | SendResult> {
  const now = deps.clock();
  const seen = await loadSend(trx, deps.keys, key.sendId);
  await lockSend(trx, {
    sendId: key.sendId,
    campaignId: seen?.campaignId ?? key.sendId,
    addressHash: seen?.addressHash ?? '',
  });
  // Read again: only what is read under the locks counts.
  const send = await loadSend(trx, deps.keys, key.sendId);
  if (send === null) throw new ReosError('not_found', `There is no planned send ${key.sendId}.`);
  if (send.status !== 'pending') return result(send.status, send.error);
  const verdict = await decideGate(deps, trx, send, now);
  if (verdict.verdict === 'refuse') {
    await leaveStatus(trx, key.sendId, 'pending', 'error', { error: `Not sent: ${verdict.reason}` }, now);
    return result('error', verdict.reason);
  }
  if (verdict.verdict === 'hold') return hold(trx, send, verdict.reason, verdict.until, now);
  if (message === null || recipientHash(deps, message) !== send.addressHash) {
    throw new ReosError(
      'transient',
      `The contact of the send ${key.sendId} changed while the message was made. It is made again.`,
    );
  }
  const { name } = deps.channels[send.channel];
  const costMicros = deps.channels[send.channel].costMicros(message);
  const policy = await decide(trx, {
    actor: { kind: 'system', name: 'outreach' },
    action: 'outreach:send',
    resource: name,
    costMicros,
  });
  if (!policy.allow) return hold(trx, send, policy.reason, nextPeriod(policy.budget?.period, now), now);
  await reserveSendCost(trx, { ...key, propertyId: send.propertyId, resource: name, costMicros, at: now });
  const change = { sendingAt: now, provider: name, costMicros, error: null };
  const recipient = { addressHash: send.addressHash, recipientDomain: domainOf(send) };
  const taken = await leaveStatus(trx, key.sendId, 'pending', 'sending', { ...change, ...recipient }, now);
  // Unreachable while the locks hold; a second post must not depend on them alone.
  if (!taken) throw new ReosError('transient', `The send ${key.sendId} was taken by another attempt.`);
  return 'go';
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
  const limitMs = deps.sendingLimitMs ?? SENDING_LIMIT_MS;
  const remainingMs = (send.sendingAt?.getTime() ?? 0) + limitMs - now.getTime();
  if (remainingMs > 0) {
    const retryAfterSeconds = Math.max(1, Math.ceil(remainingMs / 1000));
    return { ...result('sending', 'Another attempt is sending this message.'), retryAfterSeconds };
  }
  const channel = deps.channels[send.channel];
  if (channel.isIdempotent) return post(deps, key, send, await composeMessage(deps, send, key.tenantId));
  const reason = 'The attempt was interrupted: the message may or may not have left. Webhooks or a person settle it.';
  return finish(deps, key, send, { outcome: 'unknown', reason });
}

async function post(deps: OutreachDeps, key: SendKey, send: SendRow, message: OutboundMessage): Promise<SendResult> {
  let outcome: SendOutcome;
  try {
    outcome = await deps.channels[send.channel].send(message);
  } catch (error) {
    // An idempotent channel is safe to try again; after any other surprise the message may have left.
    outcome = { outcome: deps.channels[send.channel].isIdempotent ? 'retry' : 'unknown', reason: messageOf(error) };
  }
  return finish(deps, key, send, outcome);
}

/** Writes the result where the row is still `sending`; a webhook that was faster stays. */
async function finish(deps: OutreachDeps, key: SendKey, send: SendRow, outcome: SendOutcome): Promise<SendResult> {
  const now = deps.clock();
  const provider = deps.channels[send.channel].name;
  return withTenant(deps.db, key.tenantId, async (trx) => {
    const written = await writeOutcome(trx, key.sendId, outcome, now);
    const current = written ?? (await loadSend(trx, deps.keys, key.sendId))?.status ?? 'unknown';
    if (written !== null) {
      if (outcome.outcome === 'sent') await recordSent(trx, { ...send, provider }, now, 'outreach');
      const settled = outcome.outcome === 'sent' ? 'ok' : outcome.outcome === 'unknown' ? 'unknown' : 'error';
      await settleSendCost(trx, { ...key, propertyId: send.propertyId }, settled);
      if (written === 'unknown' || written === 'error') {
        await holdProperty(trx, send.propertyId, {
          reason: `A message ended as ${written}. See the outbox.`,
          until: null,
        });
      }
    }
    if (outcome.outcome === 'sent') return result(current, null);
    const retryAfterSeconds = outcome.outcome === 'retry' ? (outcome.retryAfterSeconds ?? 5) : undefined;
    deps.logger.warn(
      { sendId: key.sendId, outcome: outcome.outcome, reason: outcome.reason },
      'a message was not confirmed as sent',
    );
    return { ...result(current, outcome.reason), ...(written === 'pending' ? { retryAfterSeconds } : {}) };
  });
}

async function writeOutcome(
  trx: TenantTrx,
  sendId: string,
  outcome: SendOutcome,
  now: Date,
): Promise<MessageStatus | null> {
  const next = { sent: 'sent', rejected: 'error', retry: 'pending', unknown: 'unknown' } as const;
  const to = next[outcome.outcome];
  const change =
    outcome.outcome === 'sent'
      ? { providerMessageId: outcome.providerMessageId, error: null }
      : {
          error: outcome.reason,
          ...(to === 'pending' ? { sendingAt: null, costMicros: 0 } : {}),
          ...(to === 'error' ? { costMicros: 0 } : {}),
        };
  return (await leaveStatus(trx, sendId, 'sending', to, change, now)) ? to : null;
}

function result(status: MessageStatus, reason: string | null): SendResult {
  return { status, reason, heldUntil: null, isHeld: false };
}

/** When the budget's next period starts (UTC); null when no budget is set at all. */
function nextPeriod(period: 'day' | 'month' | undefined, now: Date): Date | null {
  if (period === undefined) return null;
  return period === 'day'
    ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
    : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}
