import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDiscoverActivities } from '../../../src/activities/discover/discover.ts';
import { ingestRecords } from '../../../src/db/queries/ingest.ts';
import { readUsage } from '../../../src/db/queries/usage.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import type { Plan } from '../../../src/domain/plans.ts';
import { benchDeps, runActivity } from '../../activities/platform/bench.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { footprint, JOB, listing, sale } from './records.ts';

const NOW = new Date('2026-03-31T12:00:00Z');
const APRIL = new Date('2026-04-01T00:00:00Z');
let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());

async function tenantOf(plan: Plan): Promise<TestDatabase> {
  const [row] = await home.query<{ id: string }>(
    `insert into tenants (slug, name, plan) values (gen_random_uuid()::text, 'One test', $1) returning id`,
    [plan],
  );
  return { ...home, tenantId: row!.id };
}
const parcel = (n: number) => sale(String(1_000_000_000 + n), '2025-06-01', 500_000);
const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => parcel(from + i));
const bring = (t: TestDatabase, records: ReturnType<typeof many>, now = NOW, county = '53033') =>
  withTenant(t.db, t.tenantId, (trx) => ingestRecords(trx, county, JOB, records, now));
const used = async (t: TestDatabase, now = NOW) => {
  const { meters } = await withTenant(t.db, t.tenantId, (trx) => readUsage(trx, now));
  return meters.find(({ meter }) => meter === 'properties')!.used;
};
const stored = async (t: TestDatabase) => (await footprint(t)).properties;

describe('new properties over the plan', () => {
  it('are refused one by one: the first ones stay, and of the others nothing is written', async () => {
    const t = await tenantOf('free');
    expect(await bring(t, many(0, 90))).toMatchObject({ newProperties: 90, quotaRefusal: null });
    const counts = await bring(t, many(80, 40));
    expect(counts).toMatchObject({
      newProperties: 10,
      unchanged: 10,
      stored: 10,
      quotaRefusal:
        'The plan free allows 100 new properties a month, and they are used up. Take a larger plan or bring it again from 2026-04-01.',
    });
    expect(counts.overQuota.size).toBe(20);
    expect([await stored(t), await used(t)]).toEqual([100, 100]);
    expect(await footprint(t)).toMatchObject({ prospect_queue: 100, sales: 100, source_records: 100, event_log: 100 });
  });

  it('do not keep out news of properties that are there, nor count them', async () => {
    const t = await tenantOf('free');
    await bring(t, many(0, 100));
    const counts = await bring(t, [sale('1000000005', '2026-01-05', 640_000), parcel(500)]);
    expect(counts).toMatchObject({ stored: 1, newProperties: 0 });
    expect([await stored(t), await used(t)]).toEqual([100, 100]);
  });

  it('come in the next month, as they were brought', async () => {
    const t = await tenantOf('free');
    await bring(t, many(0, 130));
    expect(await bring(t, many(0, 130), APRIL)).toMatchObject({ newProperties: 30, quotaRefusal: null });
    expect([await stored(t), await used(t, APRIL)]).toEqual([130, 30]);
  });

  it('are never more than the plan with many workers in several counties at once', async () => {
    const t = await tenantOf('free');
    const counties = ['53033', '17031', '42003', '53061'];
    const work = Array.from({ length: 24 }, (_, n) => bring(t, many(n * 10, 10), NOW, counties[n % 4]));
    const sum = (await Promise.all(work)).reduce((all, { newProperties }) => all + newProperties, 0);
    expect([sum, await stored(t), await used(t)]).toEqual([100, 100, 100]);
  });

  it('are counted, never refused, where a plan has no bound', async () => {
    const t = await tenantOf('enterprise');
    expect(await bring(t, many(0, 400))).toMatchObject({ newProperties: 400, quotaRefusal: null });
    expect(await used(t)).toBe(400);
  });

  it('leave no possible duplicate behind that names a property which was refused', async () => {
    const t = await tenantOf('free');
    await bring(t, many(0, 100));
    const house = { StreetNumber: '12', StreetName: 'Elm St', City: 'Renton', StateOrProvince: 'WA' };
    await bring(t, [listing('a', { ...house, ParcelNumber: '9990000001' }), listing('b', { ...house })]);
    expect([await stored(t), (await footprint(t)).event_log]).toEqual([100, 100]);
  });
});

describe('a file that brings more than the plan allows', () => {
  it('keeps the rest in the quarantine, says so, and takes it when the plan is larger', async () => {
    const t = await tenantOf('free');
    const rows = Array.from({ length: 103 }, (_, i) => `${2_000_000_000 + i},06/01/2025,500000,Residential`);
    const path = join(mkdtempSync(join(tmpdir(), 'quota-')), 'sales.csv');
    writeFileSync(path, ['ParcelNumber,CloseDate,ClosePrice,PropertyType', ...rows].join('\n'));
    const read = (dagRunId: string) =>
      runActivity(createDiscoverActivities(benchDeps(t, { clock: () => NOW })).discoverSource, {
        tenantId: t.tenantId,
        county: 'king-wa',
        selection: { kind: 'csv_file', path, displayName: 'sales.csv' },
        dagId: 'import',
        dagRunId,
      });
    const problem = expect.stringMatching(
      /^sales\.csv: 3 rows were not stored\. The plan free allows 100 .* The quarantine keeps them\.$/,
    );
    expect(await read('one')).toMatchObject({ scraped: 100, failed: 3, problem });
    const kept = await home.query(
      'select row_reference, kind, reasons -> 0 ->> $2 as code from quarantine where tenant_id = $1',
      [t.tenantId, 'code'],
    );
    expect(kept).toHaveLength(3);
    expect(kept[0]).toMatchObject({ kind: 'quota', code: 'quota_exceeded' });
    const [job] = await home.query('select status, error from scraping_jobs where tenant_id = $1', [t.tenantId]);
    expect(job).toMatchObject({ status: 'failed', error: problem });
    await home.query(`update tenants set plan = 'professional' where id = $1`, [t.tenantId]);
    expect(await read('two')).toMatchObject({ scraped: 103, failed: 0, problem: null });
    expect(await stored(t)).toBe(103);
  });
});
