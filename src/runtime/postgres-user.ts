import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, ReosError } from '../domain/errors.ts';
import type { ReosHome } from './home.ts';
import { lastWords, runCommand } from './run-command.ts';

/** The user a server runs as when we are root: Postgres refuses root. */
export type ServerUser = { name: string; uid: number; gid: number };

/** Spawn options for a user; none when we run as ourselves. */
export function asUser(user: ServerUser | null): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/**
 * Null when we are not root (or on Windows). For root: the user `postgres`, else `nobody`, else a new system user.
 * @throws ReosError 'missing_part' when none can be had
 */
export async function chooseServerUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const known = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (known) return known;
  const name = 'reos-postgres';
  const made = await runCommand('useradd', ['--system', '--no-create-home', name], { timeoutMs: 10_000 });
  if (made.code !== 0) await runCommand('adduser', ['-S', '-D', '-H', name], { timeoutMs: 10_000 });
  const user = await lookUp(name);
  if (user) return user;
  throw new ReosError(
    'missing_part',
    `Postgres does not run as root, this system has neither a user "postgres" nor "nobody", and "${name}" could not be made (${lastWords(made)}). Run as another user, or set DATABASE_URL.`,
  );
}

/** Proves, as that user, that a folder can be entered. */
export async function canEnter(user: ServerUser | null, folder: string): Promise<boolean> {
  const trial = await runCommand('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    ...asUser(user),
    cwd: '/',
    timeoutMs: 5_000,
  });
  return trial.code === 0;
}

/**
 * A folder outside the home that another user can enter, for root's Postgres when the home is closed to it. The name
 * comes from the home's path, so the same home finds the same folder.
 * @param kind `data` belongs to the user alone; `binaries` to us, readable by all and shared by homes
 * @throws ReosError 'missing_part' naming each place tried
 */
export async function openFolderFor(home: ReosHome, user: ServerUser, kind: 'data' | 'binaries'): Promise<string> {
  const reasons: string[] = [];
  const hash = createHash('sha256').update(home.root).digest('hex').slice(0, 12);
  for (const base of ['/var/lib', tmpdir(), '/tmp']) {
    const parent = join(base, 'real-estate-os');
    try {
      makeOwned(parent, { uid: 0, gid: 0 }, 0o711);
      const folder = join(parent, kind === 'data' ? hash : 'binaries');
      makeOwned(folder, kind === 'data' ? user : { uid: 0, gid: 0 }, kind === 'data' ? 0o700 : 0o755);
      if (await canEnter(user, folder)) return folder;
      reasons.push(`${folder}: ${user.name} cannot enter it`);
    } catch (error) {
      reasons.push(`${parent}: ${messageOf(error)}`);
    }
  }
  throw new ReosError(
    'missing_part',
    `Postgres runs as "${user.name}" because we are root, and no folder for its files could be made (${reasons.join('; ')}). Run as another user, or set DATABASE_URL.`,
  );
}

/** Makes a folder for an owner. One that is already there must be a real folder of root's or of that owner. */
export function makeOwned(folder: string, owner: { uid: number; gid: number }, mode: number): void {
  mkdirSync(folder, { recursive: true, mode });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (found.uid !== 0 && found.uid !== owner.uid)) {
    throw new Error(`it is there already and belongs to user ${found.uid}`);
  }
  chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, mode);
}

async function lookUp(name: string): Promise<ServerUser | null> {
  const [uid, gid] = await Promise.all([
    runCommand('id', ['-u', name], { timeoutMs: 5_000 }),
    runCommand('id', ['-g', name], { timeoutMs: 5_000 }),
  ]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
