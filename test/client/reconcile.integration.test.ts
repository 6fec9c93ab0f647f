import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reconcileSchedules } from '../../src/client/reconcile.ts';
import { declareSchedules, type ScheduleDeclaration } from '../../src/client/schedules.ts';
import { openCounties } from '../../src/config/county-index.ts';
import { createWorld, type World } from '../support/lifecycle-world.ts';
import { eventually } from '../support/temporal.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.close());

const client = () => world.temporal.client;
const handle = (id: string) => client().schedule.getHandle(id);

const HEARTBEAT: ScheduleDeclaration = {
  id: 'sys_heartbeat',
  workflow: 'heartbeat',
  args: [],
  cron: '0 0 1 1 *',
  timeZone: 'Etc/UTC',
  jitter: '5 seconds',
  catchUpWindow: '1 minutes',
  overlap: 'SKIP',
  note: 'Looks at the parts.',
};
const SWEEP: ScheduleDeclaration = {
  ...HEARTBEAT,
  id: 'score_master',
  workflow: 'lifecycleSweep',
  args: [{ kind: 'score', dagId: 'score_master' }],
  note: 'Scores again.',
};

/** Applies until the server's list, which lags behind a little, knows every schedule. */
async function apply(declarations: ScheduleDeclaration[], dryRun = false) {
  const changes = await reconcileSchedules(client(), declarations, dryRun);
  return changes.map(({ id, change }) => `${id} ${change}`).sort();
}

async function listIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client().schedule.list()) {
    // The list can go on naming one that is gone: only what can be described is there.
    const isThere = await handle(scheduleId)
      .describe()
      .then(
        () => true,
        (error) => {
          if (error instanceof ScheduleNotFoundError) return false;
          throw error;
        },
      );
    if (isThere) ids.push(scheduleId);
  }
  return ids.sort();
}

const untilListed = (ids: string[]) =>
  eventually(listIds, (listed) => JSON.stringify(listed) === JSON.stringify([...ids].sort()));

describe('schedules', () => {
  beforeEach(async () => {
    for (const id of await listIds()) await handle(id).delete();
    await untilListed([]);
  });

  test('all declared ones of all counties are accepted by the server, and applying again changes nothing', async () => {
    const { all } = await openCounties('config');
    const declarations = declareSchedules(all);
    expect(await apply(declarations)).toEqual(declarations.map(({ id }) => `${id} created`).sort());
    await untilListed(declarations.map(({ id }) => id));
    expect(await apply(declarations)).toEqual(declarations.map(({ id }) => `${id} unchanged`).sort());
    const king = await handle('discovery_offmarket:king-wa').describe();
    expect(king.spec.timezone).toBe('America/Los_Angeles');
    expect(king.policies.catchupWindow).toBe(120 * 60_000);
  });

  test('a changed declaration changes its schedule alone', async () => {
    await apply([HEARTBEAT, SWEEP]);
    expect(
      await apply([
        { ...HEARTBEAT, overlap: 'BUFFER_ONE', timeZone: 'America/Chicago', note: 'Now in Chicago.' },
        SWEEP,
      ]),
    ).toEqual(['score_master unchanged', 'sys_heartbeat changed']);
    const { policies, spec, state } = await handle('sys_heartbeat').describe();
    expect(policies.overlap).toBe('BUFFER_ONE');
    expect(spec.timezone).toBe('America/Chicago');
    expect(state).toMatchObject({ paused: false, note: 'Now in Chicago.' });
  });

  test('what is no longer declared is removed; a schedule of somebody else is left alone', async () => {
    await apply([HEARTBEAT, SWEEP]);
    await client().schedule.create({
      scheduleId: 'theirs',
      spec: { cronExpressions: ['0 0 1 1 *'] },
      action: { type: 'startWorkflow', workflowType: 'theirs', taskQueue: 'theirs' },
      memo: { mark: 'another product' },
    });
    await untilListed(['score_master', 'sys_heartbeat', 'theirs']);
    expect(await apply([HEARTBEAT])).toEqual(['score_master removed', 'sys_heartbeat unchanged']);
    await untilListed(['sys_heartbeat', 'theirs']);
  });

  test("an operator's pause and note stay when the declaration changes, and again after it is lifted", async () => {
    await apply([HEARTBEAT]);
    await handle('sys_heartbeat').pause('Maintenance until Monday');
    expect(await apply([{ ...HEARTBEAT, cron: '0 0 2 1 *' }])).toEqual(['sys_heartbeat changed']);
    const { state, spec } = await handle('sys_heartbeat').describe();
    expect(state).toMatchObject({ paused: true, note: 'Maintenance until Monday' });
    expect(JSON.stringify(spec.calendars)).toContain('"dayOfMonth":[{"start":2');
    expect(await apply([{ ...HEARTBEAT, cron: '0 0 2 1 *' }])).toEqual(['sys_heartbeat unchanged']);
    await handle('sys_heartbeat').unpause('Back');
    expect((await handle('sys_heartbeat').describe()).state).toMatchObject({ paused: false, note: 'Back' });
  });

  test('a dry run says what would change and changes nothing', async () => {
    expect(await apply([HEARTBEAT], true)).toEqual(['sys_heartbeat created']);
    expect(await listIds()).toEqual([]);
    await apply([HEARTBEAT, SWEEP]);
    await untilListed(['score_master', 'sys_heartbeat']);
    const before = await handle('sys_heartbeat').describe();
    expect(await apply([{ ...HEARTBEAT, note: 'Other words.' }], true)).toEqual([
      'score_master removed',
      'sys_heartbeat changed',
    ]);
    const after = await handle('sys_heartbeat').describe();
    expect([after.state.note, after.action]).toEqual([before.state.note, before.action]);
    expect(await listIds()).toEqual(['score_master', 'sys_heartbeat']);
  });

  test('triggering runs the workflow', async () => {
    await apply([HEARTBEAT]);
    await handle('sys_heartbeat').trigger();
    const [run] = await eventually(
      async () => (await handle('sys_heartbeat').describe()).info.recentActions,
      (actions) => actions.length === 1,
    );
    const result = await client().workflow.getHandle(run!.action.workflow.workflowId).result();
    expect(result).toEqual({ database: 'answers', event_log: expect.stringContaining('has partitions') });
    expect(await world.query('select component, ok from ping order by 1')).toEqual([
      { component: 'database', ok: true },
      { component: 'event_log', ok: true },
    ]);
  });

  test('a backfill runs what was missed, one after another', async () => {
    await apply([{ ...SWEEP, cron: '0 0 1 * *', jitter: '0 seconds' }]);
    await handle('score_master').backfill({
      start: new Date('2025-01-15T00:00:00Z'),
      end: new Date('2025-04-15T00:00:00Z'),
      overlap: 'BUFFER_ALL',
    });
    await eventually(
      () => world.query(`select from pipeline_runs where dag_id = 'score_master' and status = 'success'`),
      (rows) => rows.length === 3,
      30_000,
    );
  });
});
