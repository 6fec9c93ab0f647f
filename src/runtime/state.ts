import { join } from 'node:path';
import { messageOf, ReosError } from '../domain/errors.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import { acquireLock, type Release } from './lock-file.ts';
import { isRunning, ownIdentity } from './process-identity.ts';
import { readRecord, removeRecord, writeRecord } from './run-record.ts';

/** One part of the running system, as `status` shows it. */
export type RunningPart = { name: string; source: string; version: string | null; port: number | null };

/** What another process needs to use the system that runs on this home. */
export type RunningSystem = {
  /** The process that owns the parts (`reos up`, or a verb that started them for itself). */
  pid: number;
  /** Tells the owner apart from a later process with its pid. */
  startToken: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  databaseUrl: string;
  /** host:port */
  temporalAddress: string;
  /** Null when the Temporal server is not ours and its UI is not known. */
  temporalUiUrl: string | null;
  /** Null while no API is up. */
  apiUrl: string | null;
  parts: RunningPart[];
};

const recordPath = (home: ReosHome) => join(home.run, 'system.json');

/** The running system of this home; null when none runs or its owner died. */
export function readRunningSystem(home: ReosHome): RunningSystem | null {
  const record = readRecord<RunningSystem>(recordPath(home));
  return record && isRunning(record) ? record : null;
}

/** Records this process as the owner of the running system. The file is readable by its owner only. */
export function writeRunningSystem(
  home: ReosHome,
  system: Omit<RunningSystem, 'pid' | 'startToken' | 'startedAt'>,
): RunningSystem {
  ensureFolder(home, home.run);
  const record = { ...ownIdentity(), startedAt: new Date().toISOString(), ...system };
  writeRecord(recordPath(home), record);
  return record;
}

/** Removes the record, unless another living process owns it by now. */
export function clearRunningSystem(home: ReosHome): void {
  const record = readRecord<RunningSystem>(recordPath(home));
  if (record && record.pid !== process.pid && isRunning(record)) return;
  removeRecord(recordPath(home));
}

/**
 * Makes this process the only one that starts a system on this home. It ends with the process, or by the returned call.
 * @throws ReosError 'conflict' at once when another process holds it, unless `waitMs` is given
 */
export async function lockSystem(home: ReosHome, options: { waitMs?: number } = {}): Promise<Release> {
  ensureFolder(home, home.run);
  try {
    return await acquireLock(join(home.run, 'system.lock'), {
      what: `The system in ${home.root}`,
      waitMs: options.waitMs ?? 0,
    });
  } catch (error) {
    if (!(error instanceof ReosError) || error.code !== 'conflict') throw error;
    throw new ReosError(
      'conflict',
      `${messageOf(error)} Use it as it is, end it with "npx reos down", or set REOS_HOME to another folder.`,
      { cause: error, details: error.details },
    );
  }
}
