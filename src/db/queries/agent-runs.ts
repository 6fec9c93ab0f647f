import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** What a model or the planner did for one purpose. Cost in micros (1e-6 USD). */
export interface NewAgentRun {
  id: string;
  kind: 'planner' | 'agent';
  /** Such as `briefing 2026-03-02`. */
  purpose: string;
  model: string | null;
  status: 'running' | 'success' | 'rejected' | 'failed';
  steps: readonly unknown[];
  costMicros: number;
  message: string | null;
}

/** Writes the run down, or where it stands by now. */
export async function putAgentRun(trx: TenantTrx, run: NewAgentRun, now: Date): Promise<void> {
  const { id, steps, ...columns } = run;
  const completedAt = run.status === 'running' ? null : now;
  const changed = { ...columns, steps: json(steps), completedAt };
  await trx.db
    .insertInto('agentRuns')
    .values({ tenantId: trx.tenantId, id, startedAt: now, ...changed })
    .onConflict((oc) => oc.columns(['tenantId', 'id']).doUpdateSet(changed))
    .execute();
}

/** A run as it was written down. */
export interface AgentRun {
  id: string;
  status: NewAgentRun['status'];
  steps: unknown[];
  costMicros: number;
}

/** The run, held until the transaction ends; undefined when there is none. */
export async function lockAgentRun(trx: TenantTrx, id: string): Promise<AgentRun | undefined> {
  const row = await trx.db
    .selectFrom('agentRuns')
    .select(['id', 'status', 'steps', 'costMicros'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { ...row, status: row.status as AgentRun['status'], steps: row.steps as unknown[] };
}
