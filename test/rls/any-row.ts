import type { TestDatabase } from '../support/database.ts';

/** A column that an insert must fill. */
interface NeededColumn {
  table: string;
  column: string;
  type: string;
}

/** An SQL expression with a value of the type; another one each time where it matters. */
function anyValue(type: string): string {
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type === 'text') return 'md5(random()::text)';
  if (type === 'jsonb' || type === 'json') return `'{}'::${type}`;
  if (type === 'boolean') return 'true';
  if (type === 'date' || type.startsWith('timestamp')) return 'now()';
  if (type === 'bytea') return `'\\x00'::bytea`;
  if (type.startsWith('bit(')) return `1::${type}`;
  if (type.endsWith('[]')) return `'{}'::${type}`;
  return `(1 + random() * 1000000)::${type}`;
}

/**
 * Prepares a private database for inserts of any row: without its checks and foreign keys, row-level security
 * alone can refuse. Returns the insert of one row per tenant table, with the tenant as $1.
 */
export async function anyRowInserts(database: TestDatabase): Promise<Map<string, string>> {
  const constraints = await database.query<{ table: string; name: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name from pg_constraint
     where contype in ('c', 'f') and connamespace::regnamespace::text in ('public', 'raw', 'mart') and conparentid = 0 and conrelid <> 0`,
  );
  for (const { table, name } of constraints) {
    await database.query(`alter table ${table} drop constraint if exists ${name} cascade`);
  }
  const columns = await database.query<NeededColumn>(
    `select c.oid::regclass::text as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace::regnamespace::text in ('public', 'raw', 'mart') and c.relkind in ('r', 'p') and not c.relispartition
       and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = ''
       and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
     order by 1, a.attnum`,
  );
  // One row each: no table fills another.
  for (const table of new Set(columns.map((column) => column.table))) {
    await database.query(`alter table ${table} disable trigger user`);
  }
  const byTable = new Map<string, NeededColumn[]>();
  for (const column of columns) byTable.set(column.table, [...(byTable.get(column.table) ?? []), column]);
  return new Map(
    [...byTable].map(([table, needed]) => {
      const names = needed.map(({ column }) => `"${column}"`).join(', ');
      const values = needed
        .map(({ column, type }) => (column === 'tenant_id' ? '$1::uuid' : anyValue(type)))
        .join(', ');
      return [table, `insert into ${table} (${names}) values (${values})`];
    }),
  );
}
