import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLifecycleActivities } from '../../../src/activities/platform/lifecycle.ts';
import { createRunActivities } from '../../../src/activities/platform/runs.ts';
import { createSweepActivities } from '../../../src/activities/platform/sweeps.ts';
import { listWaiting } from '../../../src/db/queries/discovery.ts';
import { listForSweep, type SweepFilter } from '../../../src/db/queries/sweeps.ts';
import { asTenant, newTenant } from '../../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { benchDeps, fakeLifecycles, recipes, runActivity } from './bench.ts';

let home: TestDatabase;
let t: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());
beforeEach(async () => {
  t = await newTenant(home);
});

async function property(columns: Record<string, unknown> = {}): Promise<string> {
  const all = { tenant_id: t.tenantId, county_fips: '53033', status: 'ready', ...columns };
  const names = Object.keys(all);
  const [row] = await home.query<{ id: string }>(
    `insert into properties (id, ${names.join(', ')}) values (gen_random_uuid(), ${names.map((_, n) => `$${n + 1}`).join(', ')}) returning id`,
    Object.values(all),
  );
  return row!.id;
}
const waiting = async (more = {}) =>
  (await asTenant(t, (trx) => listWaiting(trx, { after: null, limit: 100, ...more }))).map(({ id }) => id);
const due = async (filter: SweepFilter, minScore = 0) =>
  (await asTenant(t, (trx) => listForSweep(trx, { filter, minScore, after: null, limit: 100 }))).map(({ id }) => id);

describe('properties that wait for a lifecycle', () => {
  it('are the validated ones and those with new facts, never ended or failed ones', async () => {
    const expected = [
      await property(),
      await property({ status: 'packet_ready', rescore_requested_at: new Date() }),
    ].sort();
    for (const status of ['enriched', 'scored', 'contacted']) await property({ status });
    for (const status of ['failed', 'suppressed', 'closed'])
      await property({ status, rescore_requested_at: new Date() });
    expect(await waiting()).toEqual(expected);
  });

  it('lie in one of the tenant’s own boxes where it has any; an investor’s box does not count', async () => {
    const small = await property({ zip_code: '98101', list_price_cents: 30_000_000, bedrooms: 2, sqft: 900 });
    const large = await property({ zip_code: '98115', list_price_cents: 90_000_000, bedrooms: 4, sqft: 3_000 });
    const unknown = await property();
    const [contact] = await home.query<{ id: string }>(
      `insert into contacts (tenant_id, id, kind, name) values ($1, gen_random_uuid(), 'investor', 'Investor') returning id`,
      [t.tenantId],
    );
    const box = (values: string, args: unknown[] = []) =>
      home.query(
        `insert into buy_boxes (tenant_id, id, name, ${values.split('=')[0]}) values ($1, gen_random_uuid(), 'Box', ${values.split('=')[1]})`,
        [t.tenantId, ...args],
      );
    await box('contact_id, max_price_cents=$2, 1', [contact!.id]);
    expect(await waiting()).toEqual([small, large, unknown].sort());
    await box('max_price_cents=40000000');
    expect(await waiting()).toEqual([small, unknown].sort());
    await box(`zip_codes, min_sqft=array['98115'], 2000`);
    expect(await waiting()).toEqual([small, large, unknown].sort());
    await home.query('delete from buy_boxes where contact_id is null and tenant_id = $1', [t.tenantId]);
    await box(`county_fips=array['17031']`);
    expect(await waiting()).toEqual([]);
  });

  it('come in pages that miss none and repeat none', async () => {
    const all = (await Promise.all(Array.from({ length: 25 }, () => property()))).sort();
    const seen: string[] = [];
    for (;;) {
      const page = await waiting({ after: seen.at(-1) ?? null, limit: 7 });
      seen.push(...page);
      if (page.length < 7) break;
    }
    expect(seen).toEqual(all);
  });

  it('are started once each, through more than one page', async () => {
    await home.query(
      `insert into properties (tenant_id, id, county_fips, status) select $1, gen_random_uuid(), '53033', 'ready' from generate_series(1, 620)`,
      [t.tenantId],
    );
    await property({ county_fips: '17031' });
    const lifecycles = fakeLifecycles();
    const activities = createSweepActivities(benchDeps(t, { lifecycles }));
    expect(await runActivity(activities.startLifecycles, { tenantId: t.tenantId, county: 'king-wa' })).toBe(620);
    expect(new Set(lifecycles.asked.starts.map(({ propertyId }) => propertyId)).size).toBe(620);
    expect(lifecycles.asked.starts[0]).toMatchObject({ county: 'king-wa', tenantId: t.tenantId });
  });
});

