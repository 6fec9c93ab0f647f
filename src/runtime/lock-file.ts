import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReosError } from '../domain/errors.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Gives a lock back. Calling it twice is harmless. */
export type Release = () => void;

/**
 * Takes an exclusive lock that ends with the process: a lock whose owner no longer runs is taken over.
 * @param options.what the thing being locked, for the message ("the Temporal binary")
 * @param options.waitMs how long to wait for another owner; 0 refuses at once
 * @param options.onWait told once, with the owner's pid, when waiting begins
 * @throws ReosError 'conflict' naming the owner's pid when it does not let go in time
 */
export async function acquireLock(
  path: string,
  options: { what: string; waitMs: number; onWait?: (ownerPid: number) => void },
): Promise<Release> {
  mkdirSync(dirname(path), { recursive: true });
  const own = { ...ownIdentity(), nonce: Math.random().toString(36).slice(2) };
  const deadline = Date.now() + options.waitMs;
  let told = false;
  for (;;) {
    if (tryCreate(path, JSON.stringify(own))) return () => releaseIfOwn(path, own.nonce);
    const owner = readOwner(path);
    if (owner === 'gone') continue;
    if (owner !== 'unknown' && !isRunning(owner)) {
      removeStale(path);
      continue;
    }
    const ownerPid = owner === 'unknown' ? 0 : owner.pid;
    if (Date.now() >= deadline) {
      throw new ReosError('conflict', `${options.what} is in use by process ${ownerPid}. Wait for it or stop it.`, {
        details: { pid: ownerPid, lock: path },
      });
    }
    if (!told) options.onWait?.(ownerPid);
    told = true;
    await sleep(200);
  }
}

function tryCreate(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path: string): ProcessIdentity | 'gone' | 'unknown' {
  let text: string;
  let ageMs: number;
  try {
    text = readFileSync(path, 'utf8');
    ageMs = Date.now() - statSync(path).mtimeMs;
  } catch {
    return 'gone';
  }
  try {
    const { pid, startToken } = JSON.parse(text) as ProcessIdentity;
    return { pid, startToken };
  } catch {
    // Between creating and writing the file is empty for an instant; an old unreadable one was left by a crash.
    return ageMs > 5_000 ? { pid: 0, startToken: '' } : 'unknown';
  }
}

/** Two processes may find the same stale lock: rename is atomic, and whoever got a fresh one by it puts it back. */
function removeStale(path: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = readOwner(aside);
  if (taken !== 'gone' && taken !== 'unknown' && isRunning(taken)) tryCreate(path, readFileSync(aside, 'utf8'));
  rmSync(aside, { force: true });
}

function releaseIfOwn(path: string, nonce: string): void {
  try {
    if (readFileSync(path, 'utf8').includes(nonce)) rmSync(path, { force: true });
  } catch {
    // Already gone: there is nothing to give back.
    return;
  }
}
