import { sql } from 'kysely';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import { countFrom, limitsReached, pauseReason, type SendingCounts } from '../../domain/outreach/sending-health.ts';
import type { TenantTrx } from '../tenant.ts';
import { appendEvent } from './events.ts';

/** Whether a tenant may send by a channel, and what its messages came to since the count began. */
export interface SendingState extends SendingCounts {
  channel: ChannelKind;
  isPaused: boolean;
  /** Why it is paused; null when it is not. */
  reason: string | null;
  /** Who last paused or resumed: a person, or `outreach` for the limits. */
  changedBy: string;
  changedAt: Date;
  /** From when messages count towards the limits. */
  countedFrom: Date;
  /** When the first message ever left; null before. */
  firstSentAt: Date | null;
}

const AUTOMATIC = 'outreach';

/** The state of each channel that was ever used or paused, by channel. */
export async function readSendingStates(trx: TenantTrx, now: Date): Promise<SendingState[]> {
  const rows = await trx.db
    .selectFrom('sendingStates')
    .select(['channel', 'isPaused', 'reason', 'changedBy', 'changedAt', 'countedFrom', 'firstSentAt'])
    .where('tenantId', '=', trx.tenantId)
    .orderBy('channel')
    .execute();
  const states: SendingState[] = [];
  for (const row of rows) {
    const channel = row.channel as ChannelKind;
    states.push({ ...row, channel, ...(await countSince(trx, channel, countFrom(row.countedFrom, now))) });
  }
  return states;
}

/** Pauses a channel for the tenant. One that is paused already keeps its reason; returns false then. */
export async function pauseSending(
  trx: TenantTrx,
  pause: { channel: ChannelKind; reason: string; by: string; now: Date },
): Promise<boolean> {
  const { channel, reason, by, now } = pause;
  const paused = await trx.db
    .insertInto('sendingStates')
    .values({
      tenantId: trx.tenantId,
      channel,
      isPaused: true,
      reason,
      changedBy: by,
      changedAt: now,
      countedFrom: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'channel'])
        .doUpdateSet({ isPaused: true, reason, changedBy: by, changedAt: now })
        .where('sendingStates.isPaused', '=', false),
    )
    .returning('channel')
    .execute();
  if (paused.length === 0) return false;
  await appendPause(trx, 'sending.paused', { channel, reason, by });
  return true;
}

/**
 * Lets a channel send again, starts a new count, and makes what was held for a person due: the next run of its campaign,
 * or the daily sweep, asks the gate again. Returns false when it was not paused.
 */
export async function resumeSending(
  trx: TenantTrx,
  resumption: { channel: ChannelKind; by: string; now: Date },
): Promise<boolean> {
  const { channel, by, now } = resumption;
  const resumed = await trx.db
    .updateTable('sendingStates')
    .set({ isPaused: false, reason: null, changedBy: by, changedAt: now, countedFrom: now })
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .where('isPaused', '=', true)
    .returning('channel')
    .execute();
  if (resumed.length === 0) return false;
  await trx.db
    .updateTable('outreachMessages')
    .set({ heldReason: null, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .where('status', '=', 'pending')
    .where('heldUntil', 'is', null)
    .where('heldReason', 'is not', null)
    .execute();
  await appendPause(trx, 'sending.resumed', { channel, reason: null, by });
  return true;
}

/** A pause that the limits have just caused, with the counts that did. */
export interface AutomaticPause extends SendingCounts {
  channel: ChannelKind;
  reason: string;
}

/**
 * Holds a channel against the limits and pauses it where they are reached. Called in the transaction that recorded new
 * bounces or complaints; two such transactions of a tenant wait for each other, so that together they cannot slip below
 * a limit. Returns null when nothing changed.
 */
export async function holdAgainstLimits(
  trx: TenantTrx,
  channel: ChannelKind,
  now: Date,
): Promise<AutomaticPause | null> {
  await trx.db
    .insertInto('sendingStates')
    .values({ tenantId: trx.tenantId, channel, changedBy: AUTOMATIC, changedAt: now, countedFrom: new Date(0) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const state = await trx.db
    .selectFrom('sendingStates')
    .select(['isPaused', 'reason', 'changedBy', 'countedFrom'])
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (state.isPaused && state.changedBy !== AUTOMATIC) return null;
  const counts = await countSince(trx, channel, countFrom(state.countedFrom, now));
  const standing = state.isPaused ? state.reason : null;
  const reason = pauseReason(standing, limitsReached(counts));
  if (reason === null || reason === standing) return null;
  await trx.db
    .updateTable('sendingStates')
    .set({ isPaused: true, reason, changedBy: AUTOMATIC, changedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .execute();
  await appendPause(trx, 'sending.paused', { channel, reason, by: AUTOMATIC });
  return { channel, reason, ...counts };
}

async function countSince(trx: TenantTrx, channel: ChannelKind, from: Date): Promise<SendingCounts> {
  const { rows } = await sql<SendingCounts>`
    select count(*)::int as sent,
      (count(*) filter (where bounce_class = 'hard'))::int as hard_bounces,
      (count(*) filter (where complained_at is not null))::int as complaints
    from outreach_messages
    where tenant_id = ${trx.tenantId} and channel = ${channel} and sending_at >= ${from} and sent_at is not null
  `.execute(trx.db);
  return rows[0] ?? { sent: 0, hardBounces: 0, complaints: 0 };
}

function appendPause(
  trx: TenantTrx,
  kind: 'sending.paused' | 'sending.resumed',
  facts: { channel: ChannelKind; reason: string | null; by: string },
): Promise<void> {
  return appendEvent(trx, {
    eventType: 'timeline.updated',
    propertyId: null,
    correlationId: `sending:${trx.tenantId}:${facts.channel}`,
    payload: { kind, ...facts },
    source: facts.by === AUTOMATIC ? AUTOMATIC : 'operator',
  });
}
