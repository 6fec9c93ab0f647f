import { sql } from 'kysely';
import { WEBHOOK_ORDERED_ATTEMPTS } from '../../domain/webhook-schedule.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** A delivery that this process has taken to send, with what is needed for it. */
export interface ClaimedDelivery {
  tenantId: string;
  id: string;
  endpointId: string;
  eventId: string;
  eventType: string;
  payload: { timestamp?: unknown };
  /** This one included. It names the claim: a result of an older one counts only when the receiver took it. */
  attempts: number;
  url: string;
  sealedSecret: string;
  sealedPreviousSecret: string | null;
  rotatedAt: Date | null;
}

/**
 * Takes deliveries that are due, for `leaseMs`: a process that dies leaves them to the next one after it. Of a property
 * the oldest comes first, and the next when it is settled or was tried often enough to hold nothing back.
 * @param page `perEndpoint` at most of each, none of the endpoints in `busy`
 */
export async function claimDeliveries(
  trx: SystemTrx,
  page: { limit: number; perEndpoint: number; busy: readonly string[]; leaseMs: number },
  now: Date,
): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    with due as (
      select d.tenant_id, d.id, w.url, w.sealed_secret, w.sealed_previous_secret, w.rotated_at
      from (select * from webhook_endpoints where status = 'active' and (retry_at is null or retry_at <= ${now})
          and id <> all (${[...page.busy]}::uuid[]) order by random()) w
        join tenants t on t.id = w.tenant_id and t.status = 'active'
        cross join lateral (
          select d.tenant_id, d.id from webhook_deliveries d
          where d.tenant_id = w.tenant_id and d.endpoint_id = w.id and d.status = 'pending'
            and d.next_attempt_at <= ${now} and not exists (
              select from webhook_deliveries e
              where e.tenant_id = d.tenant_id and e.endpoint_id = d.endpoint_id and e.status = 'pending'
                and e.property_id = d.property_id and e.sequence < d.sequence
                and e.attempts < ${WEBHOOK_ORDERED_ATTEMPTS})
          order by d.next_attempt_at, d.sequence limit ${page.perEndpoint}
          for update of d skip locked) d
      limit ${page.limit})
    update webhook_deliveries d
    set attempts = d.attempts + 1, next_attempt_at = ${new Date(now.getTime() + page.leaseMs)}
    from due where d.tenant_id = due.tenant_id and d.id = due.id
    returning d.tenant_id, d.id, d.endpoint_id, d.event_id, d.event_type, d.payload, d.attempts,
      due.url, due.sealed_secret, due.sealed_previous_secret, due.rotated_at`.execute(trx.db);
  return rows;
}

type Claim = Pick<ClaimedDelivery, 'id' | 'endpointId' | 'attempts'>;

/** Writes down that the receiver took it: that stays so, whoever else was at it. */
export async function recordDelivered(
  trx: TenantTrx,
  claim: Claim,
  result: { statusCode: number; durationMs: number },
  now: Date,
): Promise<void> {
  const { statusCode: lastStatusCode, durationMs: lastDurationMs } = result;
  await trx.db
    .updateTable('webhookDeliveries')
    .set({ status: 'delivered', deliveredAt: now, lastStatusCode, lastDurationMs, lastError: null })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', claim.id)
    // A replay that came meanwhile starts to count anew, and is to be sent.
    .where('attempts', '>=', claim.attempts)
    .execute();
  await trx.db
    .updateTable('webhookEndpoints')
    .set({ lastSuccessAt: now, failingSince: null, retryAt: null })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', claim.endpointId)
    .execute();
}

/**
 * Writes down a failed attempt, unless somebody else has taken the delivery meanwhile.
 * @param result `nextAttemptAt` null: it was the last one. `retryAt`: nothing goes to this receiver before
 * @returns since when the endpoint takes nothing; undefined when it is gone
 */
export async function recordFailed(
  trx: TenantTrx,
  claim: Claim,
  result: {
    statusCode: number | null;
    error: string;
    durationMs: number;
    nextAttemptAt: Date | null;
    retryAt: Date | null;
  },
  now: Date,
): Promise<Date | undefined> {
  const endpoint = await trx.db
    .updateTable('webhookEndpoints')
    .set({
      failingSince: sql<Date>`coalesce(failing_since, ${now})`,
      lastFailureAt: now,
      ...(result.retryAt === null ? {} : { retryAt: result.retryAt }),
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', claim.endpointId)
    .returning('failingSince')
    .executeTakeFirst();
  await trx.db
    .updateTable('webhookDeliveries')
    .set({
      status: result.nextAttemptAt === null ? 'failed' : 'pending',
      lastStatusCode: result.statusCode,
      lastError: result.error,
      lastDurationMs: result.durationMs,
      ...(result.nextAttemptAt === null ? {} : { nextAttemptAt: result.nextAttemptAt }),
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', claim.id)
    .where('status', '=', 'pending')
    .where('attempts', '=', claim.attempts)
    .execute();
  return endpoint?.failingSince ?? undefined;
}

/** Deletes settled deliveries that are older than a time; returns how many, `limit` at most. */
export async function forgetDeliveries(trx: SystemTrx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_deliveries d using (
      select d.tenant_id, d.id from webhook_endpoints w cross join lateral (
        select d.tenant_id, d.id from webhook_deliveries d
        where d.tenant_id = w.tenant_id and d.endpoint_id = w.id and d.created_at < ${before} and d.status <> 'pending'
        order by d.created_at limit ${limit}) d
      limit ${limit}) old
    where d.tenant_id = old.tenant_id and d.id = old.id`.execute(trx.db);
  return Number(numAffectedRows ?? 0n);
}
