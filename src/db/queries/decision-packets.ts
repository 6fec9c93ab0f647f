import { type SqlBool, sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { Evidence, KnownPacket, Severity } from '../../domain/market/packets.ts';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

const COLUMNS = [
  'id',
  'issueKey',
  'issue',
  'severity',
  'market',
  'segment',
  'tool',
  'evidence',
  'action',
  'impactLow',
  'impactExpected',
  'impactHigh',
  'confidence',
  'statedConfidence',
  'owner',
  'ownerId',
  'status',
  'statusReason',
  'firstSeen',
  'lastSeen',
  'timesSeen',
  'escalatedAt',
  'expiresAt',
  'createdAt',
  'updatedAt',
] as const;

/** A packet as it is kept. Impacts in dollars, confidences 0–1, `firstSeen` and `lastSeen` days. */
export type PacketRow = Omit<Awaited<ReturnType<typeof selectPacket>>, 'severity' | 'status' | 'evidence'> & {
  severity: Severity;
  status: KnownPacket['status'];
  evidence: Evidence[];
};

/** What a list is narrowed to. */
export interface PacketFilter {
  status?: string | undefined;
  severity?: string | undefined;
  market?: string | undefined;
  ownerId?: string | undefined;
}

/** Packets, newest change first. */
export async function listPackets(
  trx: TenantTrx,
  filter: PacketFilter,
  page: { limit: number; after?: TimePlace | undefined },
): Promise<Array<PacketRow & { micros: number }>> {
  const rows = await trx.db
    .selectFrom('decisionPackets')
    .select([...COLUMNS, microsOf('updatedAt').as('micros')])
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.severity !== undefined, (query) => query.where('severity', '=', filter.severity!))
    .$if(filter.market !== undefined, (query) => query.where('market', '=', filter.market!))
    .$if(filter.ownerId !== undefined, (query) => query.where('ownerId', '=', filter.ownerId!))
    .$if(page.after !== undefined, (query) => query.where(isAfter('updatedAt', 'id', page.after!, 'desc')))
    .orderBy('updatedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows as unknown as Array<PacketRow & { micros: number }>;
}

/** Live packets, worst first. */
export async function livePackets(trx: TenantTrx, limit = 200): Promise<PacketRow[]> {
  const rows = await trx.db
    .selectFrom('decisionPackets')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('status', 'in', ['open', 'accepted'])
    .orderBy(sql`array_position(array['CRITICAL','HIGH','MEDIUM','LOW'], severity)`)
    .orderBy(sql`abs(coalesce(impact_expected, 0)) desc`)
    .orderBy('issueKey')
    .limit(limit)
    .execute();
  return rows as unknown as PacketRow[];
}

function selectPacket(trx: TenantTrx, id: string) {
  return trx.db
    .selectFrom('decisionPackets')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow(() => new ReosError('not_found', `There is no decision packet ${id}.`));
}

/** @throws ReosError `not_found` */
export async function readPacket(trx: TenantTrx, id: string): Promise<PacketRow> {
  return (await selectPacket(trx, id)) as unknown as PacketRow;
}

/**
 * Changes a packet as a person decided.
 * @param from the statuses it may be in
 * @throws ReosError `not_found`, `conflict` when it is in another status
 */
export async function decidePacket(
  trx: TenantTrx,
  id: string,
  change: { status: 'accepted' | 'rejected' | 'closed'; reason: string | null; from: readonly string[] },
  now: Date,
): Promise<PacketRow> {
  const row = await trx.db
    .updateTable('decisionPackets')
    .set({ status: change.status, statusReason: change.reason, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .where(sql<SqlBool>`status = any(${[...change.from]})`)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row !== undefined) return row as unknown as PacketRow;
  const { status } = await readPacket(trx, id);
  throw new ReosError(
    'conflict',
    `The packet is ${status}; only what is ${change.from.join(' or ')} can be so decided.`,
  );
}

/**
 * Takes a person's decision back.
 * @throws ReosError `not_found`, `conflict` when nothing was decided, or when the same issue was found anew since
 */
export async function reopenPacket(trx: TenantTrx, id: string, now: Date): Promise<PacketRow> {
  const decided = ['accepted', 'rejected', 'closed'];
  const row = await trx.db
    .updateTable('decisionPackets as packet')
    .set({ status: 'open', statusReason: null, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .where('status', 'in', decided)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('decisionPackets as other')
            .select('other.id')
            .whereRef('other.tenantId', '=', 'packet.tenantId')
            .whereRef('other.issueKey', '=', 'packet.issueKey')
            .whereRef('other.id', '<>', 'packet.id')
            .where('other.status', 'in', ['open', 'accepted']),
        ),
      ),
    )
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row !== undefined) return row as unknown as PacketRow;
  const { status } = await readPacket(trx, id);
  throw new ReosError(
    'conflict',
    decided.includes(status)
      ? 'The same issue was found anew since: decide on the newer packet.'
      : `The packet is ${status}: there is no decision to take back.`,
  );
}

/** Gives the packet to a user, or to nobody. @throws ReosError `not_found` for a packet, `validation` for a user that is not there */
export async function assignPacket(trx: TenantTrx, id: string, ownerId: string | null, now: Date): Promise<PacketRow> {
  const user =
    ownerId === null
      ? null
      : await trx.db
          .selectFrom('userAccounts')
          .select('name')
          .where('tenantId', '=', trx.tenantId)
          .where('id', '=', ownerId)
          .where('status', '=', 'active')
          .executeTakeFirst();
  if (user === undefined) {
    throw new ReosError('validation', `owner_id: there is no active user ${ownerId}.`, {
      details: { field: 'body.owner_id' },
    });
  }
  const row = await trx.db
    .updateTable('decisionPackets')
    .set({ ownerId, owner: user?.name ?? null, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row === undefined) throw new ReosError('not_found', `There is no decision packet ${id}.`);
  return row as unknown as PacketRow;
}

/** The recommendation that was written down for the packet; undefined when none was. */
export async function feedbackOfPacket(trx: TenantTrx, packetId: string): Promise<string | undefined> {
  const row = await trx.db
    .selectFrom('mart.feedbackLog')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('packetId', '=', packetId)
    .orderBy('recommendedAt')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
