import { z } from '@hono/zod-openapi';
import { type FoundNote, NOTE_KINDS, searchNotes } from '../../db/queries/comments-search.ts';
import { SEARCHED_CONTACTS, searchContactPage } from '../../db/queries/contacts-api.ts';
import { findTagsByName } from '../../db/queries/tags.ts';
import { ReosError } from '../../domain/errors.ts';
import { covers } from '../../domain/policy.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageQuery, toPage } from '../kit/page.ts';
import { id, instant, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { contact, contactOf, keysOf } from './contact-shapes.ts';
import { tag, tagOf } from './tag-shape.ts';

/** Where is looked. */
const PLACES = ['comments', 'notes', 'assignments', 'tags', 'contacts'] as const;
const KIND_OF = { comments: 'comment', notes: 'note', assignments: 'assignment' } as const;

const note = z
  .object({
    kind: z.enum(NOTE_KINDS),
    id: id.openapi({
      description: 'Of the comment; an assignment has none of its own: it is that of its property and user',
    }),
    property_id: id,
    user_id: id.nullable().openapi({ description: 'Whom an assignment is for' }),
    name: z.string().openapi({ description: 'Who wrote it; for an assignment, whom it is for' }),
    text: z.string().openapi({ description: 'The words with what stands around them' }),
    at: instant,
  })
  .openapi('FoundNote');

/** `/api/v1/search`: what people wrote, how they label, and whom they know. */
export function collaborationSearchEndpoints(deps: Pick<ApiDeps, 'sealer' | 'hashKey'>): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/search',
        operationId: 'searchCollaboration',
        tag: 'Collaboration',
        summary: 'Search comments, notes, assignments, tags and contacts',
        description: `What people wrote comes newest first, page by page. Tags and contacts come with the first page: at most \`limit\` of each, contacts among the first ${SEARCHED_CONTACTS}, since they are sealed and each must be opened (\`/api/v1/contacts?q=\` goes on). Contacts need the permission outreach:read; without it they are left out. Properties are searched at \`/api/v1/properties/search\`.`,
        permission: 'timeline:read',
        query: z.object({
          ...pageQuery,
          q: text(200).openapi({ description: 'Words; in what people wrote also "a phrase" and -without' }),
          in: text(100)
            .optional()
            .openapi({ description: `Where, with commas between: ${PLACES.join(', ')}. Left out: everywhere` }),
        }),
        answer: z.object({
          items: z.array(note),
          tags: z.array(tag),
          contacts: z.array(contact),
          next_cursor: z.string().nullable(),
        }),
      },
      async ({ trx, principal, query }) => {
        const places = placesOf(query.in);
        const { q, limit } = query;
        const after = readTimeCursor('notes', query.cursor);
        const kinds = places.flatMap((place) => (place in KIND_OF ? [KIND_OF[place as keyof typeof KIND_OF]] : []));
        const mayContacts = covers(principal.permissions, 'outreach:read');
        if (query.in !== undefined && places.includes('contacts') && !mayContacts) {
          throw new ReosError('forbidden', 'Searching contacts needs the permission outreach:read.');
        }
        const rows = kinds.length === 0 ? [] : await searchNotes(trx, { words: q, kinds, limit: limit + 1, after });
        const isFirst = after === undefined;
        const tags = isFirst && places.includes('tags') ? await findTagsByName(trx, q.trim(), limit) : [];
        const isSealed = isFirst && places.includes('contacts') && mayContacts && deps.sealer !== undefined;
        const found = isSealed
          ? await searchContactPage(trx, keysOf(deps), { words: q, afterId: undefined, limit })
          : { rows: [] };
        return {
          ...toPage(rows, limit, 'notes', (row) => [row.micros, row.id], noteOf),
          tags: tags.map(tagOf),
          contacts: found.rows.map(contactOf),
        };
      },
    ),
  ];
}

/** @throws ReosError `validation` */
function placesOf(given: string | undefined): (typeof PLACES)[number][] {
  if (given === undefined) return [...PLACES];
  return given.split(',').map((one) => {
    const place = PLACES.find((known) => known === one.trim());
    if (place !== undefined) return place;
    throw new ReosError('validation', `in: '${one.trim()}' is none of ${PLACES.join(', ')}.`, {
      details: { field: 'in' },
    });
  });
}

function noteOf(row: FoundNote): z.input<typeof note> {
  return {
    kind: row.kind,
    id: row.id,
    property_id: row.propertyId,
    user_id: row.userId,
    name: row.name,
    text: row.text,
    at: row.at,
  };
}
