import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { createLocalOutbox } from '../../../src/activities/outreach/local-outbox.ts';
import { createReportActivities } from '../../../src/activities/platform/reports.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let api: TestApi;
let ann: Awaited<ReturnType<TestApi['as']>>;
let bob: Awaited<ReturnType<TestApi['as']>>;
let outboxDir: string;
let now = new Date('2027-03-12T00:00:00Z');
let reports: ReturnType<typeof createReportActivities>;
const files = new Map<string, string>();
let isFull = false;
beforeAll(async () => {
  api = await createTestApi({ clock: () => new Date() });
  ann = await api.as('analyst');
  bob = await api.as('viewer');
  outboxDir = temporaryFolder('reos-reports-');
  const outbox = createLocalOutbox({ outboxDir });
  const logger = pino({ level: 'silent' });
  const channels = { email: outbox, sms: outbox, mail: outbox };
  reports = createReportActivities({
    db: api.database.db,
    clock: () => now,
    logger,
    storage: {
      put: async (key: string, bytes: Uint8Array) => {
        if (isFull) throw new ReosError('quota_exceeded', 'The plan has no room.');
        files.set(key, Buffer.from(bytes).toString());
      },
      get: async (key: string) => (files.has(key) ? Buffer.from(files.get(key)!) : null),
      signedUrl: async (key: string) => `/files/${key}`,
    },
    outreach: {
      db: api.database.db,
      logger,
      channels,
      isProduction: false,
      allowList: [],
      publicUrl: 'http://localhost',
    },
  } as unknown as Pick<ActivityDeps, 'db' | 'clock' | 'logger' | 'storage' | 'outreach'>);
});
afterAll(() => api.close());

const deliver = () => new MockActivityEnvironment().run(reports.deliverReports, { tenantId: api.database.tenantId });
const create = async (body: object, who = ann) =>
  (await who('POST', '/api/v1/reports', { body })).body as { id: string; next_run_at: string };
const runsOf = async (id: string) =>
  ((await bob('GET', `/api/v1/reports/${id}/runs`)).body as { items: { period: string; status: string }[] }).items;
const mails = async () => {
  const folder = join(outboxDir, api.database.tenantId);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
};
const dueAt = (id: string, at: string) =>
  api.database.query('update scheduled_reports set next_run_at = $2 where id = $1', [id, at]);

describe('scheduled reports', () => {
  it('mail the rows of a saved search once per period, guarded against formulas', async () => {
    const property = await addProperty(api, undefined, { city: '=HYPERLINK("x")', listPriceCents: 12_300_000 });
    const search = (
      await ann('POST', '/api/v1/saved-searches', { body: { name: 'all', filter: { max_price: 200_000 } } })
    ).body as { id: string };
    const made = await create({
      name: 'Morning <b>list</b>',
      kind: 'properties',
      search_id: search.id,
      frequency: 'daily',
      time_zone: 'America/New_York',
      recipients: [ann.userId, bob.userId],
    });
    expect(new Date(made.next_run_at).getTime()).toBeGreaterThan(Date.now());
    await dueAt(made.id, '2027-03-13T12:00:00Z');
    now = new Date('2027-03-13T11:59:00Z');
    expect(await deliver()).toEqual({ runs: 0, mails: 0 });
    now = new Date('2027-03-13T12:01:00Z');
    expect(await reports.listReportTenants()).toContain(api.database.tenantId);
    expect(await deliver()).toEqual({ runs: 1, mails: 2 });
    expect(await deliver()).toEqual({ runs: 0, mails: 0 });
    const [file] = [...files.values()];
    expect(file).toContain(property);
    expect(file).toContain(`"'=HYPERLINK(""x"")"`);
    const sent = await mails();
    expect(sent).toHaveLength(2);
    expect(sent[0]).toContain('text/csv');
    expect(sent[0]).toContain('&lt;b&gt;list');
    // The next morning by the wall clock, over the change of the clocks.
    expect((await ann('GET', `/api/v1/reports/${made.id}`)).body).toMatchObject({
      next_run_at: '2027-03-14T11:00:00.000Z',
    });
    expect(await runsOf(made.id)).toMatchObject([
      { period: '2027-03-13T12:00:00.000Z', status: 'done', rows: 1, recipients: 2 },
    ]);
    // A crash between queueing and mailing: what was queued again is written and mailed once.
    await api.database.query(`update report_runs set status = 'queued' where report_id = $1`, [made.id]);
    expect(await deliver()).toEqual({ runs: 1, mails: 0 });
    // Three mornings away are one report.
    now = new Date('2027-03-17T15:00:00Z');
    expect(await deliver()).toEqual({ runs: 1, mails: 2 });
    await ann('DELETE', `/api/v1/saved-searches/${search.id}`);
    now = new Date('2027-03-18T15:00:00Z');
    expect(await deliver()).toEqual({ runs: 1, mails: 0 });
    expect((await ann('GET', `/api/v1/reports/${made.id}`)).body).toMatchObject({
      last_error: 'The saved search of this report was deleted. Give the report another one.',
    });
    await ann('DELETE', `/api/v1/reports/${made.id}`);
  });

  it('run at once when asked, for active users alone, and rest while paused', async () => {
    const gone = await api.as('viewer');
    const made = [];
    for (const kind of ['pipeline', 'costs', 'campaigns']) {
      made.push(
        await create({ name: kind, kind, frequency: 'weekly', weekday: 5, recipients: [gone.userId, ann.userId] }),
      );
    }
    await api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [gone.userId]);
    for (const { id } of made) {
      const asked = await ann('POST', `/api/v1/reports/${id}/run`);
      expect(asked).toMatchObject({ status: 202, body: { status: 'queued' } });
    }
    now = new Date(Date.now() + 60_000);
    expect(await deliver()).toEqual({ runs: 3, mails: 3 });
    for (const { id } of made) expect(await runsOf(id)).toMatchObject([{ status: 'done', recipients: 1, error: null }]);
    await ann('POST', `/api/v1/reports/${made[1]!.id}/run`);
    isFull = true;
    expect(await deliver()).toEqual({ runs: 1, mails: 0 });
    isFull = false;
    expect((await runsOf(made[1]!.id))[0]).toMatchObject({ status: 'failed', error: 'The plan has no room.' });
    const paused = await ann('PATCH', `/api/v1/reports/${made[0]!.id}`, { body: { status: 'paused' } });
    expect(paused.body).toMatchObject({ status: 'paused', next_run_at: null });
    await dueAt(made[0]!.id, '2026-01-01T00:00:00Z');
    expect(await deliver()).toEqual({ runs: 0, mails: 0 });
  });

  it('are made by those who may export, for users of the tenant, in a zone that there is', async () => {
    const body = { name: 'x', kind: 'costs', frequency: 'monthly', recipients: [ann.userId] };
    const status = async (more: object, who = ann) =>
      (await who('POST', '/api/v1/reports', { body: { ...body, ...more } })).status;
    expect(await status({}, bob)).toBe(403);
    expect(await status({ recipients: [randomUUID()] })).toBe(404);
    expect(await status({ time_zone: 'Mars/Base' })).toBe(400);
    expect(await status({ kind: 'properties' })).toBe(400);
    expect(await status({ kind: 'properties', search_id: randomUUID() })).toBe(404);
    expect(await status({ hour: 24 })).toBe(400);
    expect([await status({}), await status({})]).toEqual([201, 409]);
  });
});
