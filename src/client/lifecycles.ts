import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { LifecycleStart, LifecycleStarter } from '../activities/platform/lifecycle-starter.ts';
import { workflowIds } from '../domain/ids.ts';
import { TASK_QUEUES } from '../domain/task-queues.ts';
import type { countyDiscovery, propertyLifecycle } from '../workflows/index.ts';
import type { LifecycleView } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';
import { signalCampaign } from './campaigns.ts';

type Signal = 'emailEvent' | 'smsEvent' | 'mailEvent' | 'pause' | 'resume' | 'suppress' | 'recordOutcome';
type Update = 'reEnrich' | 'reScore' | 'reMemo' | 'approveOutreach';

/** Starting, signalling, updating and asking the workflows of properties. */
export interface Lifecycles extends LifecycleStarter {
  /** Delivers a signal; a property whose workflow has ended gets a new run that hears it first. */
  signal(tenantId: string, propertyId: string, signal: Signal, payload: unknown): Promise<void>;
  /** Runs an update to its end and returns the state after it, starting the workflow when none runs. */
  update(lifecycle: LifecycleStart, update: Update, payload?: { campaignId: string }): Promise<LifecycleView>;
  /** The state as the running workflow sees it; null when none runs. */
  state(tenantId: string, propertyId: string): Promise<LifecycleView | null>;
}

/** The lifecycles of one namespace. */
export function createLifecycles(client: Client): Lifecycles {
  const starting = (lifecycle: LifecycleStart) => ({
    taskQueue: TASK_QUEUES.core,
    workflowId: workflowIds.property(lifecycle.tenantId, lifecycle.propertyId),
    args: [{ tenantId: lifecycle.tenantId, propertyId: lifecycle.propertyId }] as [
      { tenantId: string; propertyId: string },
    ],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    staticSummary: lifecycle.summary,
    priority: { fairnessKey: lifecycle.tenantId },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributes.tenantId, value: lifecycle.tenantId },
      { key: searchAttributes.county, value: lifecycle.county },
      ...(lifecycle.apn ? [{ key: searchAttributes.apn, value: lifecycle.apn }] : []),
      ...(lifecycle.source ? [{ key: searchAttributes.source, value: lifecycle.source }] : []),
    ]),
  });
  const withStart = (lifecycle: LifecycleStart) =>
    new WithStartWorkflowOperation<typeof propertyLifecycle>('propertyLifecycle', starting(lifecycle));

  return {
    async start(lifecycle) {
      try {
        await client.workflow.start<typeof propertyLifecycle>('propertyLifecycle', {
          ...starting(lifecycle),
          workflowIdConflictPolicy: 'FAIL',
        });
        return true;
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
        throw error;
      }
    },
    async request(lifecycle, update) {
      await client.workflow.startUpdateWithStart(update, {
        startWorkflowOperation: withStart(lifecycle),
        waitForStage: 'ACCEPTED',
      });
    },
    async wake(lifecycle) {
      const { workflowIdConflictPolicy: _existing, ...options } = starting(lifecycle);
      await client.workflow.signalWithStart<typeof propertyLifecycle, []>('propertyLifecycle', {
        ...options,
        signal: 'sendsDue',
        signalArgs: [],
      });
    },
    runCampaign: (campaign) => signalCampaign(client, campaign, 'runNow'),
    async startDiscovery({ tenantId, county }) {
      await client.workflow.start<typeof countyDiscovery>('countyDiscovery', {
        taskQueue: TASK_QUEUES.core,
        workflowId: workflowIds.discovery(tenantId, county),
        args: [{ tenantId, county, dagId: `discovery_offmarket:${county}` }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        priority: { fairnessKey: tenantId },
        staticSummary: `Discovery of ${county}`,
      });
    },
    async signal(tenantId, propertyId, signal, payload) {
      await client.workflow.signalWithStart<typeof propertyLifecycle, [unknown]>('propertyLifecycle', {
        taskQueue: TASK_QUEUES.core,
        workflowId: workflowIds.property(tenantId, propertyId),
        args: [{ tenantId, propertyId }],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        priority: { fairnessKey: tenantId },
        signal,
        signalArgs: [payload],
      });
    },
    update: (lifecycle, update, payload) =>
      client.workflow.executeUpdateWithStart<typeof propertyLifecycle, LifecycleView, [{ campaignId: string }] | []>(
        update,
        {
          startWorkflowOperation: withStart(lifecycle),
          args: payload === undefined ? [] : [payload],
        },
      ),
    async state(tenantId, propertyId) {
      try {
        return await client.workflow
          .getHandle(workflowIds.property(tenantId, propertyId))
          .query<LifecycleView>('state');
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
  };
}
