import { stat } from 'node:fs/promises';
import type { Database } from '../../db/connect.ts';
import { keepObject, unkeepObject } from '../../db/queries/stored-objects.ts';
import { withTenant } from '../../db/tenant.ts';
import type { ObjectStore } from '../../storage/object-store.ts';

const OWNER = /^tenants\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\//;

/**
 * A store that counts what each tenant keeps and refuses, before a byte is written, what its plan has no room for. The
 * tenant is in the key; keys of no tenant are not counted. Writing throws ReosError `quota_exceeded` besides.
 */
export function meterStorage(deps: { db: Database; clock: () => Date }, store: ObjectStore): ObjectStore {
  const counted = async (key: string, size: () => Promise<number>, write: () => Promise<void>) => {
    const tenantId = OWNER.exec(key)?.[1];
    if (tenantId === undefined) return write();
    const bytes = await size();
    const before = await withTenant(deps.db, tenantId, (trx) => keepObject(trx, key, bytes, deps.clock()));
    try {
      await write();
    } catch (error) {
      await withTenant(deps.db, tenantId, (trx) => unkeepObject(trx, key, before, deps.clock()));
      throw error;
    }
  };
  return {
    ...store,
    put: (key, bytes, contentType) =>
      counted(
        key,
        async () => bytes.length,
        () => store.put(key, bytes, contentType),
      ),
    putFile: (key, path, contentType) =>
      counted(
        key,
        async () => (await stat(path)).size,
        () => store.putFile(key, path, contentType),
      ),
    async remove(key) {
      await store.remove(key);
      const tenantId = OWNER.exec(key)?.[1];
      if (tenantId !== undefined) {
        await withTenant(deps.db, tenantId, (trx) => unkeepObject(trx, key, 0, deps.clock()));
      }
    },
  };
}