describe('sweeps', () => {
  it('find what each is about, and leave paused ones alone', async () => {
    const scored = await property({ status: 'scored', bird_dog_score: 55 });
    const low = await property({ status: 'scored', bird_dog_score: 30 });
    const ready = await property({ status: 'packet_ready', bird_dog_score: 70 });
    await property({ status: 'packet_ready', bird_dog_score: 70, held_until: new Date(Date.now() + 3_600_000) });
    await property({ status: 'packet_ready', bird_dog_score: 70, is_paused: true });
    const stale = (id: string, provider: string, expires: string) =>
      home.query(
        `insert into property_enrichment (tenant_id, property_id, provider, fetched_at, expires_at, fields, confidence, simulated)
         values ($1, $2, $3, now() - interval '2 days' + random() * interval '1 hour', now() + $4::interval, '{}', 1, false)`,
        [t.tenantId, id, provider, expires],
      );
    await stale(scored, 'fema-flood', '-1 hour');
    await stale(low, 'fema-flood', '-1 hour');
    await stale(low, 'fema-flood', '1 hour');
    expect(await due('stale_enrichment')).toEqual([scored]);
    expect(await due('memo_missing', 50)).toEqual([scored]);
    expect(await due('memo_missing')).toEqual([scored, low].sort());
    expect(await due('outreach_due', 60)).toEqual([ready]);
    expect(await due('scored')).toHaveLength(4);
  });

  it('ask for the stage again, or start', async () => {
    const id = await property({ status: 'scored', bird_dog_score: 65 });
    const lifecycles = fakeLifecycles();
    const { sweepLifecycles } = createSweepActivities(benchDeps(t, { lifecycles }));
    expect(await runActivity(sweepLifecycles, { tenantId: t.tenantId, kind: 'score' })).toBe(1);
    expect(await runActivity(sweepLifecycles, { tenantId: t.tenantId, kind: 'memo' })).toBe(1);
    expect(await runActivity(sweepLifecycles, { tenantId: t.tenantId, kind: 'waiting' })).toBe(0);
    expect(lifecycles.asked.requests).toEqual([{ propertyId: id, update: 'reScore' }]);
    expect(lifecycles.asked.starts.map(({ propertyId }) => propertyId)).toEqual([id]);
  });
});

