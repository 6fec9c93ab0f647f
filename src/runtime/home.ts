import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folders of one installation. Nothing exists until a part needs it. */
export type ReosHome = Readonly<{
  root: string;
  /** Run records and locks: which process runs what. */
  run: string;
  logs: string;
  /** Things that can be had again: binaries, the unpacked browser. */
  cache: string;
  postgres: string;
  temporal: string;
  /** The local object store. */
  store: string;
  /** Mail, SMS and post that have no provider. */
  outbox: string;
}>;

/** The folders under `root` (relative paths are taken from the working directory). Creates nothing. */
export function reosHome(root: string): ReosHome {
  const base = resolve(root);
  return {
    root: base,
    run: join(base, 'run'),
    logs: join(base, 'logs'),
    cache: join(base, 'cache'),
    postgres: join(base, 'postgres'),
    temporal: join(base, 'temporal'),
    store: join(base, 'store'),
    outbox: join(base, 'outbox'),
  };
}

/**
 * Creates one folder of the home and returns it. The root, `cache` and `postgres` may be entered (not listed) by other
 * users, because a Postgres started by root runs as another user; everything else is private.
 */
export function ensureFolder(home: ReosHome, folder: string): string {
  mkdirSync(home.root, { recursive: true, mode: 0o711 });
  const shared = folder === home.cache || folder === home.postgres;
  mkdirSync(folder, { recursive: true, mode: shared ? 0o711 : 0o700 });
  return folder;
}
