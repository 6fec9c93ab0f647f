import { type Client, WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { workflowIds } from '../domain/ids.ts';
import { TASK_QUEUES } from '../domain/task-queues.ts';
import type { campaign } from '../workflows/index.ts';
import type { CampaignView } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';

/** Which campaign; the name is shown in the Web UI's list. */
export interface CampaignRef {
  tenantId: string;
  campaignId: string;
  name: string;
}

function starting({ tenantId, campaignId, name }: CampaignRef) {
  return {
    taskQueue: TASK_QUEUES.core,
    workflowId: workflowIds.campaign(tenantId, campaignId),
    args: [{ tenantId, campaignId }] as [{ tenantId: string; campaignId: string }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    staticSummary: `Campaign ${name}`,
    priority: { fairnessKey: tenantId },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributes.tenantId, value: tenantId },
      { key: searchAttributes.campaignId, value: campaignId },
    ]),
  };
}

/** Delivers a signal, starting the campaign's workflow when none runs. */
export async function signalCampaign(client: Client, ref: CampaignRef, signal: 'runNow' | 'resume'): Promise<void> {
  await client.workflow.signalWithStart<typeof campaign, []>('campaign', {
    ...starting(ref),
    signal,
    signalArgs: [],
  });
}

/** Runs the campaign once and waits until its properties are asked, starting its workflow when none runs. */
export function runCampaign(client: Client, ref: CampaignRef): Promise<CampaignView> {
  return client.workflow.executeUpdateWithStart<typeof campaign, CampaignView, []>('run', {
    startWorkflowOperation: new WithStartWorkflowOperation<typeof campaign>('campaign', {
      ...starting(ref),
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
    args: [],
  });
}

/** Passes a person's order on to the campaign's workflow. False when none runs: the database has the order. */
export async function orderCampaign(
  client: Client,
  ref: CampaignRef,
  order: 'pause' | 'resume' | 'stop',
  reason: string | null,
): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowIds.campaign(ref.tenantId, ref.campaignId)).signal(order, { reason });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** The state as the campaign's workflow sees it; null when none runs or ever ran. */
export async function askCampaign(client: Client, ref: CampaignRef): Promise<CampaignView | null> {
  try {
    const handle = client.workflow.getHandle(workflowIds.campaign(ref.tenantId, ref.campaignId));
    return await handle.query<CampaignView>('state');
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
