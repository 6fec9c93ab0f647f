import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { MarketLoadDeps } from './load.ts';
import { type DropResult, loadDropped, QUIET_MS } from './load-dropped.ts';

/** A place for files in a bucket. Keys are whole ones, with the prefix that is watched. */
export interface DropStore {
  /** Ends in a slash, or is empty. */
  prefix: string;
  /** Objects right below a prefix, by key. */
  list(prefix: string): Promise<Array<{ key: string; changedAt: Date }>>;
  download(key: string, path: string): Promise<void>;
  /** Copies, then removes: it may be there twice for a moment, never not at all. */
  move(key: string, to: string): Promise<void>;
  putText(key: string, text: string): Promise<void>;
}

/**
 * Loads every object of one tenant's prefix as `loadDropFolder` the files of its folder: one that was taken moves to
 * `done/`, one that was refused to `failed/` beside a `.reason.txt`. An object is loaded once by its bytes, so that it does
 * no harm when it could not be moved.
 * @throws ReosError `transient`
 */
export async function loadDropPrefix(
  deps: MarketLoadDeps,
  tenantId: string,
  store: DropStore,
  slug: string,
  onFile: (file: string) => void = () => undefined,
): Promise<DropResult> {
  const result: DropResult = { loaded: 0, failed: 0, waiting: 0 };
  const below = `${store.prefix}${slug}/`;
  const folder = await mkdtemp(join(tmpdir(), 'reos-drop-'));
  try {
    for (const { key, changedAt } of await store.list(below)) {
      const name = basename(key);
      if (name === '' || name.startsWith('.') || /\.(part|tmp)$/.test(name)) continue;
      if (deps.clock().getTime() - changedAt.getTime() < QUIET_MS) {
        result.waiting += 1;
        continue;
      }
      onFile(name);
      const path = join(folder, 'file');
      await store.download(key, path);
      const refusal = await loadDropped(deps, tenantId, path, name);
      // One of the same name from another day stays.
      const stamp = changedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
      const to = `${below}${refusal === null ? 'done' : 'failed'}/${stamp}-${name}`;
      if (refusal !== null) await store.putText(`${to}.reason.txt`, `${refusal}\n`);
      await store.move(key, to);
      await rm(path, { force: true });
      if (refusal === null) result.loaded += 1;
      else result.failed += 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return result;
}
