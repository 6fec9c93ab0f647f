import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PipelineDoor } from '../../../src/api/pipeline-door.ts';
import { createPipelines } from '../../../src/client/pipelines.ts';
import { reconcileSchedules } from '../../../src/client/reconcile.ts';
import type { ScheduleDeclaration } from '../../../src/client/schedules.ts';
import { type Caller, createTestApi, type TestApi } from '../../support/api.ts';
import { createWorld, type World } from '../../support/lifecycle-world.ts';
import { eventually } from '../../support/temporal.ts';

const SWEEP: ScheduleDeclaration = {
  id: 'score_master',
  workflow: 'lifecycleSweep',
  args: [{ kind: 'score', dagId: 'score_master' }],
  cron: '0 0 1 1 *',
  timeZone: 'Etc/UTC',
  jitter: '5 seconds',
  catchUpWindow: '1 minutes',
  overlap: 'SKIP',
  note: 'Scores again.',
};

let world: World;
let door: PipelineDoor;
let api: TestApi;
let admin: Caller;
beforeAll(async () => {
  world = await createWorld();
  await reconcileSchedules(world.temporal.client, [SWEEP]);
  door = createPipelines(world.temporal.client, [SWEEP]);
  api = await createTestApi({ pipelines: door });
  admin = await api.as('admin');
});
afterAll(async () => {
  await api?.close();
  await world?.close();
});

describe('schedules over HTTP', () => {
  it('are shown, paused and resumed', async () => {
    const shown = await admin('GET', '/api/pipelines/dags/score_master');
    expect(shown).toMatchObject({ status: 200, body: { dag_id: 'score_master', is_paused: false, state: 'active' } });
    expect((await admin('POST', '/api/v1/schedules/score_master/pause', { body: { note: 'holiday' } })).status).toBe(
      204,
    );
    const { body } = await admin('GET', '/api/v1/schedules');
    expect(body).toMatchObject({
      schedules: [{ is_paused: true, description: 'Scores again.', note: 'holiday', last_status: null }],
    });
    expect((await admin('POST', '/api/v1/schedules/score_master/resume', { body: {} })).status).toBe(204);
    expect((await admin('GET', '/api/pipelines/overview')).body).toMatchObject({ total_dags: 1, active_dags: 1 });
    const backwards = { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    const refused = await admin('POST', '/api/v1/schedules/score_master/backfill', { body: backwards });
    expect(refused.status).toBe(400);
  });

  it('take no orders from a tenant that does not run the installation', async () => {
    const guest = await api.as('admin', await api.addTenant('guest'));
    for (const [path, body] of [
      ['/api/v1/schedules/score_master/pause', {}],
      ['/api/v1/schedules/score_master/resume', {}],
      ['/api/v1/schedules/score_master/backfill', { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
      ['/api/pipelines/dags/score_master/trigger', undefined],
    ] as const) {
      expect(await guest('POST', path, { body }), path).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await admin('GET', '/api/pipelines/overview')).body).toMatchObject({ active_dags: 1 });
  });

  it('are started, and their run is found', async () => {
    const started = await admin('POST', '/api/pipelines/dags/score_master/trigger');
    expect(started.status, started.text).toBe(202);
    const { dag_run_id: runId } = started.body as { dag_run_id: string };
    const run = await eventually(
      async () => {
        const { body } = await admin('GET', '/api/pipelines/runs?dag_id=score_master');
        return (body as { runs: Array<{ dag_run_id: string }> }).runs.find((one) => one.dag_run_id === runId);
      },
      (found) => found !== undefined,
    );
    expect(run).toMatchObject({ dag_id: 'score_master', workflow_id: expect.stringMatching(/./) });
    expect(await admin('GET', `/api/pipelines/runs/${runId}`)).toMatchObject({
      status: 200,
      body: { dag_run_id: runId, dag_id: 'score_master' },
    });
    const tasks = await admin('GET', `/api/pipelines/runs/${runId}/tasks`);
    expect(tasks.status, tasks.text).toBe(200);
  });

  it('are started by admins alone, and unknown ones by nobody', async () => {
    const viewer = await api.as('viewer');
    expect((await viewer('POST', '/api/pipelines/dags/score_master/trigger')).status).toBe(403);
    expect((await viewer('GET', '/api/pipelines/dags')).status).toBe(200);
    for (const path of [
      'dags/none',
      `runs/${randomUUID()}`,
      'runs/none',
      `runs/${randomUUID()}/tasks`,
      'runs/none/tasks',
    ]) {
      expect((await viewer('GET', `/api/pipelines/${path}`)).status, path).toBe(404);
    }
    expect((await admin('POST', '/api/pipelines/dags/none/trigger')).status).toBe(404);
  });

  it('are answered 503 without Temporal', async () => {
    const { createApi, apiDeps } = await import('../setup.ts');
    const app = createApi(apiDeps({ db: api.database.db }));
    const { token } = (await api.as('viewer')) as Caller & { token: string };
    const answer = await app.request('/api/pipelines/dags', { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(503);
  });
});
