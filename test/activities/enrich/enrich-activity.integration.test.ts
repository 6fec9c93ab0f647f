import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callProvider } from '../../../src/activities/enrich/call-provider.ts';
import { createEnrichActivities } from '../../../src/activities/enrich/enrich.ts';
import type { Provider } from '../../../src/activities/enrich/provider.ts';
import { PROVIDERS } from '../../../src/activities/enrich/registry.ts';
import { connect } from '../../../src/db/connect.ts';
import { storeAnswers } from '../../../src/db/queries/enrichment.ts';
import { recordSuccess, reserveToken } from '../../../src/db/queries/providers.ts';
import { withSystem } from '../../../src/db/tenant.ts';
import { type Simulator, startSimulator } from '../../../src/demo/simulator/server.ts';
import { asTenant, ingest, newTenant, properties, sale } from '../../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { benchDeps, runActivity } from '../platform/bench.ts';
import { SUBJECT } from './serve.ts';

let home: TestDatabase;
let t: TestDatabase;
let simulator: Simulator;
beforeAll(async () => {
  home = await createTestDatabase();
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.stop();
  await home.close();
});
beforeEach(async () => {
  t = await newTenant(home);
  await home.query('delete from provider_cache; delete from provider_health; delete from token_buckets');
});
afterEach(() => simulator.recover());

const activities = () => createEnrichActivities(benchDeps(t, { providerBaseUrls: simulator.baseUrls }));
const enrich = (propertyId: string) => runActivity(activities().enrichProperty, { tenantId: t.tenantId, propertyId });
const asked = (provider: string, from = 0) =>
  simulator.ledger.slice(from).filter((entry) => entry.provider === provider).length;
const ledger = () =>
  home.query<{ resource: string; outcome: string; cost_micros: string; simulated: boolean }>(
    'select resource, outcome, cost_micros, simulated from cost_ledger where tenant_id = $1 order by resource',
    [t.tenantId],
  );

async function house(n = 0): Promise<string> {
  await ingest(t, [
    sale(String(3_000_000_000 + n * 10), '2014-05-02', 300_000, {
      PostalCode: '98115',
      Latitude: 47.684 + n * 0.00001,
      Longitude: -122.297,
    }),
  ]);
  const rows = await properties(t);
  return rows.find(({ apn }) => apn === String(3_000_000_000 + n * 10))!.id;
}

describe('enriching a property', () => {
  it('asks the four providers of its county, marks what was made up, and books every request', async () => {
    const id = await house();
    const from = simulator.ledger.length;
    expect(await enrich(id)).toMatchObject({ status: 'enriched' });
    const [row] = await properties(t);
    expect(row!.enrichment_sources).toEqual(['census-acs', 'census-geocoder', 'fema-flood', 'king-county-assessor']);
    expect(row!.field_sources).toMatchObject({
      floodZone: { source: 'fema-flood', simulated: true },
      medianIncomeCents: { source: 'census-acs', simulated: true },
      apn: { source: 'king-county-sales', simulated: false },
    });
    const booked = await ledger();
    expect(booked).toHaveLength(simulator.ledger.length - from);
    expect(booked.every(({ simulated, outcome }) => simulated && outcome !== 'reserved')).toBe(true);
    // Fresh answers are not asked for again.
    const before = simulator.ledger.length;
    await enrich(id);
    expect(simulator.ledger).toHaveLength(before);
  });

  it('shares the answer about a tract between its houses', async () => {
    const [first, second] = [await house(0), await house(1)];
    await enrich(first);
    const from = simulator.ledger.length;
    await enrich(second);
    expect(asked('census-acs', from)).toBe(0);
    const [a, b] = await properties(t);
    expect(a!.census_tract).toBe(b!.census_tract);
    expect(b!.median_income_cents).toBe(a!.median_income_cents);
  });

  it('names the provider that is down, keeps the answers of the others, and asks only it again', async () => {
    const id = await house();
    simulator.fail('fema-flood', 'http_503');
    await expect(enrich(id)).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('fema-flood'),
      retryAfterSeconds: 3,
    });
    expect((await properties(t))[0]!.census_tract).not.toBeNull();
    expect((await ledger()).filter(({ outcome }) => outcome === 'error').map(({ resource }) => resource)).toEqual([
      'fema-flood',
    ]);
    simulator.recover();
    const from = simulator.ledger.length;
    expect(await enrich(id)).toMatchObject({ status: 'enriched' });
    expect(simulator.ledger.slice(from).map(({ provider }) => provider)).toEqual(['fema-flood']);
    // The record of the work names those of both attempts.
    const jobs = await home.query('select data_sources_used, status from enrichment_jobs where tenant_id = $1', [
      t.tenantId,
    ]);
    expect(jobs).toEqual([
      { data_sources_used: ['census-acs', 'census-geocoder', 'fema-flood', 'king-county-assessor'], status: 'success' },
    ]);
  });

  it('leaves a provider alone after five failures, and goes back to it', async () => {
    const id = await house();
    simulator.fail('fema-flood', 'http_500');
    for (let attempt = 0; attempt < 5; attempt += 1) await expect(enrich(id)).rejects.toThrow('fema-flood');
    const from = simulator.ledger.length;
    await expect(enrich(id)).rejects.toThrow(/fema-flood: it failed repeatedly/);
    expect(asked('fema-flood', from)).toBe(0);
    simulator.recover();
    await home.query(`update provider_health set open_until = now() - interval '1 second'`);
    expect(await enrich(id)).toMatchObject({ status: 'enriched' });
    expect(
      await home.query(
        `select state, consecutive_failures, open_until from provider_health where provider = 'fema-flood'`,
      ),
    ).toEqual([{ state: 'closed', consecutive_failures: 0, open_until: null }]);
    await withSystem(home.db, 'test', (trx) => recordSuccess(trx, 'fema-flood'));
  });

  it('fails with the way back when nobody ever answered, and goes on when somebody did', async () => {
    const id = await house();
    const input = { tenantId: t.tenantId, propertyId: id, reason: 'fema-flood: down' };
    await expect(runActivity(activities().finishEnrichment, input)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining(`reos lifecycle resume ${id}`),
    });
    simulator.fail('fema-flood', 'down');
    await expect(enrich(id)).rejects.toThrow();
    expect(await runActivity(activities().finishEnrichment, input)).toMatchObject({ status: 'enriched' });
    const [job] = await home.query('select error, data_sources_used from enrichment_jobs where tenant_id = $1', [
      t.tenantId,
    ]);
    expect(job).toEqual({
      error: 'fema-flood: down',
      data_sources_used: ['census-acs', 'census-geocoder', 'king-county-assessor'],
    });
  });
});

