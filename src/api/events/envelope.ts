import type { LoggedEvent } from '../../db/queries/event-feed.ts';
import { placeText } from './place.ts';

/** An event as the outside sees it. Spec T1. */
export interface EventEnvelope {
  event_id: string;
  event_type: string;
  subject: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  tenant_id: string;
  correlation_id: string;
  property_id: string | null;
  payload: unknown;
  metadata: unknown;
}

/** The event with the names of the outside. */
export function envelopeOf(event: LoggedEvent): EventEnvelope {
  return {
    event_id: event.eventId,
    event_type: event.eventType,
    subject: event.subject,
    timestamp: event.timestamp.toISOString(),
    tenant_id: event.tenantId,
    correlation_id: event.correlationId,
    property_id: event.propertyId,
    payload: event.payload,
    metadata: event.metadata,
  };
}

/** The event as a server-sent one: its id is its place, to go on from. */
export function frameOf(event: LoggedEvent): string {
  return frame(event.eventType, envelopeOf(event), placeText(event));
}

/** One server-sent event. JSON has no line breaks, so its data is one line. */
export function frame(name: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
