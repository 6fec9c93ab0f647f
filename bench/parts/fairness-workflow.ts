import { proxyActivities } from '@temporalio/workflow';

const { work } = proxyActivities<{ work(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** A lifecycle in little: two pieces of work on the queue of its tenant, one after the other. */
export async function fairnessLifecycle(): Promise<void> {
  await work();
  await work();
}
