import { sql } from 'kysely';
import type { Role } from '../../domain/policy.ts';
import type { TenantTrx } from '../tenant.ts';

/** An invitation; its token is kept as a hash alone. */
export interface Invitation {
  id: string;
  email: string;
  role: Role;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

const COLUMNS = ['id', 'email', 'role', 'createdAt', 'expiresAt', 'acceptedAt', 'revokedAt'] as const;
const invitationOf = (row: Omit<Invitation, 'role'> & { role: string }): Invitation => row as Invitation;

/** Adds an invitation; one to the same address that is still open gives way to it. */
export async function insertInvitation(
  trx: TenantTrx,
  invitation: {
    email: string;
    role: Role;
    tokenHash: string;
    invitedBy: string | null;
    createdAt: Date;
    expiresAt: Date;
  },
): Promise<Invitation> {
  // One address at a time, so that of two invitations made at once the later one revokes the other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`invitation:${trx.tenantId}:${invitation.email}`}, 0))`.execute(
    trx.db,
  );
  await trx.db
    .updateTable('invitations')
    .set({ revokedAt: invitation.createdAt })
    .where('tenantId', '=', trx.tenantId)
    .where('email', '=', invitation.email)
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .execute();
  const row = await trx.db
    .insertInto('invitations')
    .values({ tenantId: trx.tenantId, ...invitation })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return invitationOf(row);
}

/** Open invitations by address (of each there is one at most), those after `afterEmail`. */
export async function listOpenInvitations(
  trx: TenantTrx,
  page: { limit: number; afterEmail: string | undefined },
): Promise<Invitation[]> {
  const rows = await trx.db
    .selectFrom('invitations')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .$if(page.afterEmail !== undefined, (query) => query.where('email', '>', page.afterEmail!))
    .orderBy('email')
    .limit(page.limit)
    .execute();
  return rows.map(invitationOf);
}

/** Revokes an invitation; false when there is none of that id that was not accepted. */
export async function revokeInvitation(trx: TenantTrx, invitationId: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('invitations')
    .set({ revokedAt: sql<Date>`coalesce(revoked_at, ${at})` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', invitationId)
    .where('acceptedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes an open invitation, so that it works once; undefined when it is none, expired, used or revoked. */
export async function acceptInvitation(
  trx: TenantTrx,
  tokenHash: string,
  at: Date,
): Promise<Pick<Invitation, 'email' | 'role'> | undefined> {
  const row = await trx.db
    .updateTable('invitations')
    .set({ acceptedAt: at })
    .where('tenantId', '=', trx.tenantId)
    .where('tokenHash', '=', tokenHash)
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', at)
    .returning(['email', 'role'])
    .executeTakeFirst();
  return row && { email: row.email, role: row.role as Role };
}
