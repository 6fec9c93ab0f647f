import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { anyRowInserts } from './any-row.ts';

const tenants = { a: randomUUID(), b: randomUUID() };
let database: TestDatabase;
let admin: pg.Client;
let policies: { table: string; name: string }[];

beforeAll(async () => {
  database = await createTestDatabase();
  policies = await database.query<{ table: string; name: string }>(
    // A partition's own is there for the day somebody grants a right on it: nobody has one (see the catalog's rules).
    `select c.oid::regclass::text as table, p.polname as name from pg_policy p join pg_class c on c.oid = p.polrelid
     where not c.relispartition order by 1, 2`,
  );
  for (const insert of (await anyRowInserts(database)).values()) await database.query(insert, [tenants.b]);
  await database.query(`insert into tenants (id, slug, name) values ($1, 'b', 'B')`, [tenants.b]);
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.close();
});

/** Rows of the other tenant that the app sees as the first one, inside the transaction that is open. */
async function foreignRows(table: string): Promise<number> {
  await admin.query(`select set_config('role', 'reos_app', true), set_config('app.current_tenant_id', $1, true)`, [
    tenants.a,
  ]);
  const owner = table === 'tenants' ? 'id' : 'tenant_id';
  const { rows } = await admin.query(`select count(*)::int as n from ${table} where ${owner} = $1`, [tenants.b]);
  await admin.query('reset role');
  return rows[0].n;
}

describe('the check that a tenant sees nothing of another', () => {
  it('holds on every table, and fails on each without its policy', async () => {
    expect(policies.length).toBeGreaterThan(30);
    const outcomes = [];
    for (const { table, name } of policies) {
      await admin.query('begin');
      const whole = await foreignRows(table);
      await admin.query(`drop policy "${name}" on ${table}`);
      await admin.query(`alter table ${table} disable row level security`);
      const without = await foreignRows(table);
      await admin.query('rollback');
      outcomes.push({ table, whole, isNoticed: without > 0 });
    }
    expect(outcomes).toEqual(policies.map(({ table }) => ({ table, whole: 0, isNoticed: true })));
  });

  it('has a policy to lose on every table that the app may read, but for those without tenants', async () => {
    const bare = await database.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c where c.relnamespace::regnamespace::text in ('public', 'raw', 'mart') and c.relkind in ('r', 'p')
         and not c.relispartition and has_table_privilege('reos_app', c.oid, 'SELECT')
         and not exists (select from pg_policy where polrelid = c.oid) order by 1`,
    );
    expect(bare.map(({ name }) => name)).toEqual(['global_suppressions']);
  });
});
