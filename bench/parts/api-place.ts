import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { migrate, prepareServer } from '../../src/db/migrate.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { preparePostgres } from '../../src/runtime/postgres.ts';
import { knownDataDir } from '../../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../../src/runtime/supervisor.ts';
import { SEED_TENANT, seed } from './api-seed.ts';

/** A running Postgres with properties in it. */
export interface Place {
  /** The login that the product uses. */
  url: string;
  /** The superuser's. */
  adminUrl: string;
  /** Process id of the server. */
  pid: number;
  properties: number;
  close(): Promise<void>;
}

/**
 * Starts a Postgres of its own, migrated and seeded. With a folder to keep, the one that is there is used again, brought
 * to the newest schema; one of another size is refused.
 */
export async function openPlace(
  options: { properties: number; slim: boolean; keep: string | undefined; memoryMb?: number | undefined },
  tell: (words: string) => void,
): Promise<Place> {
  const base = options.keep === undefined ? mkdtempSync(join(tmpdir(), 'reos api ')) : resolve(options.keep);
  mkdirSync(base, { recursive: true });
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  const prepared = await preparePostgres(home, { port: 0, sharedBuffersMb: options.memoryMb, onProgress: tell });
  if (prepared.process === null) throw new Error('the embedded Postgres was expected');
  const server = await superviseProcess(home, prepared.process);
  const close = async () => {
    await server.stop();
    if (options.keep !== undefined) return;
    const dataDir = knownDataDir(home);
    if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  };
  try {
    const url = await prepareServer(prepared.url, 'api');
    await migrate(url);
    const admin = new URL(prepared.url);
    admin.pathname = '/api';
    const adminUrl = admin.toString();
    const found = await countIn(adminUrl);
    if (found === 0) await seed(adminUrl, options.properties, options.slim, tell);
    else if (found !== options.properties) {
      throw new Error(`${base} holds ${found} properties, not ${options.properties}. Name another folder.`);
    }
    return { url, adminUrl, pid: server.pid() ?? -1, properties: options.properties, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function countIn(adminUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from properties where tenant_id = $1',
      [SEED_TENANT],
    );
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}
