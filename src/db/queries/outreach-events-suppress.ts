import { sql } from 'kysely';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { SuppressionReason } from '../../domain/outreach/provider-event.ts';
import { groupBy, type SoftBouncedSend, softBounceEnd } from '../../domain/outreach/provider-event-fold.ts';
import type { TenantTrx } from '../tenant.ts';

/** An address that a recipient's act or a bad address closes for ever. */
export interface PermanentSuppression {
  channel: ChannelKind;
  addressHash: string;
  reason: SuppressionReason;
  at: Date;
}

/** What marks a suppression that softly bounced messages caused: a later delivery ends it. */
const SOFT_SOURCE = 'soft-bounces';
/** The strongest wish stays, weakest first. Reasons outside the list are never overwritten by events. */
const BY_STRENGTH: readonly SuppressionReason[] = ['bounced', 'unsubscribed', 'spam'];

/**
 * Suppresses addresses for ever. Of several reasons the strongest stays with its earliest time, whatever order they come
 * in; one that would have ended gives way.
 */
export async function suppressForEver(trx: TenantTrx, entries: readonly PermanentSuppression[]): Promise<void> {
  if (entries.length === 0) return;
  const values = strongest(entries).map((entry) => ({
    channel: entry.channel,
    address_hash: entry.addressHash,
    reason: entry.reason,
    at: entry.at.toISOString(),
  }));
  const rank = (column: 'excluded' | 'suppressions') =>
    sql`array_position(${[...BY_STRENGTH]}::text[], ${sql.ref(`${column}.reason`)})`;
  await sql`
    insert into suppressions (tenant_id, channel, address_hash, reason, at, expires_at, source)
    select ${trx.tenantId}::uuid, x.channel, x.address_hash, x.reason, x.at, null, 'outreach'
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
      as x(channel text, address_hash text, reason text, at timestamptz)
    order by x.channel, x.address_hash
    on conflict (tenant_id, channel, address_hash) do update set
      reason = excluded.reason, at = excluded.at, expires_at = null, source = excluded.source
    where suppressions.expires_at is not null
      or ${rank('excluded')} > ${rank('suppressions')}
      or (excluded.reason = suppressions.reason and excluded.at < suppressions.at)
  `.execute(trx.db);
}

function strongest(entries: readonly PermanentSuppression[]): PermanentSuppression[] {
  const kept = new Map<string, PermanentSuppression>();
  const rank = ({ reason }: PermanentSuppression) => BY_STRENGTH.indexOf(reason);
  for (const entry of entries) {
    const key = `${entry.channel}:${entry.addressHash}`;
    const known = kept.get(key);
    const isStronger =
      known === undefined ||
      rank(entry) > rank(known) ||
      (entry.reason === known.reason && entry.at.getTime() < known.at.getTime());
    if (isStronger) kept.set(key, entry);
  }
  return [...kept.values()];
}

/**
 * Lets addresses rest to which messages came back softly too often, or ends the rest where a message arrived after all.
 * Follows from all recorded events together, so it comes out the same in any order. Their locks must be held.
 */
export async function settleSoftBounces(
  trx: TenantTrx,
  channel: ChannelKind,
  hashes: readonly string[],
): Promise<void> {
  if (hashes.length === 0) return;
  const { rows } = await sql<SoftBouncedSend & { addressHash: string }>`
    select m.address_hash, max(e.at) as last_at,
      (m.delivered_at is not null or m.opened_at is not null or m.clicked_at is not null) as was_delivered
    from outreach_messages m
    join outreach_events e on e.tenant_id = m.tenant_id and e.send_id = m.send_id
    where m.tenant_id = ${trx.tenantId} and m.channel = ${channel} and m.address_hash = any(${[...hashes]}::text[])
      and m.soft_bounce_count > 0 and e.detail->>'bounce_class' = 'soft'
    group by m.send_id, m.address_hash, m.delivered_at, m.opened_at, m.clicked_at
  `.execute(trx.db);
  const sends = groupBy(rows, (row) => row.addressHash);
  for (const addressHash of [...hashes].sort()) {
    const until = softBounceEnd(sends.get(addressHash) ?? []);
    if (until === null) await endRest(trx, channel, addressHash);
    else await rest(trx, channel, addressHash, until);
  }
}

async function rest(trx: TenantTrx, channel: ChannelKind, addressHash: string, until: Date): Promise<void> {
  const at = new Date(until.getTime() - 30 * 86_400_000);
  await sql`
    insert into suppressions (tenant_id, channel, address_hash, reason, at, expires_at, source)
    values (${trx.tenantId}, ${channel}, ${addressHash}, 'bounced', ${at}, ${until}, ${SOFT_SOURCE})
    on conflict (tenant_id, channel, address_hash) do update set
      reason = excluded.reason, at = excluded.at, expires_at = excluded.expires_at, source = excluded.source
    where suppressions.expires_at is not null
      and (suppressions.source = ${SOFT_SOURCE} or suppressions.expires_at < excluded.expires_at)
  `.execute(trx.db);
}

async function endRest(trx: TenantTrx, channel: ChannelKind, addressHash: string): Promise<void> {
  await trx.db
    .deleteFrom('suppressions')
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .where('addressHash', '=', addressHash)
    .where('source', '=', SOFT_SOURCE)
    .where('expiresAt', 'is not', null)
    .execute();
}
