import { setTimeout as sleep } from 'node:timers/promises';
import { settleSendCost } from '../../db/queries/outreach-ledger.ts';
import { holdProperty } from '../../db/queries/outreach-property.ts';
import { leaveStatus, loadSend, recordSent, type SendChange, type SendRow } from '../../db/queries/outreach-send.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { MessageStatus } from '../../domain/outreach/merge-status.ts';
import type { OutboundMessage, SendOutcome } from './channel.ts';
import { type OutreachDeps, SENDING_LIMIT_MS } from './deps.ts';

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

/** One turn of one send: this process alone has it, from the moment that the row's `sending_at` tells. */
export interface Attempt {
  tenantId: string;
  send: SendRow;
  startedAt: Date | null;
}

// A result that cannot be written is lost for good: the row would end as unknown although the answer is known.
const WRITE_PAUSES_MS = [100, 400, 1_000, 2_000];
const DEFAULT_RETRY_SECONDS = 5;

/** How long an attempt may stay in `sending`, in ms. */
export function sendingLimitMs(deps: Pick<OutreachDeps, 'sendingLimitMs'>): number {
  return deps.sendingLimitMs ?? SENDING_LIMIT_MS;
}

/**
 * Posts the message of an attempt and writes what came of it. An attempt that slept through half its time before
 * posting (its process was stopped, its machine suspended) does not begin: by the time of its answer others may have
 * given it up.
 */
export async function postAttempt(deps: OutreachDeps, attempt: Attempt, message: OutboundMessage): Promise<SendResult> {
  const channel = deps.channels[attempt.send.channel];
  const sleptMs = deps.clock().getTime() - (attempt.startedAt?.getTime() ?? 0);
  if (sleptMs > sendingLimitMs(deps) / 2 && !channel.isIdempotent) {
    const reason = `The process stood still for ${Math.round(sleptMs / 1000)} s before it posted: nothing left.`;
    return finishAttempt(deps, attempt, { outcome: 'retry', reason, retryAfterSeconds: 1 });
  }
  let outcome: SendOutcome;
  try {
    outcome = await channel.send(message);
  } catch (error) {
    // An idempotent channel is safe to try again; after any other surprise the message may have left.
    outcome = { outcome: channel.isIdempotent ? 'retry' : 'unknown', reason: messageOf(error) };
  }
  return finishAttempt(deps, attempt, outcome);
}

/**
 * Writes the outcome where the row is still `sending` by this attempt; a webhook that was faster, or whoever gave the
 * attempt up, stays. Tried again for a few seconds while the database is away.
 * @throws ReosError `transient` when it stays away
 */
export async function finishAttempt(deps: OutreachDeps, attempt: Attempt, outcome: SendOutcome): Promise<SendResult> {
  for (let n = 0; ; n += 1) {
    try {
      return await withTenant(deps.db, attempt.tenantId, (trx) => writeResult(deps, trx, attempt, outcome));
    } catch (error) {
      const pauseMs = WRITE_PAUSES_MS[n];
      if (pauseMs === undefined || !(error instanceof ReosError) || error.code !== 'transient') throw error;
      await sleep(pauseMs);
    }
  }
}

async function writeResult(
  deps: OutreachDeps,
  trx: TenantTrx,
  { send, startedAt }: Attempt,
  outcome: SendOutcome,
): Promise<SendResult> {
  const now = deps.clock();
  const to = STATUS_OF[outcome.outcome];
  const isWritten = await leaveStatus(trx, send.sendId, { sendingAt: startedAt }, to, changeOf(outcome, now), now);
  if (isWritten) await writeConsequences(deps, trx, send, outcome, now);
  const status = isWritten ? to : ((await loadSend(trx, deps.keys, send.sendId))?.status ?? 'unknown');
  if (outcome.outcome === 'sent') return resultOf(status, null);
  deps.logger.warn(
    { sendId: send.sendId, outcome: outcome.outcome, reason: outcome.reason },
    'a message was not confirmed as sent',
  );
  const retryAfterSeconds = outcome.outcome === 'retry' ? retrySeconds(outcome) : undefined;
  return { ...resultOf(status, outcome.reason), ...(status === 'pending' ? { retryAfterSeconds } : {}) };
}

const STATUS_OF = { sent: 'sent', rejected: 'error', retry: 'pending', unknown: 'unknown' } as const;

function changeOf(outcome: SendOutcome, now: Date): SendChange {
  switch (outcome.outcome) {
    case 'sent':
      return { providerMessageId: outcome.providerMessageId, error: null };
    case 'rejected':
      return { error: outcome.reason, costMicros: 0 };
    case 'retry': {
      // The wait stands on the row: it holds for every process, also when this one dies before it tells anybody.
      const heldUntil = new Date(now.getTime() + retrySeconds(outcome) * 1000);
      return { error: outcome.reason, heldReason: outcome.reason, heldUntil, sendingAt: null, costMicros: 0 };
    }
    case 'unknown':
      return { error: outcome.reason };
  }
}

async function writeConsequences(
  deps: OutreachDeps,
  trx: TenantTrx,
  send: SendRow,
  outcome: SendOutcome,
  now: Date,
): Promise<void> {
  const provider = deps.channels[send.channel].name;
  if (outcome.outcome === 'sent') await recordSent(trx, { ...send, provider }, now, 'outreach');
  const settled = outcome.outcome === 'sent' ? 'ok' : outcome.outcome === 'unknown' ? 'unknown' : 'error';
  await settleSendCost(trx, send, settled);
  if (outcome.outcome === 'unknown' || outcome.outcome === 'rejected') {
    const reason = `A message ended as ${STATUS_OF[outcome.outcome]}. See the outbox.`;
    await holdProperty(trx, send.propertyId, { reason, until: null });
  }
}

function retrySeconds(outcome: { retryAfterSeconds?: number }): number {
  return outcome.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS;
}

/** A result that nothing holds. */
export function resultOf(status: MessageStatus, reason: string | null): SendResult {
  return { status, reason, heldUntil: null, isHeld: false };
}
