import { sql } from 'kysely';
import type { SystemTrx } from '../tenant.ts';

const READER = 'webhooks';
// Below this transaction id nothing is running any more: no event can come to stand before one that was read.
const HORIZON = sql`pg_snapshot_xmin(pg_current_snapshot())`;

/** The columns of a delivery that is made from an event; `SELECTED` are their values, of event `e` and endpoint `w`. */
export const DELIVERY_COLUMNS = sql.raw('tenant_id, endpoint_id, event_id, event_type, property_id, position, payload');
/** The event as the outside sees it, as in the event log and the stream. */
export const SELECTED = sql.raw(`
  w.tenant_id, w.id, e.event_id, e.event_type, e.property_id, e.position, jsonb_build_object(
    'event_id', e.event_id, 'event_type', e.event_type, 'subject', e.subject,
    'timestamp', to_char(e."timestamp" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'tenant_id', e.tenant_id, 'correlation_id', e.correlation_id, 'property_id', e.property_id,
    'payload', e.payload, 'metadata', e.metadata)`);

/** Makes the reader's place in the event log when there is none: webhooks begin with what is written from now on. */
export async function ensureWebhookCursor(trx: SystemTrx): Promise<void> {
  await sql`insert into event_cursors (reader, xid, position) values (${READER}, ${HORIZON}, 0)
    on conflict (reader) do nothing`.execute(trx.db);
}

/**
 * Makes the deliveries of the next events in the log's order, one for each endpoint that wants the event, and moves the
 * reader's place in the same transaction: none is lost, none is made twice. Of several readers at once one works.
 * @returns how many events were passed; 0 when there is nothing new or somebody else is at it
 */
export async function fanOutEvents(trx: SystemTrx, limit: number): Promise<number> {
  // Without a lock first: most looks find nothing, and then nothing is written.
  const seen = await readPlace(trx, false);
  if (seen === undefined || (await endOfNext(trx, seen, 1)) === undefined) return 0;
  const from = await readPlace(trx, true);
  const end = from && (await endOfNext(trx, from, limit));
  if (from === undefined || end === undefined) return 0;
  await sql`
    insert into webhook_deliveries (${DELIVERY_COLUMNS})
    select ${SELECTED}
    from event_log e join webhook_endpoints w on w.tenant_id = e.tenant_id and w.status = 'active'
      and (w.event_types = '{}' or e.event_type = any (w.event_types))
    where (e.xid, e.position) > (${from.xid}::xid8, ${from.position}::bigint)
      and (e.xid, e.position) <= (${end.xid}::xid8, ${end.position}::bigint)
    order by e.xid, e.position
    on conflict (tenant_id, endpoint_id, event_id) do nothing`.execute(trx.db);
  await sql`update event_cursors set xid = ${end.xid}::xid8, position = ${end.position}, updated_at = now()
    where reader = ${READER}`.execute(trx.db);
  return end.count;
}

interface Place {
  xid: string;
  position: number;
}

async function readPlace(trx: SystemTrx, lock: boolean): Promise<Place | undefined> {
  const { rows } = await sql<Place>`select xid, position from event_cursors where reader = ${READER}
    ${lock ? sql`for update skip locked` : sql``}`.execute(trx.db);
  return rows[0];
}

/** The place of the last of the next settled events, and how many they are. */
async function endOfNext(trx: SystemTrx, from: Place, limit: number): Promise<(Place & { count: number }) | undefined> {
  const { rows } = await sql<Place & { count: number }>`
    select xid, position, (count(*) over ())::int as count from (
      select xid, position from event_log
      where (xid, position) > (${from.xid}::xid8, ${from.position}::bigint) and xid < ${HORIZON}
      order by xid, position limit ${limit}) next
    order by xid desc, position desc limit 1`.execute(trx.db);
  return rows[0];
}
