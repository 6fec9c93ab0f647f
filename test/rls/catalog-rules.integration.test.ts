import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/**
 * Tables without a tenant, and what the app's role may do with each. A new one has to be decided here: the migration
 * that makes it takes away what the app's role gets by default.
 */
const SYSTEM_TABLES: Record<string, string[]> = {
  event_cursors: [],
  // The gate before a send asks it for every tenant; it holds hashes alone.
  global_suppressions: ['SELECT'],
  login_attempts: [],
  ping: [],
  provider_cache: [],
  provider_health: [],
  public_idempotency_keys: [],
  schema_migrations: [],
  // A policy shows it the tenant's own row.
  tenants: ['SELECT'],
  token_buckets: [],
};
/** Unique keys that do not start with the tenant: looked up by callers who do not know it. */
const KEYS_ACROSS_TENANTS = ['outreach_messages_by_reply_token', 'outreach_messages_by_token'];
/** Functions of `reos_owner`: the upkeep of the event log's partitions, for the system's role. */
const UPKEEP_FUNCTIONS = ['drop_events_before', 'extend_event_log'];
/** Functions of `reos_search`: they read the tenant that is set, and give ids or a number. */
const SEARCH_FUNCTIONS = ['find_note_ids', 'find_property_ids', 'match_property_ids', 'search_properties'];
/** Settings of those that walk many rows. */
const WALK = ['work_mem=64MB', 'max_parallel_workers_per_gather=0', 'jit=off'];
const LARGE_SEARCHES: Readonly<Record<string, readonly string[]>> = {
  find_property_ids: WALK,
  search_properties: [...WALK, 'random_page_cost=1.1'],
};
/** What `reos_search` may read. */
const SEARCHED = ['assignments', 'comments', 'properties', 'property_tags', 'property_views'];
const PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'];

interface Relation {
  name: string;
  kind: string;
  has_tenant: boolean;
  is_bound: boolean;
  owner: string;
  options: string[] | null;
  is_partition: boolean;
}

// Every schema counts, not only `public`: a table that is put elsewhere is no less a table.
const RELATIONS = `
  select c.oid::regclass::text as name, c.relkind as kind, c.relrowsecurity and c.relforcerowsecurity as is_bound,
    pg_get_userbyid(c.relowner) as owner, c.reloptions as options, c.relispartition as is_partition,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`;

let database: TestDatabase;
let tables: Relation[];
let partitions: Relation[];
let tenantTables: string[];
let others: Relation[];

beforeAll(async () => {
  database = await createTestDatabase();
  const relations = await database.query<Relation & Record<string, unknown>>(RELATIONS);
  tables = relations.filter(({ kind, is_partition }) => !is_partition && (kind === 'r' || kind === 'p'));
  partitions = relations.filter(({ is_partition }) => is_partition);
  others = relations.filter(({ kind }) => kind !== 'r' && kind !== 'p');
  tenantTables = tables.filter((table) => table.has_tenant).map(({ name }) => name);
});
afterAll(() => database.close());

/** What the role may do with the table as a whole or with one column of it. */
async function rightsOf(role: string, table: string): Promise<string[]> {
  const rows = await database.query<{ right: string }>(
    `select p as right from unnest($3::text[]) p where has_table_privilege($1, $2::regclass, p)
       or (p in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege($1, $2::regclass, p))`,
    [role, table, PRIVILEGES],
  );
  return rows.map(({ right }) => right);
}

