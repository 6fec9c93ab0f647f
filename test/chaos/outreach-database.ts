import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, prepareServer } from '../../src/db/migrate.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { preparePostgres } from '../../src/runtime/postgres.ts';
import { knownDataDir } from '../../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../../src/runtime/supervisor.ts';

const DATABASE = 'chaos';

/**
 * Starts a Postgres of its own in a temporary folder, migrates a database in it, and takes both away after the work.
 * @param work gets the URLs of the app's login and of the superuser
 */
export async function withDatabase<T>(
  onProgress: (words: string) => void,
  work: (database: { url: string; adminUrl: string }) => Promise<T>,
): Promise<T> {
  const base = mkdtempSync(join(tmpdir(), 'reos-chaos-home-'));
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  try {
    const prepared = await preparePostgres(home, { port: 0, onProgress });
    if (prepared.process === null) throw new Error('An embedded Postgres was expected. Unset DATABASE_URL.');
    const server = await superviseProcess(home, prepared.process);
    try {
      const url = await prepareServer(prepared.url, DATABASE);
      await migrate(url);
      const admin = new URL(prepared.url);
      admin.pathname = `/${DATABASE}`;
      return await work({ url, adminUrl: admin.toString() });
    } finally {
      await server.stop();
    }
  } finally {
    const dataDir = knownDataDir(home);
    if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  }
}
