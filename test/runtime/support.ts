import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReosHome, reosHome } from '../../src/runtime/home.ts';
import { knownDataDir } from '../../src/runtime/postgres-cluster.ts';

/** A home in a path with a space, which other users may enter unless `closed`. */
export function temporaryHome(options: { closed?: boolean } = {}): { home: ReosHome; remove: () => void } {
  const base = mkdtempSync(join(tmpdir(), 'reos runtime '));
  chmodSync(base, options.closed ? 0o700 : 0o755);
  const home = reosHome(join(base, 'my home'));
  const remove = () => {
    const dataDir = knownDataDir(home);
    if (dataDir) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  };
  return { home, remove };
}

/** Writes an executable shell script and returns its path. */
export function script(folder: string, name: string, body: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Waits until `ask` holds, or fails after `timeoutMs`. */
export async function until(ask: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((done) => setTimeout(done, 30));
  }
}
