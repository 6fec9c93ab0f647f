import { isDeepStrictEqual } from 'node:util';
import { type Client, type ScheduleDescription, ScheduleNotFoundError, type ScheduleOptions } from '@temporalio/client';
import { TASK_QUEUES } from '../domain/task-queues.ts';
import type { ScheduleDeclaration } from './schedules.ts';

/** What a reconciliation did, or would do. */
export interface ScheduleChange {
  id: string;
  change: 'created' | 'changed' | 'removed' | 'unchanged';
}

/** Ours are known by this word, so that nobody else's schedule is ever removed. */
const MARK = 'reos-schedule';

/**
 * Makes the server's schedules what the declarations say: creates, changes, removes what is no longer declared. A pause
 * made by an operator and its note stay.
 * @param dryRun true to only say what would change
 */
export async function reconcileSchedules(
  client: Client,
  declarations: readonly ScheduleDeclaration[],
  dryRun = false,
): Promise<ScheduleChange[]> {
  const changes: ScheduleChange[] = [];
  for (const declaration of declarations) {
    changes.push({ id: declaration.id, change: await reconcileOne(client, declaration, dryRun) });
  }
  const declared = new Set(declarations.map(({ id }) => id));
  for (const id of await listOwnIds(client)) {
    if (declared.has(id) || !(await exists(client, id))) continue;
    if (!dryRun) await client.schedule.getHandle(id).delete();
    changes.push({ id, change: 'removed' });
  }
  return changes;
}

async function reconcileOne(
  client: Client,
  declaration: ScheduleDeclaration,
  dryRun: boolean,
): Promise<ScheduleChange['change']> {
  const handle = client.schedule.getHandle(declaration.id);
  let current: ScheduleDescription;
  try {
    current = await handle.describe();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    if (!dryRun) await client.schedule.create(optionsOf(declaration));
    return 'created';
  }
  if (isDeepStrictEqual(current.action.memo?.declaration, fingerprint(declaration))) return 'unchanged';
  if (!dryRun) {
    await handle.update(({ state }) => {
      const { scheduleId: _id, memo: _memo, ...wanted } = optionsOf(declaration);
      // A pause is the operator's: it stays, with the note that says why.
      return { ...wanted, state: state.paused ? state : { ...state, note: declaration.note } };
    });
  }
  return 'changed';
}

function fingerprint(declaration: ScheduleDeclaration): unknown {
  return JSON.parse(JSON.stringify(declaration));
}

function optionsOf(declaration: ScheduleDeclaration): ScheduleOptions {
  return {
    scheduleId: declaration.id,
    spec: { cronExpressions: [declaration.cron], timezone: declaration.timeZone, jitter: declaration.jitter },
    action: {
      type: 'startWorkflow',
      workflowType: declaration.workflow,
      workflowId: `schedule/${declaration.id}`,
      taskQueue: TASK_QUEUES.core,
      args: [...declaration.args],
      staticSummary: declaration.note,
      memo: { declaration: fingerprint(declaration) },
    },
    policies: { overlap: declaration.overlap, catchupWindow: declaration.catchUpWindow },
    memo: { mark: MARK },
    state: { note: declaration.note },
  };
}

async function listOwnIds(client: Client): Promise<string[]> {
  const ids: string[] = [];
  for await (const summary of client.schedule.list()) {
    if (summary.memo?.mark === MARK) ids.push(summary.scheduleId);
  }
  return ids;
}

/** The server's list lags: for a while it can name a schedule that is already gone. */
async function exists(client: Client, id: string): Promise<boolean> {
  try {
    await client.schedule.getHandle(id).describe();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}
