import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meterStorage } from '../../../src/activities/platform/metered-store.ts';
import { startRequestMeter } from '../../../src/api/kit/request-meter.ts';
import { closeJob } from '../../../src/db/queries/discovery.ts';
import { takeScrapePlace } from '../../../src/db/queries/scrape-places.ts';
import { countUsage, readUsage } from '../../../src/db/queries/usage.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import type { Meter, Plan } from '../../../src/domain/plans.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

const NOW = new Date('2026-03-31T12:00:00Z');
const clock = () => NOW;
const logger = pino({ level: 'silent' });
let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const tenantOf = async (plan: Plan): Promise<string> => {
  const [row] = await api.database.query<{ id: string }>(
    `insert into tenants (slug, name, plan) values (gen_random_uuid()::text, 'One test', $1) returning id`,
    [plan],
  );
  return row!.id;
};
const used = async (tenantId: string, meter: Meter) =>
  (await withTenant(api.database.db, tenantId, (trx) => readUsage(trx, NOW))).meters.find((one) => one.meter === meter)!
    .used;

function storeInMemory(isDown = false) {
  const kept = new Map<string, Uint8Array>();
  const store: ObjectStore = {
    put: async (key, bytes) => {
      if (isDown) throw new Error('the disk is full');
      kept.set(key, bytes);
    },
    putFile: async () => undefined,
    remove: async (key) => void kept.delete(key),
    get: async (key) => Buffer.from(kept.get(key) ?? []),
    has: async (key) => kept.has(key),
    signedUrl: async (key) => key,
  };
  return { kept, store };
}

describe('storage', () => {
  it('is counted once an object, refused before a byte is written, and free again when it is removed', async () => {
    const tenantId = await tenantOf('free');
    const { kept, store } = storeInMemory();
    const metered = meterStorage({ db: api.database.db, clock }, store);
    const put = (name: string, bytes: number) =>
      metered.put(`tenants/${tenantId}/${name}`, new Uint8Array(bytes), 'text/plain');
    await Promise.all(Array.from({ length: 8 }, () => put('memo', 1_000)));
    expect(await used(tenantId, 'storage_bytes')).toBe(1_000);
    await put('memo', 400);
    expect(await used(tenantId, 'storage_bytes')).toBe(400);
    await withTenant(api.database.db, tenantId, (trx) => countUsage(trx, 'storage_bytes', 1024 ** 3 - 500, NOW));
    await expect(put('large', 101)).rejects.toMatchObject({
      code: 'quota_exceeded',
      message: expect.stringMatching(/bytes of storage.*delete what is not needed/),
    });
    expect([...kept.keys()]).toEqual([`tenants/${tenantId}/memo`]);
    await put('small', 100);
    await metered.remove(`tenants/${tenantId}/memo`);
    await metered.remove(`tenants/${tenantId}/memo`);
    expect(await used(tenantId, 'storage_bytes')).toBe(1024 ** 3 - 400);
  });

  it('is not counted for what could not be written', async () => {
    const tenantId = await tenantOf('free');
    const metered = meterStorage({ db: api.database.db, clock }, storeInMemory(true).store);
    await expect(metered.put(`tenants/${tenantId}/a`, new Uint8Array(9), 'text/plain')).rejects.toThrow('disk is full');
    expect(await used(tenantId, 'storage_bytes')).toBe(0);
  });
});

