import { sql } from 'kysely';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { TenantTrx } from '../tenant.ts';
import { lockAddresses } from './outreach-locks.ts';

/** A record of consent given or taken back. Records are never changed; the newest of an address and channel counts. */
export interface Consent {
  channel: ChannelKind;
  addressHash: string;
  contactId: string | null;
  status: 'granted' | 'revoked';
  /** How it was given, such as `web form` or `reply STOP`. */
  method: string;
  /** Where it can be looked up: a form entry, a recording, a file and line. */
  evidence: string;
  /** When the person said so. */
  at: Date;
  expiresAt: Date | null;
  recordedBy: string;
}

/**
 * Records consents; one that is there already (same address, channel, answer, time and method) is left out. A revocation
 * waits for sends that are being decided, so none is reserved after it. Returns how many are new.
 */
export async function recordConsents(trx: TenantTrx, consents: readonly Consent[]): Promise<number> {
  const revoked = consents.filter((consent) => consent.status === 'revoked');
  await lockAddresses(
    trx,
    revoked.map(({ addressHash }) => addressHash),
  );
  let added = 0;
  for (const consent of consents) {
    const known = await trx.db
      .selectFrom('consents')
      .select('id')
      .where('tenantId', '=', trx.tenantId)
      .where('channel', '=', consent.channel)
      .where('addressHash', '=', consent.addressHash)
      .where('status', '=', consent.status)
      .where('at', '=', consent.at)
      .where('method', '=', consent.method)
      .executeTakeFirst();
    if (known !== undefined) continue;
    await trx.db
      .insertInto('consents')
      .values({ tenantId: trx.tenantId, ...consent })
      .execute();
    added += 1;
  }
  return added;
}

/** Every record about these addresses or this contact, newest first. */
export async function listConsents(
  trx: TenantTrx,
  of: { contactId: string; addressHashes: readonly string[] },
): Promise<(Consent & { recordedAt: Date })[]> {
  const rows = await trx.db
    .selectFrom('consents')
    .select(['channel', 'addressHash', 'contactId', 'status', 'method', 'evidence', 'at', 'expiresAt'])
    .select(['recordedBy', 'recordedAt'])
    .where('tenantId', '=', trx.tenantId)
    .where((eb) =>
      eb.or([
        eb('contactId', '=', of.contactId),
        eb('addressHash', '=', sql<string>`any(${[...of.addressHashes]}::text[])`),
      ]),
    )
    .orderBy('at', 'desc')
    .orderBy('recordedAt', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, channel: row.channel as ChannelKind, status: row.status as Consent['status'] }));
}
