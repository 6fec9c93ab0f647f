import { createHmac } from 'node:crypto';
import type { SuppressionReason } from '../../domain/outreach/provider-event.ts';
import type { TenantTrx } from '../tenant.ts';

/** How a message reaches its recipient. */
export type ChannelKind = 'email' | 'sms' | 'mail';

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

/** One spelling per recipient: e-mail in lower case, phones as digits, postal addresses in upper case with single blanks. */
export function normaliseRecipient(channel: ChannelKind, address: string): string {
  const text = address.normalize('NFKC').trim();
  if (channel === 'email') return text.toLowerCase();
  if (channel === 'sms') return text.replace(/[^0-9]/g, '');
  return text.toUpperCase().replace(/\s+/g, ' ');
}

/** The suppressed ones among the hashes, each with its reason: the tenant's own list and the global one. */
export async function findSuppressions(
  trx: TenantTrx,
  channel: ChannelKind,
  hashes: readonly string[],
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
    .execute();
  return new Map([...everywhere, ...own].map((row) => [row.addressHash, row.reason]));
}

/** Suppresses an address for the tenant. The first reason stays. Returns false when it was suppressed already. */
export async function suppressAddress(
  trx: TenantTrx,
  entry: { channel: ChannelKind; addressHash: string; reason: SuppressionReason; at: Date },
): Promise<boolean> {
  const inserted = await trx.db
    .insertInto('suppressions')
    .values({ tenantId: trx.tenantId, ...entry })
    .onConflict((conflict) => conflict.columns(['tenantId', 'channel', 'addressHash']).doNothing())
    .returning('addressHash')
    .execute();
  return inserted.length > 0;
}
