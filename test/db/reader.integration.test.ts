import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../src/db/connect.ts';
import { createScopedRunner } from '../../src/db/scoped-query.ts';
import { type TenantTrx, withTenant, withTenantReader } from '../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

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

interface Seen {
  tenantId: string;
  who: string;
  setting: string;
}
const LOOK = `select tenant_id, current_user::text as who, current_setting('app.current_tenant_id') as setting from tags`;
const look = async (trx: TenantTrx) => (await sql<Seen>`${sql.raw(LOOK)}`.execute(trx.db)).rows;
const own = (tenantId: string) => [{ tenantId, who: 'reos_app', setting: tenantId }];

describe('the door for reading', () => {
  it('shows each tenant its own rows in 2,000 interleaved uses of two connections, failing ones among them', async () => {
    let next = 0;
    const work = async () => {
      for (let n = next++; n < 2_000; n = next++) {
        const tenantId = tenants[n % 2]!;
        const seen = withTenantReader(pool, tenantId, async (trx) => {
          if (n % 5 === 1) await sql`select 1 / (${n}::int - ${n}::int)`.execute(trx.db);
          if (n % 7 === 1) await sql`select no_such_column`.execute(trx.db);
          return look(trx);
        });
        if (n % 5 === 1) await expect(seen).rejects.toThrow(/division by zero/);
        else if (n % 7 === 1) await expect(seen).rejects.toThrow(/no_such_column/);
        else expect(await seen).toEqual(own(tenantId));
        // The other door meets the same connections.
        if (n % 50 === 0) expect(await withTenant(pool, tenantId, look)).toEqual(own(tenantId));
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
  });

  it('sends what is asked for at once in one message, and what fails takes along only what comes behind it', async () => {
    for (let n = 0; n < 200; n += 1) {
      const tenantId = tenants[n % 2]!;
      const [first, second, third] = await withTenantReader(pool, tenantId, (trx) =>
        Promise.allSettled([
          sql<{ at: string }>`select txid_current()::text as at`.execute(trx.db),
          n % 3 === 0 ? sql`select 1 / (${n}::int - ${n}::int)`.execute(trx.db) : look(trx),
          sql<{ at: string }>`select txid_current()::text as at, ${[`${n}`, 'b"\\']}::text[]`.execute(trx.db),
        ]),
      );
      const at = first.status === 'fulfilled' ? first.value.rows[0]?.at : undefined;
      expect(at).toMatch(/^\d+$/);
      if (n % 3 === 0) {
        expect([second.status, third.status]).toEqual(['rejected', 'rejected']);
      } else {
        expect(second).toMatchObject({ value: own(tenantId) });
        expect(third).toMatchObject({ value: { rows: [{ at, text: [`${n}`, 'b"\\'] }] } });
      }
    }
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await withTenantReader(pool, tenants[0], async (trx) => {
      await expect(sql`select ${circular}::jsonb`.execute(trx.db)).rejects.toThrow(/circular/);
      expect(await look(trx)).toEqual(own(tenants[0]));
      expect((await sql`select ${{ a: 1 }}::jsonb as kept`.execute(trx.db)).rows).toEqual([{ kept: { a: 1 } }]);
    });
  });

  it('leaves nothing behind on a connection, and is shut when its work is over', async () => {
    const leaked = await withTenantReader(pool, tenants[0], async (trx) => trx);
    await expect(look(leaked)).rejects.toThrow(/was closed/);
    await expect(sql`select * from tags`.execute(pool.pool)).rejects.toThrow(/permission denied/);
    await expect(withTenantReader(pool, `${tenants[0]}'`, look)).rejects.toThrow(/not a tenant id/);
  });

  it('does nothing at all when role or tenant cannot be set', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const run = createScopedRunner();
    await run(client, tenants[0], LOOK, []);
    await client.query('deallocate reos_scope');
    await expect(run(client, tenants[0], LOOK, [])).rejects.toThrow(/reos_scope/);
    const write = `insert into tags (tenant_id, name) values ($1, 'never')`;
    await expect(run(client, tenants[0], write, [tenants[0]])).rejects.toThrow(/reos_scope/);
    expect((await client.query('select current_user::text as who')).rows).not.toEqual([{ who: 'reos_app' }]);
    await client.end();
    expect(await database.query(`select name from tags where name = 'never'`)).toEqual([]);
  });

  it('keeps no plans behind a proxy', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // A proxy tells an id of its own.
    Object.assign(client, { processID: 1 });
    const run = createScopedRunner();
    for (const tenantId of [...tenants, ...tenants]) {
      expect((await run(client, tenantId, LOOK, [])).rows).toEqual([
        { tenant_id: tenantId, who: 'reos_app', setting: tenantId },
      ]);
    }
    expect((await client.query('select count(*)::int as count from pg_prepared_statements')).rows).toEqual([
      { count: 0 },
    ]);
    await client.end();
  });
});
