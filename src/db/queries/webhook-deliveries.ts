import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';
import { DELIVERY_COLUMNS, SELECTED } from './webhook-fan-out.ts';

/** One event for one endpoint, and how its sending went. */
export interface WebhookDelivery {
  id: string;
  eventId: string;
  eventType: string;
  propertyId: string | null;
  status: string;
  attempts: number;
  nextAttemptAt: Date;
  lastStatusCode: number | null;
  lastError: string | null;
  lastDurationMs: number | null;
  deliveredAt: Date | null;
  createdAt: Date;
}

const COLUMNS = [
  'id',
  'eventId',
  'eventType',
  'propertyId',
  'status',
  'attempts',
  'nextAttemptAt',
  'lastStatusCode',
  'lastError',
  'lastDurationMs',
  'deliveredAt',
  'createdAt',
] as const;

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** Deliveries of an endpoint, newest first. */
export function listDeliveries(
  trx: TenantTrx,
  endpointId: string,
  page: { limit: number; after: TimePlace | undefined; status: DeliveryStatus | undefined },
): Promise<(WebhookDelivery & { micros: number })[]> {
  return trx.db
    .selectFrom('webhookDeliveries')
    .select([...COLUMNS, microsOf('created_at').as('micros')])
    .where('tenantId', '=', trx.tenantId)
    .where('endpointId', '=', endpointId)
    .$if(page.status !== undefined, (query) => query.where('status', '=', page.status!))
    .$if(page.after !== undefined, (query) => query.where(isAfter('created_at', 'id', page.after!, 'desc')))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

/** Sends a delivery again, whatever became of it; undefined when the endpoint has none of that id. */
export function replayDelivery(
  trx: TenantTrx,
  endpointId: string,
  deliveryId: string,
  now: Date,
): Promise<WebhookDelivery | undefined> {
  return trx.db
    .updateTable('webhookDeliveries')
    .set({ status: 'pending', attempts: 0, nextAttemptAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('endpointId', '=', endpointId)
    .where('id', '=', deliveryId)
    .returning(COLUMNS)
    .executeTakeFirst();
}

/**
 * Sends what an endpoint missed since a time, oldest first: events without a delivery, and deliveries that failed. What
 * was delivered or waits already is left alone. Returns how many; `limit` of them means that there may be more.
 */
export async function replaySince(
  trx: TenantTrx,
  endpointId: string,
  since: Date,
  limit: number,
  now: Date,
): Promise<number> {
  const failed = await sql`
    update webhook_deliveries d set status = 'pending', attempts = 0, next_attempt_at = ${now}
    from (select id from webhook_deliveries where tenant_id = ${trx.tenantId} and endpoint_id = ${endpointId}
        and status = 'failed' and created_at >= ${since} order by sequence limit ${limit} for update) f
    where d.tenant_id = ${trx.tenantId} and d.id = f.id`.execute(trx.db);
  const again = Number(failed.numAffectedRows ?? 0n);
  const missed = await sql`
    insert into webhook_deliveries (${DELIVERY_COLUMNS})
    select ${SELECTED}
    from event_log e join webhook_endpoints w on w.tenant_id = e.tenant_id and w.id = ${endpointId}
      and (w.event_types = '{}' or e.event_type = any (w.event_types))
    where e.tenant_id = ${trx.tenantId} and e."timestamp" >= ${since}
      and not exists (select from webhook_deliveries d
        where d.tenant_id = e.tenant_id and d.endpoint_id = w.id and d.event_id = e.event_id)
    order by e.xid, e.position limit ${limit - again}
    on conflict (tenant_id, endpoint_id, event_id) do nothing`.execute(trx.db);
  return again + Number(missed.numAffectedRows ?? 0n);
}

/** Puts a test message in line; it is of no event. */
export function insertPing(trx: TenantTrx, endpointId: string, now: Date): Promise<WebhookDelivery> {
  const eventId = randomUUID();
  return trx.db
    .insertInto('webhookDeliveries')
    .values({
      tenantId: trx.tenantId,
      endpointId,
      eventId,
      eventType: 'webhook.ping',
      position: 0,
      payload: json({
        event_id: eventId,
        event_type: 'webhook.ping',
        timestamp: now.toISOString(),
        tenant_id: trx.tenantId,
      }),
      nextAttemptAt: now,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}
