import { ApplicationFailure } from '@temporalio/workflow';
import type { Pruned } from '../activities/platform/retention.ts';
import { PRUNED_KINDS } from '../domain/retention.ts';
import { batch } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/**
 * data_retention: deletes what is old, kind by kind, and says how much of each. A kind that could not be done keeps no
 * other from it; the run fails in the end.
 */
export async function dataRetention(): Promise<Record<string, Pruned>> {
  const done: Record<string, Pruned> = {};
  const failures: string[] = [];
  for (const kind of PRUNED_KINDS) {
    try {
      done[kind] = await batch.pruneOld({ kind });
    } catch (error) {
      failures.push(`${kind}: ${failureReason(error)}`);
    }
  }
  if (failures.length > 0) throw ApplicationFailure.nonRetryable(failures.join('\n'), 'RetentionFailed', done);
  return done;
}
