import { dropEventsBefore } from '../../db/queries/event-upkeep.ts';
import { forgetReportFile, listOldReportFiles, type PrunedRows, pruneRows } from '../../db/queries/retention.ts';
import { withSystem } from '../../db/tenant.ts';
import { DEFAULT_RETENTION_DAYS, daysOf, type PrunedKind } from '../../domain/retention.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from './heartbeat.ts';

/** What was deleted of a kind; `isCut`: there is more, which the next run deletes. */
export interface Pruned {
  deleted: number;
  isCut: boolean;
}

const ROWS = 2_000;
const FILES = 100;
/** In one run; what is left is the next one's. */
const MOST_BATCHES = 250;
const REASON = 'what is old is deleted for every tenant';

type RetentionDeps = Pick<ActivityDeps, 'db' | 'clock' | 'storage' | 'retentionDays'>;

/** Deleting what is old. */
export function createRetentionActivities(deps: RetentionDeps) {
  return {
    /** Deletes what is old of one kind, in batches with a transaction each. Any part of it may be done again. */
    async pruneOld(input: { kind: PrunedKind }): Promise<Pruned> {
      const heartbeat = startHeartbeat();
      try {
        return await pruneKind(deps, input.kind, (deleted) => heartbeat.beat({ deleted }));
      } finally {
        heartbeat.stop();
      }
    },
  };
}

/** @param onBatch is told how much was deleted so far */
export async function pruneKind(
  deps: RetentionDeps,
  kind: PrunedKind,
  onBatch: (deleted: number) => void = () => undefined,
): Promise<Pruned> {
  const days = daysOf(kind, deps.retentionDays ?? DEFAULT_RETENTION_DAYS);
  const before = new Date(deps.clock().getTime() - days * 86_400_000);
  if (kind === 'events') {
    const dropped = await withSystem(deps.db, REASON, (trx) => dropEventsBefore(trx, before));
    return { deleted: dropped.length, isCut: false };
  }
  let deleted = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const count = kind === 'report_files' ? await pruneFiles(deps, before) : await prune(deps, kind, before);
    deleted += count;
    if (count < (kind === 'report_files' ? FILES : ROWS)) return { deleted, isCut: false };
    onBatch(deleted);
  }
  return { deleted, isCut: true };
}

const prune = (deps: RetentionDeps, kind: PrunedRows, before: Date) =>
  withSystem(deps.db, REASON, (trx) => pruneRows(trx, kind, before, ROWS));

/** The file first: a run that names a file which is gone is found again. */
async function pruneFiles(deps: RetentionDeps, before: Date): Promise<number> {
  const old = await withSystem(deps.db, REASON, (trx) => listOldReportFiles(trx, before, FILES));
  for (const run of old) {
    await deps.storage.remove(run.fileKey);
    await withSystem(deps.db, REASON, (trx) => forgetReportFile(trx, run));
  }
  return old.length;
}
