import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFolder, type ReosHome } from './home.ts';

/** A log larger than this is set aside (as `<name>.log.1`, replacing the one before) when its process starts. */
export const maxLogBytes = 20 * 1024 * 1024;

/** Path of a process's log. */
export function logPath(home: ReosHome, name: string): string {
  return join(home.logs, `${name}.log`);
}

/** Opens the log for appending, after rotation. The child writes to it by itself, so it outlives the parent. */
export function openLog(home: ReosHome, name: string): number {
  ensureFolder(home, home.logs);
  const path = logPath(home, name);
  if (existsSync(path) && statSync(path).size > maxLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** The last non-empty lines of a log, oldest first; empty when there is none. */
export function lastLogLines(path: string, count: number): string[] {
  if (!existsSync(path)) return [];
  const file = openSync(path, 'r');
  try {
    const size = statSync(path).size;
    const buffer = Buffer.alloc(Math.min(size, 16_384));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8').split('\n').filter(Boolean).slice(-count);
  } finally {
    closeSync(file);
  }
}
