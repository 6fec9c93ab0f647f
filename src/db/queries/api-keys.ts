import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** A key of a program; the key itself is kept as a hash alone. */
export interface ApiKey {
  id: string;
  name: string;
  /** Its first characters. */
  prefix: string;
  scopes: string[];
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  requestCount: number;
  revokedAt: Date | null;
}

const COLUMNS = [
  'id',
  'name',
  'prefix',
  'scopes',
  'createdBy',
  'createdAt',
  'expiresAt',
  'lastUsedAt',
  'requestCount',
  'revokedAt',
] as const;

/** Adds a key. */
export function insertApiKey(
  trx: TenantTrx,
  key: {
    name: string;
    prefix: string;
    keyHash: string;
    scopes: string[];
    createdBy: string | null;
    createdAt: Date;
    expiresAt: Date | null;
  },
): Promise<ApiKey> {
  return trx.db
    .insertInto('apiKeys')
    .values({ tenantId: trx.tenantId, ...key })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

/** Keys by id, those after `afterId`; revoked ones too. */
export function listApiKeys(trx: TenantTrx, page: { limit: number; afterId: string | undefined }): Promise<ApiKey[]> {
  return trx.db
    .selectFrom('apiKeys')
    .select(COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .$if(page.afterId !== undefined, (query) => query.where('id', '>', page.afterId!))
    .orderBy('id')
    .limit(page.limit)
    .execute();
}

/** Revokes a key; false when there is none of that id. */
export async function revokeApiKey(trx: TenantTrx, keyId: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('apiKeys')
    .set({ revokedAt: sql<Date>`coalesce(revoked_at, ${at})` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', keyId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Adds requests to a key's count. When somebody else is at it, nothing is added, and the answer is false. */
export async function addKeyUse(trx: TenantTrx, keyId: string, requests: number, at: Date): Promise<boolean> {
  const free = trx.db
    .selectFrom('apiKeys')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', keyId)
    .forNoKeyUpdate()
    .skipLocked();
  const { numUpdatedRows } = await trx.db
    .updateTable('apiKeys')
    .set({ requestCount: sql`request_count + ${requests}`, lastUsedAt: at })
    .where('tenantId', '=', trx.tenantId)
    .where('id', 'in', free)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