describe('steps of a lifecycle', () => {
  const steps = () => createLifecycleActivities(benchDeps(t));

  it('fail with a reason and go back to the start of the failed stage', async () => {
    const ids = { tenantId: t.tenantId, propertyId: await property({ status: 'enriched' }) };
    expect(await runActivity(steps().failLifecycle, { ...ids, stage: 'score', reason: 'why' })).toMatchObject({
      status: 'failed',
      failedStage: 'score',
      reason: 'why',
    });
    expect(await runActivity(steps().beginLifecycle, ids)).toMatchObject({
      status: 'enriched',
      failedStage: null,
      reason: null,
    });
  });

  it('say why a property stopped short', async () => {
    const propertyId = await property({ status: 'scored', bird_dog_score: 41.25 });
    expect(await runActivity(steps().settleLifecycle, { tenantId: t.tenantId, propertyId })).toMatchObject({
      status: 'scored',
    });
    const [row] = await home.query(
      'select held_reason, settled_at is not null as settled from properties where id = $1',
      [propertyId],
    );
    expect(row).toEqual({ held_reason: 'Score 41.3 is below the memo threshold of 50.', settled: true });
  });

  it('pause once, and end for good', async () => {
    const ids = { tenantId: t.tenantId, propertyId: await property() };
    await runActivity(steps().setPaused, { ...ids, isPaused: true });
    expect(await runActivity(steps().setPaused, { ...ids, isPaused: true })).toMatchObject({ isPaused: true });
    expect(await runActivity(steps().suppressProperty, { ...ids, reason: 'asked' })).toMatchObject({
      status: 'suppressed',
    });
    const told = await home.query(
      `select payload ->> 'what' as what from event_log where tenant_id = $1 order by position`,
      [t.tenantId],
    );
    expect(told.map(({ what }) => what)).toEqual(['paused', 'suppressed']);
    expect(await runActivity(steps().beginLifecycle, ids)).toMatchObject({ status: 'suppressed' });
  });

  it('name what is missing', async () => {
    const propertyId = '00000000-0000-4000-8000-00000000dead';
    await expect(runActivity(steps().loadLifecycle, { tenantId: t.tenantId, propertyId })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the journal and the heartbeat', () => {
  it('opens a run once and closes it with its counts', async () => {
    const activities = createRunActivities(benchDeps(t));
    const run = { tenantId: t.tenantId, dagId: 'import', dagRunId: 'r1' };
    await runActivity(activities.openRun, run);
    await runActivity(activities.openRun, run);
    await runActivity(activities.closeRun, { ...run, tasks: 3, failures: ['a.csv:1: broken'] });
    expect(
      await home.query(
        'select status, tasks_total, tasks_success, tasks_failed, detail from pipeline_runs where tenant_id = $1',
        [t.tenantId],
      ),
    ).toEqual([{ status: 'failed', tasks_total: 3, tasks_success: 2, tasks_failed: 1, detail: 'a.csv:1: broken' }]);
  });

  it('starts discovery for every active tenant, and lists only sites that may be crawled', async () => {
    const lifecycles = fakeLifecycles();
    const activities = createRunActivities(benchDeps(t, { lifecycles }));
    const { tenants } = await runActivity(activities.startDiscoveries, { county: 'king-wa' });
    expect(lifecycles.asked.discoveries).toHaveLength(tenants);
    expect(lifecycles.asked.discoveries).toContainEqual({ tenantId: t.tenantId, county: 'king-wa' });
    // Its recipe needs the operator's word.
    const brevard = { ...recipes.sites.find(({ name }) => name === 'brevard-fl')!, county_fips: '53033' };
    const sitesOf = (permittedSites: string[]) =>
      runActivity(
        createRunActivities(benchDeps(t, { permittedSites, recipes: { ...recipes, sites: [brevard] } })).listSources,
        { county: 'king-wa' },
      );
    expect(await sitesOf([])).toEqual([]);
    expect(await sitesOf(['brevard-fl'])).toEqual([{ kind: 'listing_site', recipe: 'brevard-fl' }]);
  });

  it('looks at every part and names those that are not well', async () => {
    const checks = { database: async () => 'ok', storage: () => Promise.reject(new Error('disk full')) };
    const { checkParts } = createRunActivities(benchDeps(t, { checks }));
    await expect(runActivity(checkParts)).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('storage: disk full'),
    });
    expect(await home.query('select component, ok, detail from ping order by 1')).toEqual([
      { component: 'database', ok: true, detail: 'ok' },
      {
        component: 'event_log',
        ok: true,
        detail: expect.stringMatching(/^has partitions to the month of \d{4}-\d\d-01$/),
      },
      { component: 'storage', ok: false, detail: 'disk full' },
    ]);
  });
});
