import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ReosError } from '../domain/errors.ts';

// Any number does, as long as every migrator of this product takes the same one.
const MIGRATION_LOCK = 727_364_001;
const ROLES = ['reos_owner', 'reos_app', 'reos_system', 'reos_search'] as const;

export interface MigrationReport {
  applied: string[];
  already: string[];
}

/** The folder of the numbered migrations. */
export const SCHEMA_DIR = fileURLToPath(new URL('../../schema', import.meta.url));

/**
 * Brings the database to the newest schema: roles first, then each `NNNN_name.sql` not yet applied, in one transaction
 * each, under a session lock so that two migrators at once are safe. Forward only.
 * @param url direct connection (not through a transaction-mode pooler)
 * @param schemaDir folder with roles.sql and the numbered files
 * @throws ReosError `validation` when an applied file was changed or a file fails, naming the file and line
 */
export async function migrate(url: string, schemaDir = SCHEMA_DIR): Promise<MigrationReport> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'reos migrate',
  });
  await client.connect();
  try {
    await requireVersion(client);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await ensureRoles(client, schemaDir);
    return await applyFiles(client, schemaDir);
  } finally {
    await client.end();
  }
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ v: string }>(`select current_setting('server_version_num') as v`);
  if (Number(rows[0]?.v) < 160_000) {
    throw new ReosError(
      'validation',
      `Postgres 16 or newer is needed; this server says ${rows[0]?.v}. Upgrade it, or unset DATABASE_URL to use the embedded one.`,
    );
  }
}

async function ensureRoles(client: pg.Client, schemaDir: string): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [
    ROLES,
  ]);
  try {
    if (rows.length < ROLES.length) await client.query(await readFile(join(schemaDir, 'roles.sql'), 'utf8'));
    await client.query(`grant ${ROLES.join(', ')} to current_user with inherit false, set true`);
    await grantOwner(client);
  } catch (error) {
    // A login without CREATEROLE is fine when an administrator has prepared the roles.
    const member = await client.query<{ ok: boolean }>(
      `select bool_and(pg_has_role(current_user, rolname, 'SET')) and count(*) = $2
         and has_database_privilege('reos_owner', current_database(), 'CREATE') as ok
       from pg_roles where rolname = any($1)`,
      [ROLES, ROLES.length],
    );
    if (member.rows[0]?.ok !== true) {
      throw new ReosError(
        'auth_revoked',
        `The database login may not create the roles ${ROLES.join(', ')} or let them create. Have an administrator run schema/roles.sql, ` +
          `then: GRANT ${ROLES.join(', ')} TO <login> WITH INHERIT FALSE, SET TRUE; ${OWNER_GRANTS.join('; ')};`,
        { cause: error },
      );
    }
  }
}

/** What the owner of every object needs: to create in `public`, and the schemas `raw` and `mart` beside it. */
const OWNER_GRANTS = [
  'GRANT USAGE, CREATE ON SCHEMA public TO reos_owner WITH GRANT OPTION',
  'GRANT CREATE ON DATABASE <database> TO reos_owner',
];

async function grantOwner(client: pg.Client, database?: string): Promise<void> {
  const name = database ?? (await client.query<{ name: string }>('select current_database() as name')).rows[0]!.name;
  for (const grant of OWNER_GRANTS) await client.query(grant.replace('<database>', pg.escapeIdentifier(name)));
}

async function applyFiles(client: pg.Client, schemaDir: string): Promise<MigrationReport> {
  await client.query('set role reos_owner');
  await client.query(
    `create table if not exists schema_migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
  );
  const done = new Map(
    (await client.query<{ name: string; sha256: string }>('select name, sha256 from schema_migrations')).rows.map(
      (row) => [row.name, row.sha256],
    ),
  );
  const report: MigrationReport = { applied: [], already: [] };
  const files = (await readdir(schemaDir)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  for (const name of files) {
    const text = await readFile(join(schemaDir, name), 'utf8');
    const sha256 = createHash('sha256').update(text).digest('hex');
    const known = done.get(name);
    if (known === undefined) {
      await applyFile(client, name, text, sha256);
      report.applied.push(name);
    } else if (known === sha256) {
      report.already.push(name);
    } else {
      throw new ReosError(
        'validation',
        `schema/${name} was changed after it was applied. Migrations only go forward: restore the file and put the change into a new one.`,
      );
    }
  }
  return report;
}

async function applyFile(client: pg.Client, name: string, text: string, sha256: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into schema_migrations (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const position = Number((error as { position?: string }).position ?? 0);
    const line = position > 0 ? text.slice(0, position).split('\n').length : null;
    throw new ReosError(
      'validation',
      `schema/${name}${line === null ? '' : `:${line}`} failed: ${(error as Error).message}. Nothing of it was applied.`,
      { cause: error },
    );
  }
}

/**
 * Prepares a database server of our own: the database `reos` and a login `reos` that inherits nothing, so that only the
 * doors can read. Returns the login's URL. Its password is `password` when given, else a new random one.
 * @param adminUrl superuser URL of the server
 */
export async function prepareServer(
  adminUrl: string,
  database: string,
  password = randomBytes(24).toString('hex'),
): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const exists = await client.query('select 1 from pg_roles where rolname = $1', ['reos']);
    const verb = exists.rowCount === 0 ? 'create' : 'alter';
    await client.query(`${verb} role reos login noinherit nosuperuser password ${pg.escapeLiteral(password)}`);
    const known = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (known.rowCount === 0)
      await client.query(`create database ${pg.escapeIdentifier(database)} encoding 'UTF8' template template0`);
  } finally {
    await client.end();
  }
  const admin = new URL(adminUrl);
  admin.pathname = `/${database}`;
  const owner = new pg.Client({ connectionString: admin.toString(), connectionTimeoutMillis: 5_000 });
  await owner.connect();
  try {
    await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await owner.query(await readFile(join(SCHEMA_DIR, 'roles.sql'), 'utf8'));
    await owner.query(`grant ${ROLES.join(', ')} to reos with inherit false, set true`);
    await grantOwner(owner, database);
  } finally {
    await owner.end();
  }
  const url = new URL(admin.toString());
  url.username = 'reos';
  url.password = password;
  return url.toString();
}
