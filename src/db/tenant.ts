import { CompiledQuery, type Transaction } from 'kysely';
import { ReosError } from '../domain/errors.ts';
import { type Database, databaseError } from './connect.ts';
import type { DB } from './tables.ts';

declare const tenantBrand: unique symbol;
declare const systemBrand: unique symbol;

/** A transaction that sees one tenant's rows. `tenantId` is the tenant for writes. */
export interface TenantTrx {
  readonly [tenantBrand]: true;
  readonly db: Transaction<DB>;
  readonly tenantId: string;
}

/** A transaction that sees every tenant's rows: only in the files that lint lists. */
export interface SystemTrx {
  readonly [systemBrand]: true;
  readonly db: Transaction<DB>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The door to tenant data: one transaction under the role that row-level security binds, with the tenant set for just
 * that transaction (safe behind PgBouncer in transaction mode).
 * @throws ReosError `validation` for a tenant id that is no uuid, `transient` when Postgres does not answer
 */
export async function withTenant<T>(db: Database, tenantId: string, fn: (trx: TenantTrx) => Promise<T>): Promise<T> {
  if (!UUID.test(tenantId)) throw new ReosError('validation', `'${tenantId}' is not a tenant id (a uuid is expected).`);
  try {
    return await db.pool.transaction().execute(async (trx) => {
      // One message: when a part of it fails, nothing after it is done. The id was checked above.
      await trx.executeQuery(
        CompiledQuery.raw(
          `begin; select set_config('role', 'reos_app', true), set_config('app.current_tenant_id', '${tenantId}', true)`,
        ),
      );
      return fn({ db: trx, tenantId } as unknown as TenantTrx);
    });
  } catch (error) {
    throw databaseError(error);
  }
}

/**
 * The door for reading: as `withTenant`, but each statement is a transaction of its own, with role and tenant set in the same
 * message to the server, whose plans are kept. For work that only reads and whose statements may stand alone: it takes a
 * third of the messages. Safe behind PgBouncer in transaction mode, which keeps no plans.
 * @throws ReosError `validation` for a tenant id that is no uuid, `transient` when Postgres does not answer
 */
export async function withTenantReader<T>(
  db: Database,
  tenantId: string,
  fn: (trx: TenantTrx) => Promise<T>,
): Promise<T> {
  if (!UUID.test(tenantId)) throw new ReosError('validation', `'${tenantId}' is not a tenant id (a uuid is expected).`);
  let problem: unknown;
  try {
    const reader = await db.openReader(tenantId);
    try {
      return await fn({ db: reader.db, tenantId } as unknown as TenantTrx);
    } catch (error) {
      problem = error;
      throw error;
    } finally {
      reader.close(problem);
    }
  } catch (error) {
    throw databaseError(error);
  }
}

/**
 * The narrow door past row-level security, for work that belongs to no single tenant: webhook receipt, unsubscribe
 * links, the signal relay, shared buckets, tenant lookup. The reason is logged with each use.
 * @throws ReosError `transient` when Postgres does not answer
 */
export async function withSystem<T>(db: Database, reason: string, fn: (trx: SystemTrx) => Promise<T>): Promise<T> {
  db.logger.debug({ reason }, 'system access');
  try {
    return await db.pool.transaction().execute(async (trx) => {
      await trx.executeQuery(CompiledQuery.raw(`begin; select set_config('role', 'reos_system', true)`));
      return fn({ db: trx } as unknown as SystemTrx);
    });
  } catch (error) {
    throw databaseError(error);
  }
}
