import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLifecycles } from '../../src/client/lifecycles.ts';
import { TASK_QUEUES } from '../../src/domain/task-queues.ts';
import { createTestTemporal, eventually, type TestTemporal } from '../support/temporal.ts';

const CROWD = 100;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await createTestTemporal();
});
afterAll(() => temporal.close());

it('the one lifecycle of a tenant does not wait behind the hundred of another', async () => {
  const lifecycles = createLifecycles(temporal.client);
  const [crowd, single] = [randomUUID(), randomUUID()];
  const start = (tenantId: string) => {
    const property = { propertyId: randomUUID(), county: 'king-wa', apn: null, source: null };
    return lifecycles.start({ tenantId, ...property, summary: 'test' });
  };
  // All of them wait before anybody works: the order is the queue's alone.
  await Promise.all(Array.from({ length: CROWD }, () => start(crowd)));
  await start(single);
  /** Whose lifecycle came to its end, in order. */
  const ended: string[] = [];
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('parts/small-lifecycle.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR', () => undefined),
  });
  const worker = await Worker.create({
    connection: temporal.native,
    namespace: temporal.namespace,
    taskQueue: TASK_QUEUES.core,
    workflowBundle,
    activities: {
      async work(step: number) {
        // Long beside what the server takes to hand out a task: else the place shows its latency, not its order.
        await sleep(50);
        const workflowId = Context.current().info.workflowExecution?.workflowId;
        if (step === 2) ended.push(workflowId?.includes(single) === true ? single : crowd);
      },
    },
    maxConcurrentActivityTaskExecutions: 2,
    maxConcurrentWorkflowTaskExecutions: 4,
    shutdownGraceTime: 0,
  });
  const running = worker.run();
  try {
    await eventually(async () => ended.includes(single), Boolean, 60_000);
  } finally {
    worker.shutdown();
    await running;
  }
  // In the order of arrival it would be the last one, or near it; two at a time are at work before it.
  expect(ended.indexOf(single)).toBeLessThan(5);
});
