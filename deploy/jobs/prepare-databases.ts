import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { prepareServer } from '../../src/db/migrate.ts';
import { ReosError } from '../../src/domain/errors.ts';

/** What a set-up with one Postgres server for the product and for Temporal is made from. */
export interface DatabaseSetup {
  /** Superuser's URL of the server's own database. */
  adminUrl: string;
  /** Password of the product's login `reos`. */
  reosPassword: string;
  /** Password of Temporal's login `temporal`. */
  temporalPassword: string;
}

/** Temporal's two databases, by the names its server expects without further settings. */
const TEMPORAL_DATABASES = ['temporal', 'temporal_visibility'] as const;

/**
 * Makes the databases `reos`, `temporal` and `temporal_visibility` with one login each side, and the product's roles.
 * Neither login may connect to the other's databases. Safe to run again: what is there stays, passwords are set anew.
 */
export async function prepareDatabases(setup: DatabaseSetup): Promise<void> {
  await prepareServer(setup.adminUrl, 'reos', setup.reosPassword);
  const client = new pg.Client({ connectionString: setup.adminUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const login = await client.query('select 1 from pg_roles where rolname = $1', ['temporal']);
    const verb = login.rowCount === 0 ? 'create' : 'alter';
    const password = pg.escapeLiteral(setup.temporalPassword);
    await client.query(`${verb} role temporal login nosuperuser nocreatedb nocreaterole password ${password}`);
    for (const name of TEMPORAL_DATABASES) {
      const known = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (known.rowCount === 0)
        await client.query(`create database ${name} owner temporal encoding 'UTF8' template template0`);
      await client.query(`revoke connect on database ${name} from public`);
    }
    await client.query('revoke connect on database reos from public');
    await client.query('grant connect on database reos to reos');
  } finally {
    await client.end();
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new ReosError('validation', `${name} is not set. The databases are prepared with it; see .env.example.`);
  }
  return value;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await prepareDatabases({
    adminUrl: required('POSTGRES_ADMIN_URL'),
    reosPassword: required('REOS_DB_PASSWORD'),
    temporalPassword: required('TEMPORAL_DB_PASSWORD'),
  });
  process.stdout.write('The databases reos, temporal and temporal_visibility are there, with their logins.\n');
}
