import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_QUEUES } from '../../src/domain/task-queues.ts';
import type { reportDispatch } from '../../src/workflows/report-dispatch.ts';
import { createWorld, type World } from '../support/lifecycle-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.close());

const dispatch = async () => {
  const { workflow } = world.temporal.client;
  const options = { workflowId: `reports/${randomUUID()}`, taskQueue: TASK_QUEUES.core, args: [] as [] };
  return (await workflow.start<typeof reportDispatch>('reportDispatch', options)).result();
};

test('the dispatch mails what is due once, whatever the number of runs', async () => {
  const [user] = await world.query<{ id: string }>(
    `insert into user_accounts (tenant_id, email, name, password_hash, role)
     values ($1, 'ann@example.com', 'Ann', 'none', 'admin') returning id`,
    [world.tenantId],
  );
  await world.query(
    `insert into scheduled_reports (tenant_id, name, kind, frequency, time_zone, recipients, next_run_at)
     values ($1, 'Costs', 'costs', 'daily', 'America/Chicago', array[$2::uuid], now() - interval '2 days')`,
    [world.tenantId, user!.id],
  );
  expect(await dispatch()).toEqual({ runs: 1, mails: 1 });
  expect(await dispatch()).toEqual({ runs: 0, mails: 0 });
  const files = await readdir(join(world.folder, 'outbox', world.tenantId));
  expect(files.filter((name) => name.endsWith('.eml'))).toHaveLength(1);
});