describe('counties that are read at once', () => {
  const jobOf = (countyFips: string, id: string = crypto.randomUUID()) => ({
    id,
    countyFips,
    dagId: 'discovery_offmarket:x',
    dagRunId: 'r',
    source: 's',
  });

  it('are as many as the plan has, with many that start at once; the others wait as queued', async () => {
    const tenantId = await tenantOf('professional');
    const take = (job: ReturnType<typeof jobOf>) =>
      withTenant(api.database.db, tenantId, (trx) => takeScrapePlace(trx, job, NOW));
    const jobs = Array.from({ length: 9 }, (_, n) => jobOf(String(10_000 + n)));
    const refusals = await Promise.all(jobs.map(take));
    expect(refusals.filter((one) => one === null)).toHaveLength(4);
    expect(refusals.find((one) => one !== null)).toMatchObject({
      code: 'transient',
      retryAfterSeconds: 20,
      message: 'The plan professional reads 4 counties at once, and 4 are being read. It waits for a free place.',
    });
    const states = await api.database.query(
      'select status, count(*)::int as n from scraping_jobs where tenant_id = $1 group by 1 order by 1',
      [tenantId],
    );
    expect(states).toEqual([
      { status: 'queued', n: 5 },
      { status: 'running', n: 4 },
    ]);
    const [first] = jobs.filter((_, n) => refusals[n] === null);
    const [waiting] = jobs.filter((_, n) => refusals[n] !== null);
    // A second source of a county that has a place needs none; what ended gives its place away.
    expect(await take(jobOf(first!.countyFips))).toBeNull();
    await api.database.query(`update scraping_jobs set status = 'success' where tenant_id = $1 and county_fips = $2`, [
      tenantId,
      first!.countyFips,
    ]);
    expect(await take(waiting!)).toBeNull();
    expect(await used(tenantId, 'scrapes')).toBe(10);
  });

  it('are not held for ever by a worker that died', async () => {
    const tenantId = await tenantOf('free');
    const take = (fips: string, now = NOW) =>
      withTenant(api.database.db, tenantId, (trx) => takeScrapePlace(trx, jobOf(fips), now));
    expect(await take('53033')).toBeNull();
    expect(await take('17031')).not.toBeNull();
    expect(await take('17031', new Date(NOW.getTime() + 2 * 3_600_000 + 1))).toBeNull();
  });

  it('do not count what brings files', async () => {
    const tenantId = await tenantOf('free');
    await withTenant(api.database.db, tenantId, async (trx) => {
      const job = jobOf('53033');
      expect(await takeScrapePlace(trx, job, NOW)).toBeNull();
      await closeJob(trx, job.id, { status: 'success', error: null });
    });
    await api.database.query(
      `insert into scraping_jobs (tenant_id, id, dag_id, dag_run_id, source, county_fips, status, started_at)
       values ($1, gen_random_uuid(), 'import', 'r', 'a.csv', '17031', 'running', $2)`,
      [tenantId, NOW],
    );
    expect(await withTenant(api.database.db, tenantId, (trx) => takeScrapePlace(trx, jobOf('53033'), NOW))).toBeNull();
  });
});

describe('requests', () => {
  it('are added in one statement, kept while the database is away, and without tenants that are gone', async () => {
    const [a, b] = [await tenantOf('free'), await tenantOf('enterprise')];
    const meter = startRequestMeter({ db: api.database.db, logger, clock, flushMs: 60_000 });
    for (let n = 0; n < 1_000; n += 1) meter.count(n % 4 === 0 ? a : b);
    meter.count(crypto.randomUUID());
    await Promise.all([meter.flush(), meter.flush()]);
    expect([await used(a, 'api_requests'), await used(b, 'api_requests')]).toEqual([250, 750]);
    await api.database.query('alter table usage_meters rename to usage_meters_away');
    meter.count(a);
    await meter.flush();
    await api.database.query('alter table usage_meters_away rename to usage_meters');
    meter.count(a);
    await meter.stop();
    expect(await used(a, 'api_requests')).toBe(252);
  });

  it('are metered by the API, and told by month', async () => {
    const counted: string[] = [];
    const metered = await createTestApi({ meter: { count: (tenantId) => counted.push(tenantId) } });
    try {
      const admin = await metered.as('admin');
      await metered.database.query(
        `insert into usage_meters (tenant_id, meter, period, amount) values
         ($1, 'sends', '2026-02-01', 7), ($1, 'properties', '2026-03-01', 5), ($1, 'storage_bytes', '1970-01-01', 9)`,
        [metered.database.tenantId],
      );
      const { body } = await admin('GET', '/api/v1/usage/months?limit=2');
      expect(body).toEqual({
        months: [
          {
            month: '2026-03',
            meters: [
              { meter: 'properties', used: 5 },
              { meter: 'sends', used: 0 },
              { meter: 'scrapes', used: 0 },
              { meter: 'api_requests', used: 0 },
            ],
          },
          { month: '2026-02', meters: expect.arrayContaining([{ meter: 'sends', used: 7 }]) },
        ],
      });
      expect((await metered.anonymous('GET', '/api/v1/usage')).status).toBe(401);
      expect(counted).toEqual([metered.database.tenantId]);
    } finally {
      await metered.close();
    }
  });
});
