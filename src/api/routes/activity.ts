import { z } from '@hono/zod-openapi';
import { type ActivityRow, listActivity, SEARCHED_EVENTS } from '../../db/queries/activity.ts';
import { sentenceOf } from '../../domain/activity-words.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { cursorAfter, pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { id, instant, instantInput, text } from '../kit/schemas.ts';

const SORT = 'activity';

const activity = z
  .object({
    id,
    type: z.string().openapi({ description: 'The event’s type, such as `property.scored`' }),
    what: z.string().openapi({ description: 'What happened, such as `comment.created`; else the type' }),
    summary: z.string().openapi({ description: 'A sentence for people' }),
    at: instant,
    actor: z.object({
      kind: z.enum(['user', 'system']),
      id: id.nullable(),
      name: z.string().openapi({ description: 'The person’s name, or the part of the system' }),
    }),
    property: z.object({ id, label: z.string() }).nullable(),
    details: z.unknown(),
  })
  .openapi('Activity');

/** `/api/v1/activity`: what people and the system did, over all properties. */
export function activityEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/activity',
        operationId: 'listActivity',
        tag: 'Collaboration',
        summary: 'What happened in the tenant, newest first',
        description: `Events, comments, tags, assignments and orders. Narrowed by actor or type, a page looks at ${SEARCHED_EVENTS} events at most; it may be short or empty and still have a next one.`,
        permission: 'timeline:read',
        query: z.object({
          ...pageQuery,
          property_id: id.optional(),
          actor_id: id.optional().openapi({ description: 'A user’s id' }),
          type: text(100).optional().openapi({ description: 'A `type` or `what` of the answer' }),
          since: instantInput.optional(),
        }),
        answer: pageOf(activity),
      },
      async ({ trx, query }) => {
        const before = readCursor(SORT, query.cursor, 1)?.[0];
        if (before !== undefined && !Number.isSafeInteger(before)) {
          throw new ReosError('validation', 'cursor: is no cursor of this list. Start again without it.', {
            details: { field: 'cursor' },
          });
        }
        const { rows, lookedTo } = await listActivity(
          trx,
          { propertyId: query.property_id, actorId: query.actor_id, type: query.type, since: query.since },
          { limit: query.limit + 1, before: before as number | undefined },
        );
        const page = toPage(rows, query.limit, SORT, (row) => [row.position], activityOf);
        return lookedTo === null ? page : { ...page, next_cursor: cursorAfter(SORT, [lookedTo]) };
      },
    ),
  ];
}

function activityOf(row: ActivityRow): z.input<typeof activity> {
  const what = row.what ?? row.eventType;
  const actor =
    row.userId === null
      ? { kind: 'system' as const, id: null, name: row.source ?? 'system' }
      : { kind: 'user' as const, id: row.userId, name: row.userName ?? 'A former user' };
  const street = [row.address, row.unit].filter(Boolean).join(' ');
  const known = street === '' ? (row.apn === null ? '' : `Parcel ${row.apn}`) : street;
  const label = [known, row.city].filter(Boolean).join(', ');
  return {
    id: row.eventId,
    type: row.eventType,
    what,
    summary: `${actor.kind === 'user' ? actor.name : 'The system'}: ${sentenceOf(what) ?? what.replace(/[._]/g, ' ')}`,
    at: row.timestamp,
    actor,
    property: row.propertyId === null ? null : { id: row.propertyId, label: label === '' ? row.propertyId : label },
    details: row.payload,
  };
}
