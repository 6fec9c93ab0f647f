import { z } from '@hono/zod-openapi';
import { deleteTag, insertTag, listTags } from '../../db/queries/tags.ts';
import { updateTag } from '../../db/queries/tags-properties.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { idParams, text } from '../kit/schemas.ts';
import { tag, tagOf } from './tag-shape.ts';

const name = text(60)
  .transform((value) => value.trim())
  .refine((value) => value !== '', 'must not be blank');
const color = z.string().regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #1a7f37');

/** `/api/v1/tags`: the tenant's labels for properties. */
export function tagEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/tags',
        operationId: 'listTags',
        tag: 'Collaboration',
        summary: 'Tags by name',
        permission: 'timeline:read',
        query: z.object(pageQuery),
        answer: pageOf(tag),
      },
      async ({ trx, query }) => {
        const after = readCursor('name', query.cursor, 1)?.[0];
        const rows = await listTags(trx, {
          limit: query.limit + 1,
          afterName: typeof after === 'string' ? after : undefined,
        });
        return toPage(rows, query.limit, 'name', (row) => [row.name.toLowerCase()], tagOf);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/tags',
        operationId: 'createTag',
        tag: 'Collaboration',
        summary: 'Make a tag',
        permission: 'timeline:update',
        body: z.strictObject({ name, color: color.nullable().optional() }),
        answer: tag,
        status: 201,
      },
      async ({ trx, body }) => {
        const made = await insertTag(trx, { name: body.name, color: body.color ?? null });
        if (made !== undefined) return tagOf(made);
        throw new ReosError('conflict', `There is a tag '${body.name}' already.`);
      },
    ),
    endpoint(
      {
        method: 'patch',
        path: '/api/v1/tags/{id}',
        operationId: 'updateTag',
        tag: 'Collaboration',
        summary: 'Change a tag’s name or colour',
        permission: 'timeline:update',
        params: idParams,
        body: z.strictObject({ name: name.optional(), color: color.nullable().optional() }),
        answer: tag,
      },
      async ({ trx, params, body }) => {
        const changed = await updateTag(trx, params.id, body);
        if (changed === 'taken') throw new ReosError('conflict', `There is a tag '${body.name}' already.`);
        if (changed === undefined) throw new ReosError('not_found', `There is no tag ${params.id}.`);
        return tagOf(changed);
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/tags/{id}',
        operationId: 'deleteTag',
        tag: 'Collaboration',
        summary: 'Delete a tag, and take it off every property',
        permission: 'timeline:update',
        params: idParams,
        answer: null,
      },
      async ({ trx, params }) => {
        if (!(await deleteTag(trx, params.id))) throw new ReosError('not_found', `There is no tag ${params.id}.`);
      },
    ),
  ];
}
