import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { type ChannelKind, normalisePhone } from '../../domain/outreach/contact.ts';
import type { SuppressionReason } from '../../domain/outreach/provider-event.ts';
import type { TenantTrx } from '../tenant.ts';
import { lockAddresses } from './outreach-locks.ts';

export type { ChannelKind } from '../../domain/outreach/contact.ts';

/**
 * The keyed hash under which an address is suppressed: HMAC-SHA256 (hex) over channel and normalised address. Keyed, so
 * that the list of hashes cannot be matched against guessed addresses; the same for every tenant.
 * @param hashKey secret of the installation; another key forgets every suppression
 */
export function hashAddress(hashKey: string, channel: ChannelKind, address: string): string {
  return createHmac('sha256', hashKey)
    .update(`${channel}:${normaliseRecipient(channel, address)}`)
    .digest('hex');
}

/** One spelling per recipient: e-mail in lower case, phones in E.164, postal addresses in upper case with single blanks. */
export function normaliseRecipient(channel: ChannelKind, address: string): string {
  const text = address.normalize('NFKC').trim();
  if (channel === 'email') return text.toLowerCase();
  if (channel === 'sms') return normalisePhone(text) ?? text.replace(/[^0-9]/g, '');
  return text.toUpperCase().replace(/\s+/g, ' ');
}

/** The suppressed ones among the hashes at this time, each with its reason: the tenant's own list and the global one. */
export async function findSuppressions(
  trx: TenantTrx,
  channel: ChannelKind,
  hashes: readonly string[],
  now: Date,
): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const everywhere = await trx.db
    .selectFrom('globalSuppressions')
    .select(['addressHash', 'reason'])
    .where('channel', '=', channel)
    .where('addressHash', 'in', hashes)
    .execute();
  const own = await trx.db
    .selectFrom('suppressions')
    .select(['addressHash', 'reason'])
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .where('addressHash', 'in', hashes)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)]))
    .execute();
  return new Map([...everywhere, ...own].map((row) => [row.addressHash, row.reason]));
}

/** An address that gets no more messages; `expiresAt` null means for ever. */
export interface Suppression {
  channel: ChannelKind;
  addressHash: string;
  reason: SuppressionReason;
  at: Date;
  expiresAt?: Date | null;
  source?: string;
}

/**
 * Suppresses an address for the tenant. The first reason stays, but for one that ends: it gives way to one that ends
 * later or never. Returns false when nothing changed.
 */
export async function suppressAddress(trx: TenantTrx, entry: Suppression): Promise<boolean> {
  return (await suppressAddresses(trx, [entry])) > 0;
}

/**
 * Suppresses many addresses, at most some hundred at a time; see `suppressAddress`. It takes the lock under which a send
 * reads the list, so none is reserved after it has committed. Returns how many changed.
 */
export async function suppressAddresses(trx: TenantTrx, entries: readonly Suppression[]): Promise<number> {
  const unique = [...new Map(entries.map((entry) => [`${entry.channel}:${entry.addressHash}`, entry])).values()];
  if (unique.length === 0) return 0;
  await lockAddresses(
    trx,
    unique.map(({ addressHash }) => addressHash),
  );
  const written = await trx.db
    .insertInto('suppressions')
    .values(
      unique.map(({ expiresAt = null, source = 'outreach', ...rest }) => ({
        tenantId: trx.tenantId,
        ...rest,
        expiresAt,
        source,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'channel', 'addressHash'])
        .doUpdateSet((eb) => ({
          reason: eb.ref('excluded.reason'),
          at: eb.ref('excluded.at'),
          expiresAt: eb.ref('excluded.expiresAt'),
          source: eb.ref('excluded.source'),
        }))
        .where('suppressions.expiresAt', 'is not', null)
        .where((eb) =>
          eb.or([
            eb('excluded.expiresAt', 'is', null),
            eb('excluded.expiresAt', '>', eb.ref('suppressions.expiresAt')),
          ]),
        ),
    )
    .returning('addressHash')
    .execute();
  return written.length;
}

/** One line of the tenant's list. */
export interface SuppressionRow {
  channel: ChannelKind;
  addressHash: string;
  reason: string;
  at: Date;
  expiresAt: Date | null;
  source: string;
  /** A contact that has the address now; null when none has. */
  contactId: string | null;
}

/** The tenant's list, newest first; those that have ended are left out unless asked for. */
export async function listSuppressions(
  trx: TenantTrx,
  filter: { channel?: ChannelKind; addressHash?: string; withEnded?: boolean; now: Date; limit: number },
): Promise<SuppressionRow[]> {
  const { rows } = await sql<SuppressionRow>`
    select s.channel, s.address_hash, s.reason, s.at, s.expires_at, s.source, (
      select c.id from contacts c where c.tenant_id = s.tenant_id and s.address_hash in (c.email_hash, c.phone_hash, c.postal_hash)
      limit 1) as contact_id
    from suppressions s
    where s.tenant_id = ${trx.tenantId}
      and (${filter.channel ?? null}::text is null or s.channel = ${filter.channel ?? null})
      and (${filter.addressHash ?? null}::text is null or s.address_hash = ${filter.addressHash ?? null})
      and (${filter.withEnded === true} or s.expires_at is null or s.expires_at > ${filter.now})
    order by s.at desc, s.address_hash limit ${filter.limit}
  `.execute(trx.db);
  return rows;
}
