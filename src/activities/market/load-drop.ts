import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTenant } from '../../db/queries/tenants.ts';
import { withSystem } from '../../db/tenant.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import type { MarketLoadDeps } from './load.ts';
import { type DropStore, loadDropPrefix } from './load-drop-store.ts';
import { type DropResult, loadDropped, QUIET_MS } from './load-dropped.ts';

/** Where files are dropped, besides what loading needs. */
export interface DropDeps extends MarketLoadDeps {
  /** Holds one folder per tenant, by its slug; undefined where no folder is watched. */
  marketDrop?: string | undefined;
  /** The same in a bucket: one prefix per tenant, by its slug. */
  marketDropStore?: DropStore | undefined;
}

/**
 * Loads every file of one tenant's drop folder, in the order of their names. One that was taken moves to `done/`, one
 * that was refused to `failed/` beside a `.reason.txt`; when the database is away, files stay where they are.
 * @throws ReosError `transient`
 */
export async function loadDropFolder(
  deps: MarketLoadDeps,
  tenantId: string,
  folder: string,
  onFile: (file: string) => void = () => undefined,
): Promise<DropResult> {
  const result: DropResult = { loaded: 0, failed: 0, waiting: 0 };
  for (const file of await filesOf(folder)) {
    const path = join(folder, file);
    const { mtimeMs } = await stat(path);
    if (deps.clock().getTime() - mtimeMs < QUIET_MS) {
      result.waiting += 1;
      continue;
    }
    onFile(file);
    const refusal = await loadDropped(deps, tenantId, path, file);
    const to = await moveTo(join(folder, refusal === null ? 'done' : 'failed'), path, file);
    if (refusal === null) result.loaded += 1;
    else {
      result.failed += 1;
      await writeFile(`${to}.reason.txt`, `${refusal}\n`);
    }
  }
  return result;
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !/\.(part|tmp|crdownload)$/.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Moves the file; a name that is taken there gets a number. */
async function moveTo(folder: string, path: string, file: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const taken = new Set(await readdir(folder));
  let name = file;
  for (let i = 2; taken.has(name); i += 1) name = `${i}-${file}`;
  await rename(path, join(folder, name));
  return join(folder, name);
}

/** Loading what lies in the drop folder. */
export function createMarketDropActivities(deps: Pick<ActivityDeps, 'db' | 'clock'> & DropDeps) {
  return {
    /** Loads the files of `<drop>/<tenant slug>/`, in the folder and in the bucket. Interrupted, it goes on with those that are left. */
    loadMarketDrop: async ({ tenantId }: { tenantId: string }): Promise<DropResult> => {
      const { marketDrop, marketDropStore: store } = deps;
      if (marketDrop === undefined && store === undefined) return { loaded: 0, failed: 0, waiting: 0 };
      const tenant = await withSystem(deps.db, 'a drop folder is named after its tenant', (trx) =>
        readTenant(trx, tenantId),
      );
      if (tenant === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(tenant.slug)) {
        return { loaded: 0, failed: 0, waiting: 0 };
      }
      const heart = startHeartbeat();
      try {
        const total: DropResult = { loaded: 0, failed: 0, waiting: 0 };
        const add = ({ loaded, failed, waiting }: DropResult) => {
          total.loaded += loaded;
          total.failed += failed;
          total.waiting += waiting;
        };
        const onFile = (file: string) => heart.beat({ file });
        if (marketDrop !== undefined) {
          add(await loadDropFolder(deps, tenantId, join(marketDrop, tenant.slug), onFile));
        }
        if (store !== undefined) add(await loadDropPrefix(deps, tenantId, store, tenant.slug, onFile));
        return total;
      } finally {
        heart.stop();
      }
    },
  };
}