describe('the rules of the catalog', () => {
  it('every table has a tenant or is listed here', () => {
    expect(tables.filter((table) => !table.has_tenant).map(({ name }) => name)).toEqual(Object.keys(SYSTEM_TABLES));
  });

  it('row-level security binds every tenant table, its owner included', () => {
    expect(tenantTables.length).toBeGreaterThan(20);
    for (const table of [...tables, ...partitions].filter(({ has_tenant }) => has_tenant)) {
      expect(table, table.name).toMatchObject({ is_bound: true, owner: 'reos_owner' });
    }
  });

  it('each tenant table has one policy, for everybody: the tenant that is set', async () => {
    const policies = await database.query(
      `select polrelid::regclass::text as name, polname as policy, polcmd as command, polpermissive as permissive,
         polroles::oid[]::text as roles, pg_get_expr(polqual, polrelid) as reading,
         pg_get_expr(polwithcheck, polrelid) as writing from pg_policy where polrelid <> 'tenants'::regclass order by 1`,
    );
    const isTenant = `(tenant_id = (NULLIF(current_setting('app.current_tenant_id'::text, true), ''::text))::uuid)`;
    const policy = { policy: 'tenant_isolation', command: '*', permissive: true, roles: '{0}' };
    const bound = [...tenantTables, ...partitions.map(({ name }) => name)].sort();
    expect(policies).toEqual(bound.map((name) => ({ name, ...policy, reading: isTenant, writing: isTenant })));
  });

  it('the app sees of the tenants the one that is set', async () => {
    const other = await database.query<{ id: string }>(
      `insert into tenants (slug, name) values ('other', 'Other') returning id`,
    );
    const seen = await withTenant(database.db, database.tenantId, ({ db }) => sql`select id from tenants`.execute(db));
    expect(other).toHaveLength(1);
    expect(seen.rows).toEqual([{ id: database.tenantId }]);
  });

  it('each unique key of a tenant table starts with the tenant, so that no tenant can find out about another', async () => {
    const keys = await database.query<{ key: string }>(
      `select i.indexrelid::regclass::text as key from pg_index i
       join pg_attribute a on a.attrelid = i.indrelid and a.attname = 'tenant_id'
       where i.indisunique and i.indrelid::regclass::text = any($1) and i.indkey[0] <> a.attnum order by 1`,
      [tenantTables],
    );
    expect(keys.map(({ key }) => key)).toEqual(KEYS_ACROSS_TENANTS);
  });

  it('a tenant table points only to rows of the same tenant', async () => {
    const loose = await database.query(
      `select c.conrelid::regclass::text as name, c.conname as key from pg_constraint c
       where c.contype = 'f' and c.conrelid::regclass::text = any($1) and c.confrelid::regclass::text = any($1)
         and not exists (select from unnest(c.conkey, c.confkey) as pair (own, other)
           join pg_attribute a on a.attrelid = c.conrelid and a.attnum = pair.own and a.attname = 'tenant_id'
           join pg_attribute b on b.attrelid = c.confrelid and b.attnum = pair.other and b.attname = 'tenant_id')`,
      [tenantTables],
    );
    expect(loose).toEqual([]);
  });

  it('views read with the rights of who asks; there is no materialised view and no foreign table', () => {
    expect(others.filter(({ kind }) => kind !== 'v')).toEqual([]);
    expect(others.length).toBeGreaterThan(0);
    for (const view of others) expect(view.options, view.name).toContain('security_invoker=true');
  });

  it('no function runs with the rights of another, but for the search, which sees one tenant by itself, and upkeep', async () => {
    const definers = await database.query(
      `select p.proname as name, pg_get_userbyid(p.proowner) as owner, p.proconfig as config,
         has_function_privilege('public', p.oid, 'EXECUTE') as "isOpen" from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname <> 'information_schema' and n.nspname !~ '^pg_' order by 1`,
    );
    const search = { owner: 'reos_search', config: ['search_path=pg_catalog, public, pg_temp'], isOpen: false };
    const upkeep = { ...search, owner: 'reos_owner', config: [...search.config, 'lock_timeout=5s'] };
    const expected = [
      ...SEARCH_FUNCTIONS.map((name) => ({
        name,
        ...search,
        config: [...search.config, ...(LARGE_SEARCHES[name] ?? [])],
      })),
      ...UPKEEP_FUNCTIONS.map((name) => ({ name, ...upkeep })),
    ];
    expect(definers).toEqual(expected.sort((a, b) => (a.name < b.name ? -1 : 1)));
    for (const name of UPKEEP_FUNCTIONS) {
      const [right] = await database.query(
        `select has_function_privilege('reos_app', p.oid, 'EXECUTE') as app,
           has_function_privilege('reos_system', p.oid, 'EXECUTE') as system from pg_proc p where proname = $1`,
        [name],
      );
      expect(right, name).toEqual({ app: false, system: true });
    }
  });
});

describe('the rights of the roles', () => {
  it('nobody reaches a partition but through its table', async () => {
    expect(partitions.length).toBeGreaterThan(3);
    for (const { name } of partitions) {
      for (const role of ['reos_app', 'reos_system', 'reos_search', 'public']) {
        expect(await rightsOf(role, name), `${role} on ${name}`).toEqual([]);
      }
    }
  });

  it('the app changes rows of tenant tables, and has on a system table what is listed', async () => {
    for (const { name } of tables) {
      const expected = SYSTEM_TABLES[name] ?? ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
      expect(await rightsOf('reos_app', name), name).toEqual(expected);
    }
  });

  it('the system role changes rows and nothing else; the search role reads properties and their tags alone; everybody else has nothing', async () => {
    for (const { name } of [...tables, ...others]) {
      const expected = name === 'schema_migrations' ? [] : ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
      expect(await rightsOf('reos_system', name), name).toEqual(expected);
      expect(await rightsOf('reos_search', name), name).toEqual(SEARCHED.includes(name) ? ['SELECT'] : []);
      expect(await rightsOf('public', name), name).toEqual([]);
    }
  });

  it('neither the app nor the login passes row-level security or belongs to a role that does', async () => {
    const roles = await database.query(
      `select rolname as role, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as has_powers,
         (select array_agg(g.rolname::text order by 1) from pg_auth_members m join pg_roles g on g.oid = m.roleid
          where m.member = r.oid and m.inherit_option) as inherits
       from pg_roles r where rolname in ('reos', 'reos_app') order by 1`,
    );
    expect(roles).toEqual([
      { role: 'reos', has_powers: false, inherits: null },
      { role: 'reos_app', has_powers: false, inherits: null },
    ]);
  });

  it('the door opens on the app’s role and one tenant, and closes after an error too', async () => {
    const who = () =>
      withTenant(database.db, database.tenantId, async ({ db }) => {
        const asked = sql`select current_user::text as who, current_tenant_id()::text as tenant`;
        return (await asked.execute(db)).rows[0];
      });
    expect(await who()).toEqual({ who: 'reos_app', tenant: database.tenantId });
    const forbidden = withTenant(database.db, database.tenantId, ({ db }) =>
      sql`select * from token_buckets`.execute(db),
    );
    await expect(forbidden).rejects.toThrow(/permission denied for table token_buckets/);
    await expect(sql`select * from properties`.execute(database.db.pool)).rejects.toThrow(/permission denied/);
    await expect(withTenant(database.db, `' or true --`, async () => 1)).rejects.toThrow(/is not a tenant id/);
  });
});
