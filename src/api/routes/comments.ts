import { z } from '@hono/zod-openapi';
import { requireProperty } from '../../db/queries/collaboration.ts';
import { listComments } from '../../db/queries/comments.ts';
import { searchComments } from '../../db/queries/comments-search.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { id, idParams, instant, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { changeComment, type Shown, shownOf, takeComment, writeComment } from './comments-write.ts';

const comment = z
  .object({
    id,
    property_id: id,
    parent_id: id.nullable(),
    kind: z.enum(['comment', 'note']),
    author_id: id.nullable().openapi({ description: 'Null when an API key wrote it, or the user is gone' }),
    author_name: z.string(),
    body: z.string().nullable().openapi({ description: 'Null once it was deleted' }),
    mentions: z.array(id),
    created_at: instant,
    edited_at: instant.nullable(),
  })
  .openapi('Comment');
const body = text(10_000).refine((value) => value.trim() !== '', 'must not be blank');
const mentions = z
  .array(id)
  .max(50)
  .optional()
  .openapi({ description: 'Ids of users, besides those whom the text names as @[Name](user:<id>)' });

/** Comments and notes on properties, and the search over them. */
export function commentEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/properties/{id}/comments',
        operationId: 'listComments',
        tag: 'Collaboration',
        summary: 'Comments and notes on a property, oldest first',
        permission: 'timeline:read',
        params: idParams,
        query: z.object(pageQuery),
        answer: pageOf(comment),
      },
      async ({ trx, params, query }) => {
        await requireProperty(trx, params.id);
        const after = readTimeCursor('comments', query.cursor);
        const rows = await listComments(trx, params.id, { limit: query.limit + 1, after });
        return toPage(rows, query.limit, 'comments', (row) => [row.micros, row.id], shownOf);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/properties/{id}/comments',
        operationId: 'createComment',
        tag: 'Collaboration',
        summary: 'Write a comment or note, or answer one',
        description: 'Everybody it names is notified once.',
        permission: 'timeline:comment',
        params: idParams,
        body: z.strictObject({
          body,
          kind: z.enum(['comment', 'note']).default('comment'),
          parent_id: id.nullable().optional(),
          mentions,
        }),
        answer: comment,
        status: 201,
      },
      (request) => writeComment(request, request.params.id, request.body),
    ),
    endpoint(
      {
        method: 'patch',
        path: '/api/v1/comments/{id}',
        operationId: 'updateComment',
        tag: 'Collaboration',
        summary: 'Change the text of a comment of one’s own',
        permission: 'timeline:comment',
        params: idParams,
        body: z.strictObject({ body, mentions }),
        answer: comment,
      },
      (request) => changeComment(request, request.params.id, request.body),
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/comments/{id}',
        operationId: 'deleteComment',
        tag: 'Collaboration',
        summary: 'Delete a comment of one’s own; admins delete any',
        description: 'Its text is erased. Answers to it stay, and so does its place in the thread.',
        permission: 'timeline:comment',
        params: idParams,
        answer: null,
      },
      (request) => takeComment(request, request.params.id),
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/comments',
        operationId: 'searchComments',
        tag: 'Collaboration',
        summary: 'Search comments and notes',
        description: 'Newest first. `/api/v1/search` looks into assignments, tags and contacts, too.',
        permission: 'timeline:read',
        query: z.object({
          ...pageQuery,
          q: text(200).openapi({ description: 'Words; "a phrase"; -without' }),
        }),
        answer: pageOf(comment),
      },
      async ({ trx, query }): Promise<{ items: Shown[]; next_cursor: string | null }> => {
        const after = readTimeCursor('found', query.cursor);
        const rows = await searchComments(trx, { words: query.q, limit: query.limit + 1, after });
        return toPage(rows, query.limit, 'found', (row) => [row.micros, row.id], shownOf);
      },
    ),
  ];
}
