import { sql } from 'kysely';
import { EVENT_SUBJECTS, type EventType } from '../../domain/events.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

export interface NewEvent {
  eventType: EventType;
  propertyId: string | null;
  /** What ties the events of one piece of work together: the workflow or job id. */
  correlationId: string;
  payload: Record<string, unknown>;
  /** Which part wrote it. */
  source: string;
  userId?: string;
}

/** Appends events in the transaction of the change they tell of, and wakes the listeners at commit. */
export async function appendEvents(trx: TenantTrx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await trx.db
    .insertInto('eventLog')
    .values(
      events.map((event) => ({
        tenantId: trx.tenantId,
        eventType: event.eventType,
        subject: EVENT_SUBJECTS[event.eventType],
        correlationId: event.correlationId,
        propertyId: event.propertyId,
        payload: json(event.payload),
        metadata: json({ source: event.source, user_id: event.userId ?? null }),
      })),
    )
    .execute();
  await sql`select pg_notify('event_log', ${trx.tenantId})`.execute(trx.db);
}

/** Appends one event; see `appendEvents`. */
export function appendEvent(trx: TenantTrx, event: NewEvent): Promise<void> {
  return appendEvents(trx, [event]);
}
