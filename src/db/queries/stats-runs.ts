import type { TenantTrx } from '../tenant.ts';

/** The tenant's part in a run, from its journal. */
export interface JournalRun {
  dagId: string;
  dagRunId: string;
  executionDate: Date;
  status: string;
  tasksTotal: number;
  tasksSuccess: number;
  tasksFailed: number;
  durationSeconds: number | null;
  detail: string | null;
}

/** The newest rows of the tenant's journal of runs. */
export async function listJournalRuns(
  trx: TenantTrx,
  filter: { dagId?: string; status?: string; limit: number },
): Promise<JournalRun[]> {
  return trx.db
    .selectFrom('pipelineRuns')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.dagId !== undefined, (query) => query.where('dagId', '=', filter.dagId!))
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .orderBy('executionDate', 'desc')
    .orderBy('dagRunId')
    .limit(filter.limit)
    .execute();
}

/** The tenant's journal of the runs named. */
export async function findJournalRuns(trx: TenantTrx, runIds: readonly string[]): Promise<JournalRun[]> {
  if (runIds.length === 0) return [];
  return trx.db
    .selectFrom('pipelineRuns')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .where('dagRunId', 'in', [...runIds])
    .execute();
}
