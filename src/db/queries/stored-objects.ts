import type { TenantTrx } from '../tenant.ts';
import { countUsage, spendQuota } from './usage.ts';

/**
 * Counts an object that is about to be stored under the tenant's key, before its bytes are written. The same object
 * again counts nothing; another under the same key counts the difference.
 * @returns the bytes that were counted under the key until now, 0 for a new key
 * @throws ReosError `quota_exceeded` when the plan has no room for it; nothing is counted then
 */
export async function keepObject(trx: TenantTrx, key: string, bytes: number, now: Date): Promise<number> {
  const before = await lockObject(trx, key, now);
  if (before === bytes) return before;
  await spendQuota(trx, 'storage_bytes', bytes - before, now);
  await writeBytes(trx, key, bytes);
  return before;
}

/** Counts an object as it was before: its bytes could not be written. */
export async function unkeepObject(trx: TenantTrx, key: string, before: number, now: Date): Promise<void> {
  const counted = await lockObject(trx, key, now);
  await countUsage(trx, 'storage_bytes', before - counted, now);
  await writeBytes(trx, key, before);
}

/** Two writers of one key go one after the other. */
async function lockObject(trx: TenantTrx, key: string, now: Date): Promise<number> {
  const row = await trx.db
    .insertInto('storedObjects')
    .values({ tenantId: trx.tenantId, key, bytes: 0, createdAt: now })
    .onConflict((oc) => oc.columns(['tenantId', 'key']).doUpdateSet((eb) => ({ key: eb.ref('excluded.key') })))
    .returning('bytes')
    .executeTakeFirstOrThrow();
  return row.bytes;
}

async function writeBytes(trx: TenantTrx, key: string, bytes: number): Promise<void> {
  await trx.db
    .updateTable('storedObjects')
    .set({ bytes })
    .where('tenantId', '=', trx.tenantId)
    .where('key', '=', key)
    .execute();
}
