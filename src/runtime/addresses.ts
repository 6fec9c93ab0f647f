import { join } from 'node:path';
import { ensureFolder, reosHome } from './home.ts';
import { isRunning, ownIdentity } from './process-identity.ts';
import { readRecord, removeRecord, writeRecord } from './run-record.ts';

/** Where providers and listing sites are for now, in place of the settings': what the demonstration lends a running system. */
export interface LentAddresses {
  /** Base URL by provider name. */
  providers: Record<string, string>;
  /** Base URL by site recipe. */
  sources: Record<string, string>;
  /** Multiplies call rates: a simulator bears more than a public service. */
  rateScale: number;
  retryWindowMs: number;
}

type LentRecord = LentAddresses & { pid: number; startToken: string };

const recordPath = (home: string) => join(reosHome(home).run, 'addresses.json');

/** Lends addresses to the workers of this home until `takeBack`, or until this process ends. */
export function lendAddresses(home: string, addresses: LentAddresses): { takeBack(): void } {
  ensureFolder(reosHome(home), reosHome(home).run);
  writeRecord(recordPath(home), { ...ownIdentity(), ...addresses });
  return { takeBack: () => removeRecord(recordPath(home)) };
}

/** Reads what is lent now, at most twice a second; null when nothing is, or when the lender is gone. */
export function createAddressReader(home: string): () => LentAddresses | null {
  let readAt = 0;
  let current: LentAddresses | null = null;
  return () => {
    if (Date.now() - readAt < 500) return current;
    readAt = Date.now();
    const record = readRecord<LentRecord>(recordPath(home));
    current = record !== null && isRunning(record) ? record : null;
    return current;
  };
}
