import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { inject } from 'vitest';
import { connect, type Database } from '../../src/db/connect.ts';
import { TEMPLATE_DATABASE } from './template.ts';

/** A database of one test file, at the newest schema. */
export interface TestDatabase {
  /** Through the product's own doors, as the login `reos`. */
  db: Database;
  /** The login's URL. */
  url: string;
  /** The superuser's URL of the same database. */
  adminUrl: string;
  /** The one tenant that is there. */
  tenantId: string;
  /** Runs SQL as superuser: for setting the scene and looking at the result, past row-level security. */
  query<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  /** Closes the connections and drops the database. */
  close(): Promise<void>;
}

/** A URL for another database, or another login, of the same server. */
function urlOf(serverUrl: string, database: string, login?: { user: string; password: string }): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  if (login) {
    url.username = login.user;
    url.password = login.password;
  }
  return url.toString();
}

/** Runs one statement as superuser on the server's own database. */
export async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('adminUrl') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * Makes an empty database that no migration has touched, for tests of the migrations themselves.
 * @returns the superuser's URL, and `drop`
 */
export async function createEmptyDatabase(): Promise<{ name: string; adminUrl: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name} encoding 'UTF8' template template0`);
  return {
    name,
    adminUrl: urlOf(inject('adminUrl'), name),
    drop: () => onServer(`drop database if exists ${name} with (force)`),
  };
}

/** Makes a database from the migrated template, with one tenant in it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name} template ${TEMPLATE_DATABASE}`);
  const adminUrl = urlOf(inject('adminUrl'), name);
  const url = urlOf(inject('adminUrl'), name, { user: 'reos', password: inject('loginPassword') });
  const db = connect({ url, logger: pino({ level: 'silent' }), max: 10 });
  const admin = new pg.Pool({ connectionString: adminUrl, max: 2 });
  // Dropping the database cuts connections that are still saying goodbye.
  admin.on('error', () => undefined);
  const tenantId = randomUUID();
  await admin.query(
    `insert into tenants (id, slug, name, plan, is_operator) values ($1, 'test', 'Test tenant', 'enterprise', true)`,
    [tenantId],
  );
  return {
    db,
    url,
    adminUrl,
    tenantId,
    query: async (text, values) => (await admin.query(text, values)).rows,
    close: async () => {
      await db.close();
      await admin.end();
      await sleep(50);
      await onServer(`drop database ${name} with (force)`);
    },
  };
}
