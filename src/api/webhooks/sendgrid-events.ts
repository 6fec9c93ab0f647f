import { z } from 'zod';
import type { MessageEvent } from '../../db/queries/outreach-events.ts';
import { ReosError } from '../../domain/errors.ts';
import { meaningOf } from '../../domain/outreach/provider-event.ts';

// As in SendGrid's Event Webhook reference; further fields are allowed and ignored. Custom arguments stand beside them.
const eventSchema = z.looseObject({
  event: z.string().min(1).max(64),
  sg_event_id: z.string().min(1).max(256),
  timestamp: z.number().int().min(0).max(9_999_999_999),
  send_id: z.string().optional(),
  sg_message_id: z.string().optional(),
  sg_machine_open: z.boolean().optional(),
  type: z.string().optional(),
  reason: z.string().optional(),
  status: z.string().optional(),
  url: z.string().optional(),
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a verified batch contains. */
export interface ParsedBatch {
  events: MessageEvent[];
  /** Well-formed events of messages that carry no send id of ours. */
  foreign: number;
  /** Elements that are no event. */
  invalid: number;
}

/**
 * Reads a verified body. An element that is no event is counted, not fatal: its neighbours are real.
 * @throws ReosError `validation` when the body is not a JSON array
 */
export function parseSendGridBatch(body: Buffer, callToActionUrl: string): ParsedBatch {
  let elements: unknown;
  try {
    elements = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new ReosError('validation', 'The body is not JSON; a JSON array of events is expected.', { cause: error });
  }
  if (!Array.isArray(elements)) throw new ReosError('validation', 'The body is not a JSON array of events.');
  const batch: ParsedBatch = { events: [], foreign: 0, invalid: 0 };
  for (const element of elements) {
    const parsed = eventSchema.safeParse(element);
    if (!parsed.success) batch.invalid += 1;
    else if (parsed.data.send_id === undefined || !UUID.test(parsed.data.send_id)) batch.foreign += 1;
    else batch.events.push(toEvent(parsed.data, parsed.data.send_id.toLowerCase(), callToActionUrl));
  }
  return batch;
}

function toEvent(event: z.infer<typeof eventSchema>, sendId: string, callToActionUrl: string): MessageEvent {
  const isMachineOpen = event.event === 'open' && event.sg_machine_open === true;
  return {
    sendId,
    provider: 'sendgrid',
    providerEventId: event.sg_event_id,
    type: event.event,
    at: new Date(event.timestamp * 1000),
    meaning: meaningOf({
      event: event.event,
      type: event.type,
      status: event.status,
      reason: event.reason,
      isMachineOpen,
    }),
    isAnswer: event.event === 'click' && event.url !== undefined && isSamePage(event.url, callToActionUrl),
    // What follows the first dot names SendGrid's own machines.
    providerMessageId: event.sg_message_id?.split('.')[0] || null,
    detail: {
      ...(event.reason === undefined ? {} : { reason: event.reason.slice(0, 500) }),
      ...(event.status === undefined ? {} : { status: event.status.slice(0, 64) }),
      ...(event.type === undefined ? {} : { type: event.type.slice(0, 64) }),
      ...(event.url === undefined ? {} : { url: withoutQuery(event.url) }),
      ...(isMachineOpen ? { machine_open: true } : {}),
    },
  };
}

/** Same scheme, host and path: the query carries the property. */
function isSamePage(url: string, other: string): boolean {
  return URL.canParse(url) && URL.canParse(other) && withoutQuery(url) === withoutQuery(other);
}

// Queries of our links are signatures and tokens.
function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return 'not a URL';
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.slice(0, 500);
}
