import { z } from '@hono/zod-openapi';
import type { ContactKeys } from '../../db/queries/contacts.ts';
import type { ListedContact } from '../../db/queries/contacts-list.ts';
import { CONTACT_KINDS } from '../../domain/outreach/contact.ts';
import type { ContactField } from '../../domain/outreach/contact-columns.ts';
import type { ApiDeps } from '../deps.ts';
import { id, instant, text } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';

/** A contact in answers. */
export const contact = z
  .object({
    id,
    kind: z.enum(CONTACT_KINDS),
    status: z.enum(['active', 'archived']),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable().openapi({ description: 'E.164' }),
    postal_address: z
      .object({
        line1: z.string(),
        line2: z.string().nullable(),
        city: z.string(),
        state: z.string(),
        zip_code: z.string(),
      })
      .nullable(),
    time_zone: z.string(),
    state: z.string().nullable(),
    tags: z.array(z.string()),
    source: z.string().nullable(),
    created_at: instant,
    erased_at: instant.nullable(),
  })
  .openapi('Contact');

/** What may be said about a contact. */
export const contactFields = z.strictObject({
  name: text(200).optional(),
  email: text(320).nullable().optional(),
  phone: text(40).nullable().optional(),
  street: text(64).nullable().optional(),
  city: text(200).nullable().optional(),
  state: text(30).nullable().optional(),
  zip_code: text(10).nullable().optional(),
  tags: z.array(text(60)).max(50).optional(),
  time_zone: text(60).nullable().optional().openapi({ description: 'IANA; else known from state and ZIP code' }),
});

/** The fields of a body, as a row of an import names them. */
const FIELDS: Readonly<Partial<Record<ContactField, keyof z.output<typeof contactFields>>>> = {
  name: 'name',
  email: 'email',
  phone: 'phone',
  line1: 'street',
  city: 'city',
  state: 'state',
  zipCode: 'zip_code',
  timeZone: 'time_zone',
};

/** Reads a body as a row of an import is read. */
export function fieldReader(fields: z.output<typeof contactFields>): (field: ContactField) => string {
  return (field) => {
    if (field === 'tags') return (fields.tags ?? []).join(';');
    const name = FIELDS[field];
    return name === undefined ? '' : String(fields[name] ?? '').trim();
  };
}

/** A stored contact as answers show it. */
export function contactOf(row: ListedContact): z.input<typeof contact> {
  const post = row.details.postalAddress;
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    name: row.details.name,
    email: row.details.email,
    phone: row.details.phone,
    postal_address:
      post === null
        ? null
        : { line1: post.line1, line2: post.line2, city: post.city, state: post.state, zip_code: post.zipCode },
    time_zone: row.timeZone,
    state: row.state,
    tags: row.tags,
    source: row.source,
    created_at: row.createdAt,
    erased_at: row.erasedAt,
  };
}

/**
 * What contact data is sealed with.
 * @throws ReosError `missing_part` where the API was started without
 */
export function keysOf(deps: Pick<ApiDeps, 'sealer' | 'hashKey'>): ContactKeys {
  return { sealer: partOf(deps.sealer, 'Contacts'), hashKey: deps.hashKey };
}
