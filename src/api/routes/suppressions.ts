import { z } from '@hono/zod-openapi';
import { contactOfId } from '../../db/queries/contacts-api.ts';
import { appendEvent } from '../../db/queries/events.ts';
import { hashAddress, suppressAddresses } from '../../db/queries/suppressions.ts';
import { pageSuppressions, removeSuppression, type SuppressionPlace } from '../../db/queries/suppressions-list.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { CHANNEL_KINDS, type ChannelKind, normaliseEmail, normalisePhone } from '../../domain/outreach/contact.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { booleanQuery, id, instant, instantInput, text } from '../kit/schemas.ts';
import { keysOf } from './contact-shapes.ts';

const channel = z.enum(CHANNEL_KINDS);
const suppression = z
  .object({
    channel,
    reason: z.string(),
    contact_id: id.nullable(),
    contact: z.string().nullable().openapi({ description: 'Whose address it is now; only a keyed hash of it is kept' }),
    at: instant,
    expires_at: instant.nullable(),
    source: z.string(),
    address_hash: z.string(),
  })
  .openapi('Suppression');
const MANUAL_REASONS = ['manual', 'unsubscribed', 'do_not_call'] as const;
/** Addresses in one request, at most. */
const MAX_ADDRESSES = 500;
const HASH = /^[0-9a-f]{64}$/;

/** `/api/v1/suppressions`: addresses to which the tenant writes no more. */
export function suppressionEndpoints(deps: Pick<ApiDeps, 'sealer' | 'hashKey'>): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/suppressions',
        operationId: 'listSuppressions',
        tag: 'Outreach',
        summary: 'Suppressed addresses, the newest first',
        permission: 'outreach:read',
        query: z.object({
          ...pageQuery,
          channel: channel.optional(),
          address: text(320).optional().openapi({ description: 'One address; needs channel' }),
          with_ended: booleanQuery.default(false),
        }),
        answer: pageOf(suppression),
      },
      async ({ trx, query, now }) => {
        if (query.address !== undefined && query.channel === undefined) {
          throw wrong('address', 'needs channel: an address is hashed with its channel');
        }
        const addressHash =
          query.address === undefined || query.channel === undefined
            ? undefined
            : hashAddress(deps.hashKey, query.channel, checkAddress(query.channel, query.address, 'address'));
        const rows = await pageSuppressions(trx, {
          channel: query.channel,
          addressHash,
          withEnded: query.with_ended,
          now,
          after: placeOf(query.cursor),
          limit: query.limit + 1,
        });
        const names = await namesOf(trx, rows.slice(0, query.limit));
        return toPage(
          rows,
          query.limit,
          'suppressions',
          (row) => [row.micros, row.channel, row.addressHash],
          (row) => ({
            channel: row.channel,
            reason: row.reason,
            contact_id: row.contactId,
            contact: row.contactId === null ? null : (names.get(row.contactId) ?? null),
            at: row.at,
            expires_at: row.expiresAt,
            source: row.source,
            address_hash: row.addressHash,
          }),
        );
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/suppressions',
        operationId: 'addSuppressions',
        tag: 'Outreach',
        summary: `Suppress one or up to ${MAX_ADDRESSES} addresses of a channel: nothing more is sent to them by it`,
        permission: 'outreach:update',
        body: z.strictObject({
          channel,
          addresses: z.array(text(500)).min(1).max(MAX_ADDRESSES),
          reason: z.enum(MANUAL_REASONS).default('manual'),
          source: text(200).default('api').openapi({ description: 'Who asked for it, or which list' }),
          expires_at: instantInput.nullable().default(null),
        }),
        answer: z.object({
          addresses: z.int(),
          suppressed: z.int().openapi({ description: 'Those that were not suppressed for as long before' }),
        }),
        status: 201,
      },
      async ({ trx, body, now }) => {
        const { channel: by, reason, source, expires_at: expiresAt } = body;
        if (expiresAt !== null && expiresAt <= now) throw wrong('expires_at', 'lies in the past');
        const hashes = body.addresses.map((address, at) =>
          hashAddress(deps.hashKey, by, checkAddress(by, address, `addresses.${at}`)),
        );
        const entries = [...new Set(hashes)].map((addressHash) => ({
          channel: by,
          addressHash,
          reason,
          at: now,
          expiresAt,
          source,
        }));
        return { addresses: entries.length, suppressed: await suppressAddresses(trx, entries) };
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/suppressions/remove',
        operationId: 'removeSuppression',
        tag: 'Outreach',
        summary: 'Take an address off the list again, with the reason; the log keeps it',
        description:
          'What a person asked for themselves (unsubscribed, spam) and erased contacts stay: they take it back by a new consent.',
        permission: 'outreach:approve',
        body: z.strictObject({
          channel,
          address: text(500).optional(),
          address_hash: z.string().regex(HASH, 'must be 64 hexadecimal digits').optional(),
          reason: text(300).refine((value) => value.trim() !== '', 'must say why'),
        }),
        answer: z.object({ channel, removed: z.literal(true) }),
      },
      async ({ trx, body, principal }) => {
        if ((body.address === undefined) === (body.address_hash === undefined)) {
          throw wrong('address', 'give either address or address_hash');
        }
        const addressHash =
          body.address_hash ??
          hashAddress(deps.hashKey, body.channel, checkAddress(body.channel, body.address!, 'address'));
        const removed = await removeSuppression(trx, { channel: body.channel, addressHash });
        if (removed === undefined) throw new ReosError('not_found', 'The address is not on the tenant’s list.');
        if (['unsubscribed', 'spam', 'erased'].includes(removed.reason)) {
          throw new ReosError(
            'conflict',
            `The address is suppressed because its owner asked for it (${removed.reason}): it stays.`,
          );
        }
        await appendEvent(trx, {
          eventType: 'timeline.updated',
          propertyId: null,
          correlationId: `suppression:${addressHash.slice(0, 16)}`,
          payload: { kind: 'suppression.removed', channel: body.channel, was: removed.reason, reason: body.reason },
          source: 'operator',
          userId: principal.id,
        });
        return { channel: body.channel, removed: true as const };
      },
    ),
  ];

  async function namesOf(trx: TenantTrx, rows: ReadonlyArray<{ contactId: string | null }>) {
    const ids = [...new Set(rows.flatMap(({ contactId }) => contactId ?? []))];
    if (ids.length === 0) return new Map<string, string>();
    const keys = keysOf(deps);
    const names = new Map<string, string>();
    for (const contactId of ids) names.set(contactId, (await contactOfId(trx, keys, contactId)).details.name);
    return names;
  }
}

const wrong = (field: string, what: string) =>
  new ReosError('validation', `${field}: ${what}.`, { details: { field } });

function checkAddress(by: ChannelKind, given: string, field: string): string {
  const address = by === 'email' ? normaliseEmail(given) : by === 'sms' ? normalisePhone(given) : given.trim();
  if (address !== null && address !== '') return address;
  throw wrong(field, by === 'email' ? 'is no e-mail address' : by === 'sms' ? 'is no phone number' : 'is blank');
}

function placeOf(cursor: string | undefined): SuppressionPlace | undefined {
  const key = readCursor('suppressions', cursor, 3);
  if (key === undefined) return undefined;
  const [micros, by, addressHash] = key;
  if (
    typeof micros === 'number' &&
    Number.isFinite(micros) &&
    Math.abs(micros) < 8.64e15 &&
    typeof by === 'string' &&
    typeof addressHash === 'string'
  ) {
    return { micros, channel: by, addressHash };
  }
  throw wrong('cursor', 'is no cursor of this list. Start again without it');
}
