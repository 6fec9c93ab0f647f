import { proxyActivities } from '@temporalio/workflow';

const { work } = proxyActivities<{ work(step: number): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** A lifecycle in little, under the name of the real one: two pieces of work on the core queue, one after the other. */
export async function propertyLifecycle(): Promise<void> {
  await work(1);
  await work(2);
}