describe('the shared rate limit', () => {
  it('never gives more calls than the rate, over two pools at once', async () => {
    const bucket = { name: 'rate-test', perSecond: 20, burst: 5 };
    const other = connect({ url: home.url, logger: pino({ level: 'silent' }), max: 5 });
    const started = performance.now();
    const waits = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        withSystem(n % 2 === 0 ? home.db : other, 'test', async (trx) => {
          const wait = await reserveToken(trx, bucket, 2);
          // The bucket is still locked: this is the moment of the reservation, by the clock that rules it.
          const { rows } = await sql<{
            at: number;
          }>`select extract(epoch from clock_timestamp())::float8 as at`.execute(trx.db);
          return wait === null ? null : rows[0]!.at + wait;
        }),
      ),
    );
    await other.close();
    const seconds = (performance.now() - started) / 1000;
    const calls = waits.filter((at) => at !== null).sort((a, b) => a - b);
    // Two seconds of waiting hold 40 calls behind the burst of 5, and what refilled while the test ran.
    expect(calls.length).toBeGreaterThanOrEqual(45);
    expect(calls.length).toBeLessThanOrEqual(45 + Math.ceil(seconds * bucket.perSecond));
    // Any second holds at most a second's calls and the burst.
    for (const start of calls) {
      const within = calls.filter((at) => at >= start && at < start + 1).length;
      expect(within).toBeLessThanOrEqual(bucket.perSecond + bucket.burst + 2);
    }
  });
});

describe('a paid provider', () => {
  const PRICE = 80_000;
  const paid = (calls = 1, maxCalls = 1): Provider => ({
    ...PROVIDERS['fema-flood'],
    name: 'paid-test',
    costMicros: PRICE,
    maxCalls,
    rate: { perSecond: 10_000, burst: 10_000 },
    cacheKey: () => Math.random().toString(),
    fetch: async () => ({
      fields: { floodZone: 'X' },
      confidence: 1,
      rawBody: Buffer.from('{}'),
      simulated: false,
      sourceUrl: 'https://paid.example.com',
      calls,
    }),
  });
  const call = async (provider: Provider, propertyId: string) => {
    const planned = { provider, forFields: [], costMicros: provider.costMicros, cached: false };
    const answer = await callProvider(benchDeps(t), t.tenantId, { ...SUBJECT, propertyId }, planned, undefined);
    await asTenant(t, (trx) => storeAnswers(trx, propertyId, [answer]));
  };
  const spent = async () => {
    const rows = await ledger();
    return rows.reduce((sum, { cost_micros }) => sum + Number(cost_micros), 0);
  };

  it('is refused without a budget, and the reason is recorded', async () => {
    const id = await house();
    await expect(call(paid(), id)).rejects.toMatchObject({
      code: 'budget_exceeded',
      message: expect.stringContaining('No budget is set for paid-test'),
    });
    const decisions = await home.query('select allow, resource from policy_decisions where tenant_id = $1', [
      t.tenantId,
    ]);
    expect(decisions).toEqual([{ allow: false, resource: 'paid-test' }]);
    expect(await spent()).toBe(0);
  });

  it.each([
    ['one call an answer', 1],
    ['three calls an answer', 3],
  ])('never passes a hard cap with 20 workers: %s', async (_name, calls) => {
    const id = await house();
    const cap = PRICE * 7;
    await home.query(
      `insert into budgets (tenant_id, resource, period, limit_micros) values ($1, 'paid-test', 'day', $2)`,
      [t.tenantId, cap],
    );
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => call(paid(calls, calls), id)));
    const made = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThanOrEqual(Math.floor(7 / calls));
    expect(await spent()).toBe(made * calls * PRICE);
    expect(await spent()).toBeLessThanOrEqual(cap);
  });
});
