import { z } from '@hono/zod-openapi';
import { changeContact, contactOfId, listContactPage } from '../../db/queries/contacts-api.ts';
import { mergeContacts } from '../../db/queries/contacts-import.ts';
import { setContactStatus } from '../../db/queries/contacts-list.ts';
import { ReosError } from '../../domain/errors.ts';
import { CONTACT_KINDS } from '../../domain/outreach/contact.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { id, idParams, text } from '../kit/schemas.ts';
import { contact, contactFields, contactOf, fieldReader, keysOf } from './contact-shapes.ts';
import { readIdCursor } from './id-cursor.ts';
import { partOf } from './missing-part.ts';

/** `/api/v1/contacts`: whom the tenant knows. Names and addresses are sealed in the database. */
export function contactEndpoints(deps: Pick<ApiDeps, 'sealer' | 'hashKey' | 'contactDesk'>): Endpoint[] {
  const desk = () => partOf(deps.contactDesk, 'Contacts');
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/contacts',
        operationId: 'listContacts',
        tag: 'Outreach',
        summary: 'Contacts',
        permission: 'outreach:read',
        query: z.object({
          ...pageQuery,
          kind: z.enum(CONTACT_KINDS).optional(),
          status: z.enum(['active', 'archived']).optional(),
          tag: text(60).optional(),
        }),
        answer: pageOf(contact),
      },
      async ({ trx, query }) => {
        const { kind, status, tag, limit, cursor } = query;
        const filter = { kind, status, tag: tag?.toLowerCase(), afterId: readIdCursor(cursor), limit: limit + 1 };
        const rows = await listContactPage(trx, keysOf(deps), filter);
        return toPage(rows, limit, 'id', (row) => [row.id], contactOf);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/contacts',
        operationId: 'createContact',
        tag: 'Outreach',
        summary: 'Add a contact, or complete the one with the same address',
        permission: 'outreach:update',
        body: contactFields.extend({ kind: z.enum(CONTACT_KINDS), name: text(200) }),
        answer: z.object({ outcome: z.enum(['created', 'updated', 'unchanged', 'archived']), contact }),
        status: 201,
      },
      async ({ trx, body, now }) => {
        const { kind, ...fields } = body;
        const { details, place, tags } = desk().readContact(kind, fieldReader(fields), now);
        const row = { details, place, tags, source: 'added by hand' };
        const [merged] = await mergeContacts(trx, keysOf(deps), kind, [row]);
        if (merged === undefined || merged.id === null || merged.outcome === 'erased') {
          throw new ReosError('suppressed', 'This person asked to be erased and is not stored again.');
        }
        return { outcome: merged.outcome, contact: contactOf(await contactOfId(trx, keysOf(deps), merged.id)) };
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/contacts/{id}',
        operationId: 'getContact',
        tag: 'Outreach',
        summary: 'One contact',
        permission: 'outreach:read',
        params: idParams,
        answer: contact,
      },
      async ({ trx, params }) => contactOf(await contactOfId(trx, keysOf(deps), params.id)),
    ),
    endpoint(
      {
        method: 'patch',
        path: '/api/v1/contacts/{id}',
        operationId: 'changeContact',
        tag: 'Outreach',
        summary: 'Change a contact; what is left out stays, null takes it away',
        permission: 'outreach:update',
        params: idParams,
        body: contactFields,
        answer: contact,
      },
      async ({ trx, params, body, now }) => {
        const before = await contactOfId(trx, keysOf(deps), params.id);
        if (before.erasedAt !== null) throw new ReosError('conflict', 'The contact was erased and cannot come back.');
        const post = before.details.postalAddress;
        const given = {
          name: before.details.name,
          email: before.details.email,
          phone: before.details.phone,
          street: post?.line1 ?? null,
          city: post?.city ?? null,
          state: post?.state ?? before.state,
          zip_code: post?.zipCode ?? null,
          tags: before.tags,
          // A new place has a zone of its own.
          time_zone: body.state === undefined && body.zip_code === undefined ? before.timeZone : null,
          ...body,
        };
        const { details, place, tags } = desk().readContact(before.kind, fieldReader(given), now);
        const isSameStreet = post !== null && details.postalAddress?.line1 === post.line1;
        const postalAddress =
          details.postalAddress === null || !isSameStreet
            ? details.postalAddress
            : { ...details.postalAddress, line2: details.postalAddress.line2 ?? post.line2 };
        await changeContact(trx, keysOf(deps), before, { details: { ...details, postalAddress }, ...place, tags });
        return contactOf(await contactOfId(trx, keysOf(deps), params.id));
      },
    ),
    ...(['archive', 'restore'] as const).map((verb) =>
      endpoint(
        {
          method: 'post',
          path: `/api/v1/contacts/{id}/${verb}`,
          operationId: `${verb}Contact`,
          tag: 'Outreach',
          summary: verb === 'archive' ? 'Put a contact away: it gets no messages' : 'Bring an archived contact back',
          permission: 'outreach:update',
          params: idParams,
          answer: z.object({ id, status: z.enum(['active', 'archived']) }),
        },
        async ({ trx, params }) => {
          const { erasedAt } = await contactOfId(trx, keysOf(deps), params.id);
          if (erasedAt !== null) throw new ReosError('conflict', 'The contact was erased and cannot come back.');
          const status = verb === 'archive' ? ('archived' as const) : ('active' as const);
          await setContactStatus(trx, params.id, status);
          return { id: params.id, status };
        },
      ),
    ),
  ];
}
