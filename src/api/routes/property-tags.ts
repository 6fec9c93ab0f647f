import { z } from '@hono/zod-openapi';
import { requireProperty } from '../../db/queries/collaboration.ts';
import { appendEvents } from '../../db/queries/events.ts';
import type { Tag } from '../../db/queries/tags.ts';
import {
  findTag,
  listPropertyTags,
  tagProperties,
  unknownProperties,
  untagProperty,
} from '../../db/queries/tags-properties.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import type { Principal } from '../kit/principal.ts';
import { id, idParams } from '../kit/schemas.ts';
import { tag, tagOf } from './tag-shape.ts';

const bothParams = idParams.extend({ tag_id: id.openapi({ param: { name: 'tag_id', in: 'path' } }) });
const tags = z.object({ items: z.array(tag) });

/** Tags on properties, one at a time or many at once. */
export function propertyTagEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/properties/{id}/tags',
        operationId: 'listPropertyTags',
        tag: 'Collaboration',
        summary: 'Tags of a property',
        permission: 'timeline:read',
        params: idParams,
        answer: tags,
      },
      async ({ trx, params }) => {
        await requireProperty(trx, params.id);
        return { items: (await listPropertyTags(trx, params.id)).map(tagOf) };
      },
    ),
    endpoint(
      {
        method: 'put',
        path: '/api/v1/properties/{id}/tags/{tag_id}',
        operationId: 'tagProperty',
        tag: 'Collaboration',
        summary: 'Put a tag on a property',
        permission: 'timeline:update',
        params: bothParams,
        answer: tags,
      },
      async (request) => {
        const { trx, params } = request;
        await requireProperty(trx, params.id);
        await putTag(request, params.tag_id, [params.id]);
        return { items: (await listPropertyTags(trx, params.id)).map(tagOf) };
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/properties/{id}/tags/{tag_id}',
        operationId: 'untagProperty',
        tag: 'Collaboration',
        summary: 'Take a tag off a property',
        permission: 'timeline:update',
        params: bothParams,
        answer: null,
      },
      async (request) => {
        const { trx, params } = request;
        await requireProperty(trx, params.id);
        await requireTag(trx, params.tag_id);
        if (await untagProperty(trx, params.tag_id, params.id)) {
          await tell(request, 'tag.removed', params.tag_id, [params.id]);
        }
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/tags/{id}/properties',
        operationId: 'tagProperties',
        tag: 'Collaboration',
        summary: 'Put a tag on up to 500 properties: all of them, or none when one is unknown',
        permission: 'timeline:update',
        params: idParams,
        body: z.strictObject({ property_ids: z.array(id).min(1).max(500) }),
        answer: z.object({
          tagged: z.number().int().openapi({ description: 'Properties that did not have it' }),
          property_ids: z.array(id).openapi({ description: 'Those properties: what taking it back takes it off' }),
        }),
      },
      async (request) => {
        const ids = [...new Set(request.body.property_ids)];
        const tagged = await putTag(request, request.params.id, ids);
        return { tagged: tagged.length, property_ids: tagged };
      },
    ),
  ];
}

interface Asked {
  trx: TenantTrx;
  principal: Principal;
  requestId: string;
}

async function putTag(asked: Asked, tagId: string, propertyIds: readonly string[]): Promise<string[]> {
  await requireTag(asked.trx, tagId);
  const [unknown] = await unknownProperties(asked.trx, propertyIds);
  if (unknown !== undefined) throw new ReosError('not_found', `There is no property ${unknown}. None was tagged.`);
  const tagged = await tagProperties(asked.trx, tagId, propertyIds, asked.principal.id);
  await tell(asked, 'tag.added', tagId, tagged);
  return tagged;
}

async function requireTag(trx: TenantTrx, tagId: string): Promise<Tag> {
  const known = await findTag(trx, tagId);
  if (known === undefined) throw new ReosError('not_found', `There is no tag ${tagId}.`);
  return known;
}

function tell({ trx, principal, requestId }: Asked, what: string, tagId: string, propertyIds: readonly string[]) {
  return appendEvents(
    trx,
    propertyIds.map((propertyId) => ({
      eventType: 'timeline.updated',
      propertyId,
      correlationId: requestId,
      payload: { what, tag_id: tagId },
      source: 'api',
      ...(principal.kind === 'user' ? { userId: principal.id } : {}),
    })),
  );
}
