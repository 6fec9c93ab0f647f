import { z } from '@hono/zod-openapi';
import {
  changeContact,
  contactOfId,
  listContactPage,
  SEARCHED_CONTACTS,
  searchContactPage,
} from '../../db/queries/contacts-api.ts';
import { mergeContacts } from '../../db/queries/contacts-import.ts';
import { type ListedContact, listContacts, setContactStatus } from '../../db/queries/contacts-list.ts';
import { linkContacts } from '../../db/queries/property-contacts.ts';
import { hasProperty } from '../../db/queries/property-detail.ts';
import { hashAddress } from '../../db/queries/suppressions.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { CHANNEL_KINDS, CONTACT_KINDS, type ContactKind } from '../../domain/outreach/contact.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { cursorAfter, pageOf, pageQuery, toPage } from '../kit/page.ts';
import { id, idParams, text } from '../kit/schemas.ts';
import { contact, contactFields, contactOf, fieldReader, keysOf } from './contact-shapes.ts';
import { readIdCursor } from './id-cursor.ts';
import { partOf } from './missing-part.ts';
import { unknownProperty } from './properties.ts';

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
        description: `Names and addresses are sealed. \`address\` finds a whole e-mail address, phone number or postal line by its hash, at once. \`q\` opens one contact after the other, at most ${SEARCHED_CONTACTS} a page, which may be short or empty and still have a next one.`,
        permission: 'outreach:read',
        query: z.object({
          ...pageQuery,
          kind: z.enum(CONTACT_KINDS).optional(),
          status: z.enum(['active', 'archived']).optional(),
          tag: text(60).optional(),
          q: text(200).optional().openapi({
            description: 'Words, or parts of them, of name, address, place, tags or source: all of them',
          }),
          address: text(320).optional().openapi({
            description: 'With this e-mail address, phone number or postal line; then all of them, and no cursor',
          }),
        }),
        answer: pageOf(contact),
      },
      async ({ trx, query }) => {
        const { kind, status, tag, limit, cursor, address, q } = query;
        if (address !== undefined)
          return { items: await withAddress(trx, address, { kind, status, tag }), next_cursor: null };
        const filter = { kind, status, tag: tag?.toLowerCase(), afterId: readIdCursor(cursor), limit: limit + 1 };
        if (q !== undefined) {
          const { rows, lookedTo } = await searchContactPage(trx, keysOf(deps), { ...filter, words: q });
          const page = toPage(rows, limit, 'id', (row) => [row.id], contactOf);
          return lookedTo === null ? page : { ...page, next_cursor: cursorAfter('id', [lookedTo]) };
        }
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
        body: contactFields.extend({
          kind: z.enum(CONTACT_KINDS),
          name: text(200),
          property_id: id.optional().openapi({ description: 'The property that an owner has' }),
        }),
        answer: z.object({ outcome: z.enum(['created', 'updated', 'unchanged', 'archived']), contact }),
        status: 201,
      },
      async ({ trx, body, now }) => {
        const { kind, property_id: propertyId, ...fields } = body;
        if (propertyId !== undefined && !(await hasProperty(trx, propertyId))) throw unknownProperty(propertyId);
        const { details, place, tags } = desk().readContact(kind, fieldReader(fields), now);
        const row = { details, place, tags, source: 'added by hand' };
        const [merged] = await mergeContacts(trx, keysOf(deps), kind, [row]);
        if (merged === undefined || merged.id === null || merged.outcome === 'erased') {
          throw new ReosError('suppressed', 'This person asked to be erased and is not stored again.');
        }
        if (propertyId !== undefined) {
          await linkContacts(trx, [{ propertyId, contactId: merged.id, role: 'owner', source: row.source }]);
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
  /** At most 50 a channel: an address has few holders. */
  async function withAddress(
    trx: TenantTrx,
    address: string,
    {
      kind,
      status,
      tag,
    }: { kind?: ContactKind | undefined; status?: 'active' | 'archived' | undefined; tag?: string | undefined },
  ) {
    const keys = keysOf(deps);
    const filter = {
      ...(kind && { kind }),
      ...(status && { status }),
      ...(tag && { tag: tag.toLowerCase() }),
      limit: 50,
    };
    const found = new Map<string, ListedContact>();
    for (const channel of CHANNEL_KINDS) {
      const addressHash = hashAddress(keys.hashKey, channel, address);
      for (const row of await listContacts(trx, keys, { ...filter, addressHash })) found.set(row.id, row);
    }
    return [...found.values()].map(contactOf);
  }
}
