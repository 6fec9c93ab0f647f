import { z } from '@hono/zod-openapi';
import { listBuyBoxes } from '../../db/queries/buy-boxes.ts';
import { listConsents, recordConsents } from '../../db/queries/consents.ts';
import { loadContactRecords } from '../../db/queries/contact-export.ts';
import { contactOfId } from '../../db/queries/contacts-api.ts';
import { addressHashes } from '../../db/queries/contacts-list.ts';
import { eraseContact, listSendsOf } from '../../db/queries/erasure.ts';
import { listPropertiesOf } from '../../db/queries/property-contacts.ts';
import { listSuppressions } from '../../db/queries/suppressions.ts';
import { ReosError } from '../../domain/errors.ts';
import { CHANNEL_KINDS } from '../../domain/outreach/contact.ts';
import { publicShape } from '../../domain/public-shape.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { id, idParams, instant, instantInput, text } from '../kit/schemas.ts';
import { contact, contactOf, keysOf } from './contact-shapes.ts';
import { partOf } from './missing-part.ts';

const consent = z
  .object({
    channel: z.enum(CHANNEL_KINDS),
    status: z.enum(['granted', 'revoked']),
    method: z.string(),
    evidence: z.string(),
    at: instant,
    expires_at: instant.nullable(),
    recorded_by: z.string(),
  })
  .openapi('Consent');
const row = z.record(z.string(), z.unknown());

/** What a person may ask for: their consents, everything that is stored, and to be forgotten. */
export function contactPrivacyEndpoints(deps: Pick<ApiDeps, 'sealer' | 'hashKey' | 'contactDesk'>): Endpoint[] {
  const about = { tag: 'Outreach', params: idParams };
  return [
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/contacts/{id}/consents',
        operationId: 'listConsents',
        summary: 'Consents of a contact, newest first; per channel the newest counts',
        permission: 'outreach:read',
        answer: z.object({ items: z.array(consent) }),
      },
      async ({ trx, params }) => {
        const hashes = addressHashes(await contactOfId(trx, keysOf(deps), params.id)).map((one) => one.addressHash);
        const found = await listConsents(trx, { contactId: params.id, addressHashes: hashes });
        return {
          items: found.map(({ channel, status, method, evidence, at, expiresAt, recordedBy }) => ({
            channel,
            status,
            method,
            evidence,
            at,
            expires_at: expiresAt,
            recorded_by: recordedBy,
          })),
        };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/contacts/{id}/consents',
        operationId: 'recordConsent',
        summary: 'Record consent to a channel, or its revocation; text messages leave only with one',
        permission: 'outreach:update',
        body: z.strictObject({
          channel: z.enum(CHANNEL_KINDS),
          status: z.enum(['granted', 'revoked']),
          method: text(200),
          evidence: text(500),
          at: instantInput.optional(),
          expires_at: instantInput.nullable().optional(),
        }),
        answer: z.object({ recorded: z.boolean() }),
        status: 201,
      },
      async ({ trx, params, body, principal, now }) => {
        const { channel, status, method, evidence, at = now, expires_at: expiresAt = null } = body;
        if (at > now) throw new ReosError('validation', 'at: lies in the future.', { details: { field: 'at' } });
        if (expiresAt !== null && expiresAt <= at) {
          throw new ReosError('validation', 'expires_at: must be after at.', { details: { field: 'expires_at' } });
        }
        const known = await contactOfId(trx, keysOf(deps), params.id);
        const address = addressHashes(known).find((one) => one.channel === channel);
        if (address === undefined) throw new ReosError('conflict', `The contact has no address for ${channel}.`);
        const record = { contactId: params.id, status, method, evidence, at, expiresAt, recordedBy: principal.id };
        return { recorded: (await recordConsents(trx, [{ ...address, ...record }])) > 0 };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/contacts/{id}/export',
        operationId: 'exportContact',
        summary: 'Everything that is stored about a contact',
        permission: 'outreach:read',
        answer: z.object({
          exported_at: instant,
          contact,
          buy_boxes: z.array(row),
          consents: z.array(row),
          suppressions: z.array(row),
          properties: z.array(row),
          messages: z.array(row),
          events: z.array(row),
          inbound_messages: z.array(row),
          erasures: z.array(row),
        }),
      },
      async ({ trx, params, now }) => {
        const keys = keysOf(deps);
        const found = await contactOfId(trx, keys, params.id);
        const hashes = addressHashes(found).map(({ addressHash }) => addressHash);
        const suppressions = [];
        for (const addressHash of hashes) {
          suppressions.push(...(await listSuppressions(trx, { addressHash, withEnded: true, now, limit: 100 })));
        }
        const records = await loadContactRecords(trx, params.id, hashes);
        const consents = await listConsents(trx, { contactId: params.id, addressHashes: hashes });
        return {
          exported_at: now,
          contact: contactOf(found),
          buy_boxes: (await listBuyBoxes(trx, params.id)).map(publicShape),
          consents: consents.map(({ addressHash: _, ...rest }) => publicShape(rest)),
          suppressions: suppressions.map(({ addressHash: _, ...rest }) => publicShape(rest)),
          properties: (await listPropertiesOf(trx, params.id)).map(publicShape),
          messages: records.messages,
          events: records.events,
          inbound_messages: records.inbound.map(({ sealed, ...rest }) => ({
            ...rest,
            content:
              typeof sealed === 'string'
                ? (JSON.parse(keys.sealer.open(`inbound:${trx.tenantId}:${String(rest['id'])}`, sealed)) as unknown)
                : null,
          })),
          erasures: records.erasures,
        };
      },
    ),
    ownEndpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/contacts/{id}/erase',
        operationId: 'eraseContact',
        summary: 'Forget a contact for good: details, replies and files go, and nobody writes to the addresses again',
        permission: 'outreach:delete',
        body: z.strictObject({ confirm: z.literal(true) }),
        answer: z.object({
          id,
          was_erased: z.boolean(),
          removed: z.record(z.string(), z.number()),
          files: z.number().int(),
          in_flight: z
            .number()
            .int()
            .openapi({ description: 'Messages that were leaving just now: erase again in a minute, for their files' }),
        }),
      },
      async ({ principal, params, now, inTenant }) => {
        const desk = partOf(deps.contactDesk, 'Contacts');
        await inTenant((trx) => contactOfId(trx, keysOf(deps), params.id));
        const { wasErased, counts } = await inTenant((trx) =>
          eraseContact(trx, { contactId: params.id, requestedBy: principal.id, at: now }),
        );
        // The files after the rows: once those are gone nothing new is written, and erasing again finds the files still.
        const sends = await inTenant((trx) => listSendsOf(trx, params.id));
        const files = await desk.eraseFiles(principal.tenantId, sends.ids).catch((cause: unknown) => {
          const message = 'The contact is erased, but not all files of its messages are. Ask again.';
          throw new ReosError('transient', message, { cause });
        });
        const removed = publicShape(counts) as Record<string, number>;
        return { id: params.id, was_erased: wasErased, removed, files, in_flight: sends.inFlight };
      },
    ),
  ];
}
