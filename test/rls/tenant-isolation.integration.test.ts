import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Catalog, MANIFEST } from '../../scripts/catalog.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { anyRowInserts } from './any-row.ts';

// The manifest is proven to be the live shape by test/db.
const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Catalog;
const relations = Object.entries(manifest.relations);
const tenantTables = relations
  .filter(([, shape]) => shape.kind === 'table' && 'tenant_id' in shape.columns)
  .map(([name]) => name);
const systemTables = relations
  .filter(([, shape]) => shape.kind === 'table' && !('tenant_id' in shape.columns))
  .map(([name]) => name);
const views = relations.filter(([, shape]) => shape.kind === 'view').map(([name]) => name);

const INSUFFICIENT_PRIVILEGE = '42501';
const tenants = { a: randomUUID(), b: randomUUID() };
let database: TestDatabase;
let inserts: Map<string, string>;
let login: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  inserts = await anyRowInserts(database);
  for (const insert of inserts.values()) {
    await database.query(insert, [tenants.a]);
    await database.query(insert, [tenants.b]);
  }
  login = new pg.Client({ connectionString: database.url });
  await login.connect();
});
afterAll(async () => {
  await login.end();
  await database.close();
});

/** Runs one statement as the app's role, for a tenant or for none, and takes it back. */
async function asApp(tenantId: string | null, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  await login.query('begin');
  try {
    await login.query(`select set_config('role', 'reos_app', true), set_config('app.current_tenant_id', $1, true)`, [
      tenantId ?? '',
    ]);
    return await login.query(sql, values);
  } finally {
    await login.query('rollback');
  }
}
const refused = { code: INSUFFICIENT_PRIVILEGE };

describe.each(tenantTables)('tenant table %s', (table) => {
  it('has forced row-level security and the one policy, for reading and writing', () => {
    const shape = manifest.relations[table]!;
    expect(shape.row_security).toBe('forced');
    expect(Object.keys(shape.policies)).toEqual(['tenant_isolation']);
    expect(shape.policies['tenant_isolation']).toMatch(
      /^all permissive using \(tenant_id = .*app\.current_tenant_id.* check \(tenant_id = .*app\.current_tenant_id/,
    );
    expect(shape.constraints[`${table.split('.').at(-1)}_pkey`]).toMatch(/^PRIMARY KEY \(tenant_id, /);
  });

  it('shows a tenant its own rows alone, and nobody’s without a tenant', async () => {
    const count = `select count(*)::int as n, count(*) filter (where tenant_id = $1)::int as own from ${table}`;
    expect((await asApp(tenants.a, count, [tenants.a])).rows).toEqual([{ n: 1, own: 1 }]);
    expect((await asApp(tenants.b, count, [tenants.b])).rows).toEqual([{ n: 1, own: 1 }]);
    expect((await asApp(null, count, [tenants.a])).rows).toEqual([{ n: 0, own: 0 }]);
  });

  it('lets a tenant write, change, give away and delete nothing of another', async () => {
    const own = await asApp(tenants.a, inserts.get(table)!, [tenants.a]);
    expect(own.rowCount).toBe(1);
    await expect(asApp(tenants.a, inserts.get(table)!, [tenants.b])).rejects.toMatchObject(refused);
    await expect(asApp(null, inserts.get(table)!, [tenants.b])).rejects.toMatchObject(refused);
    const update = `update ${table} set tenant_id = tenant_id`;
    expect((await asApp(tenants.a, `${update} where tenant_id = $1`, [tenants.b])).rowCount).toBe(0);
    expect((await asApp(tenants.a, update)).rowCount).toBe(1);
    expect((await asApp(null, update)).rowCount).toBe(0);
    await expect(asApp(tenants.a, `update ${table} set tenant_id = $1`, [tenants.b])).rejects.toMatchObject(refused);
    expect((await asApp(tenants.a, `delete from ${table} where tenant_id = $1`, [tenants.b])).rowCount).toBe(0);
    expect((await asApp(null, `delete from ${table}`)).rowCount).toBe(0);
  });

  it('can be neither emptied nor looked through by a role that turns the policies off', async () => {
    await expect(asApp(tenants.a, `truncate ${table}`)).rejects.toMatchObject(refused);
    await expect(asApp(tenants.a, `set local row_security = off; select * from ${table}`)).rejects.toMatchObject(
      refused,
    );
    await expect(asApp(tenants.a, `alter table ${table} disable row level security`)).rejects.toMatchObject(refused);
    // The login itself inherits nothing: without taking a role it sees no table at all.
    await expect(login.query(`select * from ${table}`)).rejects.toMatchObject(refused);
  });
});

describe('around the tenant tables', () => {
  it('every table with a tenant is tested here', async () => {
    expect(tenantTables.length).toBeGreaterThan(20);
    expect([...inserts.keys()].sort()).toEqual([...tenantTables].sort());
  });

  it.each(systemTables)(
    'system table %s gives the app’s role no right to write, nor to read a secret',
    async (table) => {
      const readable = ['global_suppressions', 'tenants'];
      expect(manifest.relations[table]!.grants['reos_app'] ?? []).toEqual(readable.includes(table) ? ['SELECT'] : []);
      if (!readable.includes(table)) {
        await expect(asApp(tenants.a, `select * from ${table}`)).rejects.toMatchObject(refused);
      }
    },
  );

  it.each(views)('view %s reads with the rights of who asks', async (view) => {
    expect(manifest.relations[view]!.options).toContain('security_invoker=true');
    const { rows } = await asApp(tenants.a, `select distinct tenant_id from ${view}`);
    expect(rows.filter((row) => row.tenant_id !== tenants.a)).toEqual([]);
  });

  it('the roles can do what they are for and no more', () => {
    expect(manifest.roles).toEqual({
      reos_app: 'nologin',
      reos_owner: 'nologin',
      reos_search: 'nologin bypassrls',
      reos_system: 'nologin bypassrls',
    });
  });

  it('the tenant is gone with the transaction', async () => {
    await asApp(tenants.a, 'select 1');
    const { rows } = await login.query(
      `select current_setting('app.current_tenant_id', true) as tenant, current_user as who`,
    );
    expect(rows).toEqual([{ tenant: '', who: 'reos' }]);
  });
});
