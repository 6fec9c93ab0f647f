import type pg from 'pg';

/** One table or view as the database has it. Definitions are Postgres's own words. */
export interface RelationShape {
  kind: 'table' | 'view';
  /** Row-level security: `forced` binds the owner too. */
  row_security: 'forced' | 'enabled' | 'none';
  /** View options such as security_invoker. */
  options: string[];
  columns: Record<string, string>;
  constraints: Record<string, string>;
  indexes: Record<string, string>;
  policies: Record<string, string>;
  /** Role to privileges, without the owner's own. */
  grants: Record<string, string[]>;
}

/** The shape of the schemas `public`, `raw` and `mart`: what a migration changes and what the tests compare. Partitions go with the months. */
export interface Catalog {
  roles: Record<string, string>;
  relations: Record<string, RelationShape>;
  /** Signature to a hash of the definition, the rights it runs with, and its owner. */
  routines: Record<string, string>;
}

const RELATIONS = `
  select c.oid::int as oid, concat_ws('.', nullif(c.relnamespace::regnamespace::text, 'public'), c.relname) as name,
    case c.relkind when 'v' then 'view' else 'table' end as kind,
    case when c.relforcerowsecurity and c.relrowsecurity then 'forced' when c.relrowsecurity then 'enabled' else 'none' end as row_security,
    coalesce(c.reloptions, '{}') as options
  from pg_class c where c.relnamespace::regnamespace::text in ('public', 'raw', 'mart') and c.relkind in ('r', 'p', 'v', 'm')
    and not c.relispartition order by 2`;

/** Name and definition of the parts of one relation, by kind of part. */
const PARTS = {
  columns: `
    select a.attname as name, concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
      case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'generated' when d.adbin is not null then 'default' end,
      pg_get_expr(d.adbin, d.adrelid)) as definition
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  constraints: `
    select conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where conrelid = $1 and contype in ('p', 'u', 'f', 'c', 'x') order by conname`,
  indexes: `
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i where i.indrelid = $1 order by 1`,
  policies: `
    select polname as name, concat_ws(' ', case polcmd when '*' then 'all' else polcmd::text end,
      case when polpermissive then 'permissive' else 'restrictive' end,
      'using ' || pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid)) as definition
    from pg_policy where polrelid = $1 order by polname`,
} as const;

const GRANTS = `
  select coalesce(r.rolname, 'public') as name, array_agg(g.privilege_type order by g.privilege_type) as privileges
  from pg_class c cross join aclexplode(c.relacl) g left join pg_roles r on r.oid = g.grantee
  where c.oid = $1 and g.grantee <> c.relowner group by 1 order by 1`;

const ROUTINES = `
  select p.oid::regprocedure::text as name,
    concat_ws(' ', md5(pg_get_functiondef(p.oid)), case when p.prosecdef then 'security definer' else 'security invoker' end, r.rolname) as definition
  from pg_proc p join pg_roles r on r.oid = p.proowner
  where p.pronamespace = 'public'::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by 1`;

const ROLES = `
  select rolname as name, concat_ws(' ', case when rolcanlogin then 'login' else 'nologin' end,
    case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypassrls' end,
    case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end) as definition
  from pg_roles where rolname in ('reos_owner', 'reos_app', 'reos_system', 'reos_search') order by rolname`;

type Named = { name: string; definition: string };

/** Reads the shape of the product's schemas. The same schema gives the same text. */
export async function readCatalog(client: pg.Client | pg.Pool): Promise<Catalog> {
  const named = async (sql: string, values: unknown[] = []): Promise<Record<string, string>> => {
    const { rows } = await client.query<Named>(sql, values);
    return Object.fromEntries(rows.map(({ name, definition }) => [name, definition]));
  };
  const relations: Record<string, RelationShape> = {};
  const { rows } = await client.query<
    { oid: number; name: string } & Pick<RelationShape, 'kind' | 'row_security' | 'options'>
  >(RELATIONS);
  for (const { oid, name, kind, row_security, options } of rows) {
    const grants = await client.query<{ name: string; privileges: string[] }>(GRANTS, [oid]);
    relations[name] = {
      kind,
      row_security,
      options,
      columns: await named(PARTS.columns, [oid]),
      constraints: await named(PARTS.constraints, [oid]),
      indexes: await named(PARTS.indexes, [oid]),
      policies: await named(PARTS.policies, [oid]),
      grants: Object.fromEntries(grants.rows.map((row) => [row.name, row.privileges])),
    };
  }
  return { roles: await named(ROLES), relations, routines: await named(ROUTINES) };
}

/** The file's text. */
export const catalogText = (catalog: Catalog): string => `${JSON.stringify(catalog, null, 2)}\n`;

/** Where the shape is kept. */
export const MANIFEST = new URL('../schema/manifest.json', import.meta.url);
