import { workflowInfo } from '@temporalio/workflow';
import type { SweepKind } from '../activities/platform/sweeps.ts';
import { batch, local } from './activity-options.ts';

/** sys_heartbeat: each part says whether it is there; a part that is not makes the run fail, visibly. */
export async function heartbeat(): Promise<Record<string, string>> {
  return batch.checkParts();
}

/** A county's discovery for every tenant that is active there. */
export async function discoverySweep(input: { county: string }): Promise<{ tenants: number }> {
  return batch.startDiscoveries({ county: input.county });
}

/** Work on many properties of every tenant: what is due is asked of each property's own workflow. */
export async function lifecycleSweep(input: { kind: SweepKind; dagId: string }): Promise<{ asked: number }> {
  const dagRunId = workflowInfo().runId;
  let asked = 0;
  for (const tenantId of await local.listTenants()) {
    const run = { tenantId, dagId: input.dagId, dagRunId };
    await local.openRun(run);
    if (input.kind === 'outreach') await batch.settleInterruptedSends({ tenantId });
    const count = await batch.sweepLifecycles({ tenantId, kind: input.kind });
    if (input.kind === 'memo') await batch.embedProperties({ tenantId });
    await local.closeRun({ ...run, tasks: count, failures: [] });
    asked += count;
  }
  return { asked };
}

/** email_campaign: every active campaign of every tenant has its daily run, each in its own workflow. */
export async function campaignSweep(input: { dagId: string }): Promise<{ asked: number }> {
  const dagRunId = workflowInfo().runId;
  let asked = 0;
  for (const tenantId of await local.listTenants()) {
    const run = { tenantId, dagId: input.dagId, dagRunId };
    await local.openRun(run);
    const count = await batch.startCampaigns({ tenantId });
    await local.closeRun({ ...run, tasks: count, failures: [] });
    asked += count;
  }
  return { asked };
}
