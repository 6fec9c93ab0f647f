import type { HttpBindings } from '@hono/node-server';
import { z } from '@hono/zod-openapi';
import { ReosError } from '../../domain/errors.ts';
import { EVENT_SUBJECTS, type EventType } from '../../domain/events.ts';
import { covers } from '../../domain/policy.ts';
import { ACCESS_TOKEN_SECONDS } from '../auth/access-token.ts';
import type { ApiDeps } from '../deps.ts';
import { envelopeOf } from '../events/envelope.ts';
import type { EventFeed } from '../events/feed.ts';
import { placeText, readPlace } from '../events/place.ts';
import { streamEvents } from '../events/stream.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { createOpenStreams } from '../kit/open-streams.ts';
import { id, wholeQuery } from '../kit/schemas.ts';

const eventType = z.enum(Object.keys(EVENT_SUBJECTS) as [EventType, ...EventType[]]);
const place = z
  .string()
  .regex(/^[0-9]{1,20}-[0-9]{1,16}$/, 'must be the id of an event')
  .openapi({ example: '7341-52' });

const event = z
  .object({
    id: place,
    event_id: z.string(),
    event_type: z.string(),
    subject: z.string(),
    timestamp: z.string(),
    tenant_id: z.string(),
    correlation_id: z.string(),
    property_id: z.string().nullable(),
    payload: z.unknown(),
    metadata: z.unknown(),
  })
  .openapi('Event');

/** `/api/v1/events`: what happens, as a stream and as a list to come back to. */
export function eventEndpoints(deps: Pick<ApiDeps, 'feed' | 'identity' | 'streams'>): Endpoint[] {
  const streams = createOpenStreams();
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/events',
        operationId: 'streamEvents',
        tag: 'Events',
        summary: 'Events as they happen (server-sent events)',
        description:
          'Each event has an id; send the last one as Last-Event-ID to go on from there. The event `ready` names the ' +
          'place where the stream begins, `resync` says that the id is unknown or too far back: read the state anew.',
        permission: 'timeline:read',
        query: z.object({ property_id: id.optional() }),
        answer: z.string(),
        contentType: 'text/event-stream',
      },
      async ({ principal, query, c, inTenant }) => {
        const credential = c.get('credential')!;
        const endsAt =
          credential.issuedAt === null
            ? Number.POSITIVE_INFINITY
            : (credential.issuedAt + ACCESS_TOKEN_SECONDS) * 1_000;
        const feed = feedOf(deps);
        const close = streams.open(principal);
        const counted: EventFeed = {
          ...feed,
          async subscribe(filter) {
            const subscription = await feed.subscribe(filter);
            subscription.onEnd(close);
            return subscription;
          },
        };
        const body = await streamEvents(
          { feed: counted, ...deps.streams },
          {
            filter: { tenantId: principal.tenantId, propertyId: query.property_id ?? null },
            lastEventId: c.req.header('Last-Event-ID'),
            isStillAllowed: async () => {
              const now = new Date();
              if (now.getTime() >= endsAt) return false;
              const asked = await inTenant((trx) => deps.identity.principalOf(trx, credential, now));
              return covers(asked.permissions, 'timeline:read');
            },
            cut: () => (c.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy(),
          },
        ).catch((error: unknown) => {
          close();
          throw error;
        });
        return c.body(body, 200, {
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-cache, no-transform',
          'X-Accel-Buffering': 'no',
        });
      },
    ),
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/events/log',
        operationId: 'listEvents',
        tag: 'Events',
        summary: 'Events in order, to be asked for again and again',
        description: 'Keep `next` and send it as `after` the next time: nothing is missed and nothing comes twice.',
        permission: 'timeline:read',
        query: z.object({
          after: place.optional().openapi({ description: '`next` of the call before' }),
          start: z.enum(['oldest', 'now']).default('oldest').openapi({ description: 'Where to begin without `after`' }),
          limit: wholeQuery(1, 200).default(50),
          property_id: id.optional(),
          event_type: eventType.optional(),
        }),
        answer: z.object({ items: z.array(event), next: place, has_more: z.boolean() }),
      },
      async ({ principal, query }) => {
        const feed = feedOf(deps);
        const after =
          query.after !== undefined
            ? readPlace(query.after)
            : query.start === 'now'
              ? await feed.last()
              : { xid: '0', position: 0 };
        if (after === null || !(await feed.holds(after))) {
          throw new ReosError(
            'validation',
            'after: this place is unknown, or older than what is kept. Read the state anew and begin with start=now.',
            { details: { field: 'after' } },
          );
        }
        const filter = {
          tenantId: principal.tenantId,
          propertyId: query.property_id ?? null,
          ...(query.event_type === undefined ? {} : { eventTypes: [query.event_type] }),
        };
        const rows = await feed.read(filter, { after }, query.limit + 1);
        const shown = rows.slice(0, query.limit);
        return {
          items: shown.map((row) => ({ id: placeText(row), ...envelopeOf(row) })),
          next: placeText(shown.at(-1) ?? after),
          has_more: rows.length > shown.length,
        };
      },
    ),
  ];
}

function feedOf(deps: Pick<ApiDeps, 'feed'>) {
  if (deps.feed !== undefined) return deps.feed;
  throw new ReosError('missing_part', 'This process does not read the event log.');
}
