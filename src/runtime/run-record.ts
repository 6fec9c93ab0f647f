import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Reads a JSON record; null when it is absent or unreadable (a record is a hint, never the truth). */
export function readRecord<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return null;
  }
}

/** Writes a record whole or not at all, readable by its owner only (records may hold a database URL). */
export function writeRecord(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, path);
}

/** Removes a record; harmless when there is none. */
export function removeRecord(path: string): void {
  rmSync(path, { force: true });
}
