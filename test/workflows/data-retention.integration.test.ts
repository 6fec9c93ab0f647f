import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRetentionActivities } from '../../src/activities/platform/retention.ts';
import { PRUNED_KINDS } from '../../src/domain/retention.ts';
import { TASK_QUEUES } from '../../src/domain/task-queues.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { workflowBundle } from '../../src/workers/bundle.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { BUNDLE_CACHE, createTestTemporal, type TestTemporal } from '../support/temporal.ts';

let database: TestDatabase;
let temporal: TestTemporal;
beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), createTestTemporal()]);
});
afterAll(async () => {
  await temporal.close();
  await database.close();
});

describe('data_retention', () => {
  it('prunes every kind and says how much of each', async () => {
    await database.query(
      `insert into public_idempotency_keys (principal, key, request_hash, status, sealed_answer, created_at)
       values ('register', 'old', 'h', 201, 's', now() - interval '2 days')`,
    );
    const storage = {} as ObjectStore;
    const worker = await Worker.create({
      connection: temporal.native,
      namespace: temporal.namespace,
      taskQueue: TASK_QUEUES.core,
      workflowBundle: await workflowBundle(BUNDLE_CACHE),
      activities: createRetentionActivities({ db: database.db, clock: () => new Date(), storage }),
    });
    const result = await worker.runUntil(
      temporal.client.workflow.execute('dataRetention', {
        taskQueue: TASK_QUEUES.core,
        workflowId: `retention-${randomUUID()}`,
        args: [],
      }),
    );
    const nothing = Object.fromEntries(PRUNED_KINDS.map((kind) => [kind, { deleted: 0, isCut: false }]));
    expect(result).toEqual({ ...nothing, idempotency_keys: { deleted: 1, isCut: false } });
  });
});
