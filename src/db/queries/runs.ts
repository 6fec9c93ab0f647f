import { sql } from 'kysely';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** Opens the journal row of a run; a second attempt finds it. */
export async function openRun(trx: TenantTrx, run: { dagId: string; dagRunId: string }): Promise<void> {
  await trx.db
    .insertInto('pipelineRuns')
    .values({ tenantId: trx.tenantId, dagId: run.dagId, dagRunId: run.dagRunId, status: 'running' })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

/** Closes the journal row with its counts. */
export async function closeRun(
  trx: TenantTrx,
  run: { dagId: string; dagRunId: string; tasks: number; failures: readonly string[] },
): Promise<void> {
  await trx.db
    .updateTable('pipelineRuns')
    .set({
      status: run.failures.length === 0 ? 'success' : 'failed',
      tasksTotal: run.tasks,
      tasksFailed: run.failures.length,
      tasksSuccess: run.tasks - run.failures.length,
      durationSeconds: sql<number>`extract(epoch from now() - execution_date)`,
      detail: run.failures.length === 0 ? null : run.failures.join('\n'),
    })
    .where('tenantId', '=', trx.tenantId)
    .where('dagId', '=', run.dagId)
    .where('dagRunId', '=', run.dagRunId)
    .execute();
}

/** Remembers the last look at a part. */
export async function recordPing(
  trx: SystemTrx,
  ping: { component: string; ok: boolean; detail: string },
): Promise<void> {
  await trx.db
    .insertInto('ping')
    .values({ ...ping, at: sql`now()` })
    .onConflict((oc) => oc.column('component').doUpdateSet({ ok: ping.ok, detail: ping.detail, at: sql`now()` }))
    .execute();
}
