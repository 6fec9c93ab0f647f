import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, prepareServer } from '../src/db/migrate.ts';
import { reosHome } from '../src/runtime/home.ts';
import { preparePostgres } from '../src/runtime/postgres.ts';
import { knownDataDir } from '../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../src/runtime/supervisor.ts';

/** Runs the work on a new server's migrated database (superuser's URL), and removes the server after. */
export async function withScratchDatabase<T>(work: (adminUrl: string) => Promise<T>): Promise<T> {
  const base = mkdtempSync(join(tmpdir(), 'reos scratch '));
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  const prepared = await preparePostgres(home, { port: 0 });
  const server = prepared.process === null ? null : await superviseProcess(home, prepared.process);
  try {
    await migrate(await prepareServer(prepared.url, 'scratch'));
    const url = new URL(prepared.url);
    url.pathname = '/scratch';
    return await work(url.toString());
  } finally {
    await server?.stop();
    const dataDir = knownDataDir(home);
    if (dataDir) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  }
}
