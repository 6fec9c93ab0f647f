import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../src/db/connect.ts';
import { type TenantTrx, withTenant } from '../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const TRANSACTIONS = 10_000;
const AT_ONCE = 16;
let database: TestDatabase;
let pool: Database;
const tenants = [randomUUID(), randomUUID()] as const;

beforeAll(async () => {
  database = await createTestDatabase();
  for (const [index, tenantId] of tenants.entries()) {
    await database.query(`insert into tenants (id, slug, name) values ($1, $2, $2)`, [tenantId, `t${index}`]);
    await database.query(`insert into tags (tenant_id, name) values ($1, 'kept')`, [tenantId]);
  }
  pool = connect({ url: database.url, logger: pino({ level: 'silent' }), max: 2 });
});
afterAll(async () => {
  await pool.close();
  await database.close();
});

/** What one transaction came to: `true` when it saw its own tenant alone. */
type Seen = 'own' | 'foreign' | 'thrown' | 'cancelled';

/** The n-th transaction: one in five throws, one in ten is cancelled by its own time-out or from outside. */
async function nth(n: number): Promise<Seen> {
  const tenantId = tenants[n % 2]!;
  let isForeign = false;
  try {
    await withTenant(pool, tenantId, async ({ db }) => {
      const look = async () => {
        const { rows } = await sql<{ tenantId: string; who: string; setting: string }>`
          select tenant_id, current_user::text as who, current_setting('app.current_tenant_id') as setting from tags`.execute(
          db,
        );
        isForeign ||=
          rows.length === 0 ||
          rows.some((row) => row.tenantId !== tenantId || row.who !== 'reos_app' || row.setting !== tenantId);
      };
      await look();
      if (n % 5 === 1) {
        await sql`insert into tags (tenant_id, name) values (${tenantId}, ${`never-${n}`})`.execute(db);
        throw new Error('given up');
      }
      if (n % 40 === 4) await sql`select set_config('statement_timeout', '5', true), pg_sleep(0)`.execute(db);
      if (n % 40 === 4) await sql`select pg_sleep(5)`.execute(db);
      if (n % 40 === 24) await cancelledSleep(db);
      await look();
    });
  } catch (error) {
    if (isForeign) return 'foreign';
    if (error instanceof Error && error.message === 'given up') return 'thrown';
    if (error instanceof Error && /canceling statement/.test(error.message)) return 'cancelled';
    throw error;
  }
  return isForeign ? 'foreign' : 'own';
}

/** Sleeps until somebody outside cancels it. */
async function cancelledSleep(db: TenantTrx['db']): Promise<void> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  let isOver = false;
  const sleeping = sql`select pg_sleep(9)`.execute(db).finally(() => {
    isOver = true;
  });
  const cancel = async () => {
    while (!isOver) {
      const done = await database.query(
        `select pg_cancel_backend(pid) from pg_stat_activity
         where pid = $1 and state = 'active' and query = 'select pg_sleep(9)'`,
        [rows[0]?.pid],
      );
      if (done.length > 0) return;
    }
  };
  await Promise.all([sleeping, cancel()]);
}

describe('two tenants on two pooled connections', () => {
  it(`read nothing of each other in ${TRANSACTIONS} interleaved transactions, aborted and cancelled ones among them`, async () => {
    const counts: Record<Seen, number> = { own: 0, foreign: 0, thrown: 0, cancelled: 0 };
    let next = 0;
    const startedAt = performance.now();
    const work = async () => {
      for (let n = next++; n < TRANSACTIONS; n = next++) counts[await nth(n)] += 1;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(counts).toEqual({ own: 7_500, foreign: 0, thrown: 2_000, cancelled: 500 });
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    expect(await database.query('select name from tags order by 1')).toEqual([{ name: 'kept' }, { name: 'kept' }]);
  });

  it('leave nothing behind on a connection: outside a transaction it sees nobody’s rows', async () => {
    await expect(sql`select * from tags`.execute(pool.pool)).rejects.toThrow(/permission denied/);
  });
});
