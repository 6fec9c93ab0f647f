import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, prepareServer } from '../../src/db/migrate.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { preparePostgres } from '../../src/runtime/postgres.ts';
import { knownDataDir } from '../../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../../src/runtime/supervisor.ts';

/** A migrated Postgres in a temporary folder. */
export interface ScratchPostgres {
  /** The login that the product uses. */
  url: string;
  /** The superuser's, of the same database. */
  adminUrl: string;
  /** Stops the server and removes its folder. */
  close(): Promise<void>;
}

/** Starts a Postgres of its own, at the newest schema. */
export async function openScratchPostgres(database: string, tell: (words: string) => void): Promise<ScratchPostgres> {
  const base = mkdtempSync(join(tmpdir(), `reos ${database} `));
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  const prepared = await preparePostgres(home, { port: 0, onProgress: tell });
  if (prepared.process === null) throw new Error('the embedded Postgres was expected');
  const server = await superviseProcess(home, prepared.process);
  const close = async () => {
    await server.stop();
    const dataDir = knownDataDir(home);
    if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  };
  try {
    const url = await prepareServer(prepared.url, database);
    await migrate(url);
    const admin = new URL(prepared.url);
    admin.pathname = `/${database}`;
    return { url, adminUrl: admin.toString(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
