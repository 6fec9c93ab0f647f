import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { connect } from '../../../src/db/connect.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { createBench, type OutreachBench } from './setup.ts';

const ADMIN_URL = 'postgres://postgres:devpw@127.0.0.1:54999/postgres';

/** A migrated database of its own with a bench on it; `fresh` gives a bench with a tenant of its own. */
export async function openBench(): Promise<{ bench: OutreachBench; fresh(): OutreachBench; close(): Promise<void> }> {
  const name = `outreach_${randomBytes(6).toString('hex')}`;
  const server = new pg.Pool({ connectionString: ADMIN_URL, max: 1 });
  await server.query(`create database ${name}`);
  const url = new URL(ADMIN_URL);
  url.pathname = `/${name}`;
  await migrate(url.toString());
  const db = connect({ url: url.toString(), logger: pino({ level: 'silent' }), max: 10 });
  const admin = new pg.Pool({ connectionString: url.toString(), max: 2 });
  // Dropping the database cuts connections that are still saying goodbye.
  admin.on('error', () => undefined);
  return {
    bench: createBench(db, admin),
    fresh: () => createBench(db, admin),
    close: async () => {
      await db.close();
      await admin.end();
      await sleep(50);
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}
