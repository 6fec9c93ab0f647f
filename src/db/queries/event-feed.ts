import { type SelectQueryBuilder, sql } from 'kysely';
import type { DB } from '../tables.ts';
import type { SystemTrx } from '../tenant.ts';

/**
 * A place in the event log: after this event. Transactions are ordered by their ids, events of one transaction by
 * position. `{ xid: '0', position: 0 }` is before everything.
 */
export interface EventPlace {
  /** A transaction id of 64 bits, in decimal. */
  xid: string;
  position: number;
}

/** An event as it was written, with its place. */
export interface LoggedEvent extends EventPlace {
  tenantId: string;
  eventId: string;
  eventType: string;
  subject: string;
  timestamp: Date;
  correlationId: string;
  propertyId: string | null;
  payload: unknown;
  metadata: unknown;
}

/** Whose events, and which of them. */
export interface EventFilter {
  tenantId: string;
  /** Null: of every property and of none. */
  propertyId: string | null;
}

const COLUMNS = [
  'tenantId',
  'xid',
  'position',
  'eventId',
  'eventType',
  'subject',
  'timestamp',
  'correlationId',
  'propertyId',
  'payload',
  'metadata',
] as const;

// Below this transaction id nothing is running any more: no event can come to stand before one that was read.
const HORIZON = sql<string>`pg_snapshot_xmin(pg_current_snapshot())`;

const after = (place: EventPlace) => sql<boolean>`(xid, position) > (${place.xid}::xid8, ${place.position}::bigint)`;

/**
 * The next events of every tenant in order of transaction id and position, up to the first that could still be overtaken.
 * `held` says that such a one waits, so that looking again soon is worth it.
 */
export async function readFeed(
  trx: SystemTrx,
  place: EventPlace,
  limit: number,
): Promise<{ events: LoggedEvent[]; held: boolean }> {
  const rows = await inOrder(trx.db.selectFrom('eventLog').where(after(place)))
    .select([...COLUMNS, sql<boolean>`xid < ${HORIZON}`.as('isSettled')])
    .limit(limit)
    .execute();
  const settled = rows.filter(({ isSettled }) => isSettled);
  return { events: settled.map(({ isSettled: _, ...event }) => event), held: settled.length < rows.length };
}

/** Events of one tenant after a place, at most up to another, in the same order; only settled ones. */
export function readTenantEvents(
  trx: SystemTrx,
  filter: EventFilter & { eventTypes?: readonly string[] },
  range: { after: EventPlace; until?: EventPlace },
  limit: number,
): Promise<LoggedEvent[]> {
  const { until } = range;
  let query = trx.db.selectFrom('eventLog').where('tenantId', '=', filter.tenantId).where(after(range.after));
  query = query.where(sql<boolean>`xid < ${HORIZON}`);
  if (until !== undefined) {
    query = query.where(sql<boolean>`(xid, position) <= (${until.xid}::xid8, ${until.position}::bigint)`);
  }
  if (filter.propertyId !== null) query = query.where('propertyId', '=', filter.propertyId);
  if (filter.eventTypes?.length) query = query.where('eventType', 'in', filter.eventTypes);
  return inOrder(query).select(COLUMNS).limit(limit).execute();
}

/** The place of the last event that can no longer be overtaken. */
export async function lastPlace(trx: SystemTrx): Promise<EventPlace> {
  const row = await trx.db
    .selectFrom('eventLog')
    .select(['xid', 'position'])
    .where(sql<boolean>`xid < ${HORIZON}`)
    .orderBy('xid', 'desc')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? { xid: '0', position: 0 };
}

/** Whether the log still holds everything after this place: its event is there. The beginning is always one. */
export async function holdsPlace(trx: SystemTrx, place: EventPlace): Promise<boolean> {
  if (place.position === 0) return place.xid === '0';
  const row = await trx.db
    .selectFrom('eventLog')
    .select('position')
    .where(sql<boolean>`xid = ${place.xid}::xid8`)
    .where('position', '=', place.position)
    .executeTakeFirst();
  return row !== undefined;
}

function inOrder<O>(query: SelectQueryBuilder<DB, 'eventLog', O>): SelectQueryBuilder<DB, 'eventLog', O> {
  return query.orderBy('xid').orderBy('position');
}
