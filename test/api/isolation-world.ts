import type { TestDatabase } from '../support/database.ts';
import { seedValues } from './isolation-values.ts';

/** One tenant as the isolation test knows it: every id of its rows is `id`, every free text of them is `marker`. */
export interface SeededTenant {
  tenantId: string;
  id: string;
  marker: string;
}

interface Column {
  table: string;
  column: string;
  type: string;
  needed: boolean;
  checks: string | null;
}

const COLUMNS = `
  select c.oid::regclass::text as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull and not a.atthasdef as needed,
    (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k
     where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any(k.conkey)) as checks
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace in ('public'::regnamespace, 'mart'::regnamespace)
    and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = ''
    and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
  order by 1, a.attnum`;

/**
 * Gives tenants one row in every table, their ids all the same, so that the id fits every place of every route
 * whatever it means there. Checks are taken off the database first: a row has sense only as far as routes need it.
 * @returns what sets one tenant back to its seeded rows
 */
export async function createSeeder(database: TestDatabase): Promise<(tenant: SeededTenant) => Promise<void>> {
  const columns = await database.query<Column & Record<string, unknown>>(COLUMNS);
  const checks = await database.query<{ table: string; name: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name from pg_constraint
     where contype = 'c' and connamespace in ('public'::regnamespace, 'mart'::regnamespace) and conparentid = 0 and conrelid <> 0`,
  );
  for (const { table, name } of checks) {
    await database.query(`alter table ${table} drop constraint if exists ${name} cascade`);
  }
  const tables = [...new Set(columns.map(({ table }) => table))];
  return async (tenant) => {
    const given = seedValues(tenant);
    const statements = tables.map((table) => {
      const filled = columns
        .filter((one) => one.table === table)
        .map((one) => ({ ...one, given: given[`${table}.${one.column}`] }))
        .filter(({ given, needed, type, column }) => {
          return given !== undefined || needed || type === 'uuid' || column === 'tenant_id';
        });
      const names = filled.map(({ column }) => `"${column}"`).join(', ');
      const values = filled.map(({ given, ...column }) => given ?? valueFor(column, tenant)).join(', ');
      return `delete from ${table} where tenant_id = '${tenant.tenantId}';
        insert into ${table} (${names}) values (${values});`;
    });
    // As a replica no foreign key and no trigger runs.
    await database.query(`begin; set local session_replication_role = replica; ${statements.join('\n')} commit;`);
  };
}

function valueFor({ column, type, checks }: Column, { tenantId, id, marker }: SeededTenant): string {
  if (column === 'tenant_id') return `'${tenantId}'`;
  if (type === 'uuid') return `'${id}'`;
  if (type === 'text') return `'${allowedWord(column, checks) ?? marker}'`;
  if (type === 'jsonb' || type === 'json') return `'{}'`;
  if (type === 'boolean') return 'true';
  if (type === 'date') return 'current_date';
  if (type.startsWith('timestamp')) return 'now()';
  if (type.endsWith('[]')) return `'{}'::${type}`;
  return `1::${type}`;
}

/** The first word that a check of the form `column = any (…)` allows. */
function allowedWord(column: string, checks: string | null): string | undefined {
  return new RegExp(`\\(${column} = ANY \\(ARRAY\\['([^']*)'::text`).exec(checks ?? '')?.[1];
}

/** A fingerprint of every row of a tenant, by table. */
export async function fingerprints(database: TestDatabase, tenantId: string): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace in ('public'::regnamespace, 'mart'::regnamespace) and c.relkind in ('r', 'p') and not c.relispartition and exists
         (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id') order by 1`,
  );
  const each = tables.map(
    ({ name }) =>
      `select '${name}' as name, coalesce(md5(string_agg(t::text, ',' order by t::text)), '') as print
       from ${name} t where tenant_id = '${tenantId}'`,
  );
  const rows = await database.query<{ name: string; print: string }>(each.join(' union all '));
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}
