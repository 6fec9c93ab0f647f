import { z } from '@hono/zod-openapi';
import { removeBuyBox, type StoredBuyBox, setBuyBox } from '../../db/queries/buy-boxes.ts';
import { buyBoxOfId, listBuyBoxPage } from '../../db/queries/buy-boxes-api.ts';
import { contactOfId } from '../../db/queries/contacts-api.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { BuyBox } from '../../domain/outreach/buy-box.ts';
import type { ContactField } from '../../domain/outreach/contact-columns.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { dollars, id, idParams, instant, text } from '../kit/schemas.ts';
import { keysOf } from './contact-shapes.ts';
import { readIdCursor } from './id-cursor.ts';
import { partOf } from './missing-part.ts';

const list = z.array(text(80)).max(200).nullable().optional();
const amount = (max: number) => z.number().min(0).max(max).nullable().optional();
const limits = z.strictObject({
  counties: list.openapi({ description: 'By slug or name' }),
  property_types: list,
  zip_codes: list,
  min_price: amount(1e9),
  max_price: amount(1e9),
  min_score: amount(100),
  min_bedrooms: amount(100),
  min_sqft: amount(1e6),
});
const buyBox = z
  .object({
    id,
    contact_id: id.nullable().openapi({ description: 'Null: the tenant’s own' }),
    name: z.string(),
    counties: z.array(z.string()).nullable(),
    property_types: z.array(z.string()).nullable(),
    zip_codes: z.array(z.string()).nullable(),
    min_price: dollars.nullable(),
    max_price: dollars.nullable(),
    min_score: z.number().nullable(),
    min_bedrooms: z.number().nullable(),
    min_sqft: z.number().nullable(),
    created_at: instant,
  })
  .openapi('BuyBox');

const FIELDS: Readonly<Partial<Record<ContactField, keyof z.output<typeof limits>>>> = {
  boxCounties: 'counties',
  boxTypes: 'property_types',
  boxZips: 'zip_codes',
  minPrice: 'min_price',
  maxPrice: 'max_price',
  minScore: 'min_score',
  minBedrooms: 'min_bedrooms',
  minSqft: 'min_sqft',
};
const ANYTHING: BuyBox = {
  countyFips: null,
  propertyTypes: null,
  zipCodes: null,
  minPriceCents: null,
  maxPriceCents: null,
  minScore: null,
  minBedrooms: null,
  minSqft: null,
};

/** `/api/v1/buy-boxes`: what investors and partners buy. */
export function buyBoxEndpoints(deps: Pick<ApiDeps, 'sealer' | 'hashKey' | 'contactDesk' | 'countySlug'>): Endpoint[] {
  const about = { tag: 'Outreach' };
  const read = (body: z.output<typeof limits>): BuyBox => {
    const field = (name: ContactField) => {
      const key = FIELDS[name];
      const value = key === undefined ? undefined : body[key];
      return Array.isArray(value) ? value.join(';') : String(value ?? '');
    };
    return partOf(deps.contactDesk, 'Buy boxes').readBuyBox(field) ?? ANYTHING;
  };
  const shown = (box: StoredBuyBox) => ({
    id: box.id,
    contact_id: box.contactId,
    name: box.name,
    counties: box.countyFips?.map((fips) => deps.countySlug?.(fips) ?? fips) ?? null,
    property_types: box.propertyTypes === null ? null : [...box.propertyTypes],
    zip_codes: box.zipCodes === null ? null : [...box.zipCodes],
    min_price: box.minPriceCents,
    max_price: box.maxPriceCents,
    min_score: box.minScore,
    min_bedrooms: box.minBedrooms,
    min_sqft: box.minSqft,
    created_at: box.createdAt,
  });
  const checkBuyer = async (trx: TenantTrx, contactId: string) => {
    const contact = await contactOfId(trx, keysOf(deps), contactId);
    if (contact.kind === 'owner') throw new ReosError('conflict', 'An owner sells; only investors and partners buy.');
    if (contact.erasedAt !== null) throw new ReosError('conflict', 'The contact was erased.');
  };
  return [
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/buy-boxes',
        operationId: 'listBuyBoxes',
        summary: 'Buy boxes, of all or of one contact',
        permission: 'outreach:read',
        query: z.object({ ...pageQuery, contact_id: id.optional() }),
        answer: pageOf(buyBox),
      },
      async ({ trx, query }) => {
        const filter = { contactId: query.contact_id, afterId: readIdCursor(query.cursor), limit: query.limit + 1 };
        return toPage(await listBuyBoxPage(trx, filter), query.limit, 'id', (row) => [row.id], shown);
      },
    ),
    endpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/buy-boxes',
        operationId: 'createBuyBox',
        summary: 'Say what a contact buys; a box of the same name is replaced as a whole',
        permission: 'outreach:update',
        body: limits.extend({ contact_id: id, name: text(60).default('main') }),
        answer: buyBox,
        status: 201,
      },
      async ({ trx, body }) => {
        const { contact_id: contactId, name, ...wanted } = body;
        await checkBuyer(trx, contactId);
        const { id: boxId } = await setBuyBox(trx, contactId, name, read(wanted));
        return shown(await buyBoxOfId(trx, boxId));
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/buy-boxes/{id}',
        operationId: 'getBuyBox',
        summary: 'One buy box',
        permission: 'outreach:read',
        params: idParams,
        answer: buyBox,
      },
      async ({ trx, params }) => shown(await buyBoxOfId(trx, params.id)),
    ),
    endpoint(
      {
        ...about,
        method: 'put',
        path: '/api/v1/buy-boxes/{id}',
        operationId: 'replaceBuyBox',
        summary: 'Replace what a buy box asks for; what is left out is not limited',
        permission: 'outreach:update',
        params: idParams,
        body: limits,
        answer: buyBox,
      },
      async ({ trx, params, body }) => {
        const box = await buyBoxOfId(trx, params.id);
        if (box.contactId === null)
          throw new ReosError('conflict', 'This box is the tenant’s own; it is not a contact’s.');
        await checkBuyer(trx, box.contactId);
        await setBuyBox(trx, box.contactId, box.name, read(body));
        return shown(await buyBoxOfId(trx, params.id));
      },
    ),
    endpoint(
      {
        ...about,
        method: 'delete',
        path: '/api/v1/buy-boxes/{id}',
        operationId: 'deleteBuyBox',
        summary: 'Remove a buy box; a contact without one gets no memos',
        permission: 'outreach:delete',
        params: idParams,
        answer: null,
      },
      async ({ trx, params }) => {
        if (!(await removeBuyBox(trx, params.id))) {
          throw new ReosError('not_found', `There is no buy box ${params.id}.`);
        }
      },
    ),
  ];
}
