import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refreshWeeks } from '../../src/db/queries/market-refresh.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { startMarketRefresher } from '../../src/workers/market-refresher.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const addOffer = (id: string) =>
  database.query(
    `insert into raw.offer_events (tenant_id, event_id, property_ref, market, offer_price, offered_at)
     values ($1, $2, 'H', 'Boise, ID', 100000, '2026-03-04T12:00:00Z')`,
    [database.tenantId, id],
  );
const offers = async () => {
  const [row] = await database.query<{ offer_count: number }>('select offer_count from mart.market_metrics');
  return row?.offer_count ?? 0;
};

it('keeps a change that arrives while its week is computed, and lets no second refresh in', async () => {
  await addOffer('a');
  await withTenant(database.db, database.tenantId, async (trx) => {
    expect(await refreshWeeks(trx)).toMatchObject({ marks: 1, weeks: 1 });
    // Committed while the refresh is not: its mark must not go with the others.
    await addOffer('b');
    const second = await withTenant(database.db, database.tenantId, (other) => refreshWeeks(other));
    expect(second).toEqual({ marks: 0, weeks: 0 });
  });
  expect(await offers()).toBe(1);
  await withTenant(database.db, database.tenantId, (trx) => refreshWeeks(trx));
  expect(await offers()).toBe(2);
});

it('brings offers into the mart by itself, tells of it, and keeps on when the one told fails', async () => {
  const told: string[] = [];
  const refresher = startMarketRefresher({
    db: database.db,
    logger: pino({ level: 'silent' }),
    pollMs: 20,
    afterRefresh: async (tenantId) => {
      told.push(tenantId);
      throw new Error('not now');
    },
  });
  try {
    for (const id of ['c', 'd']) {
      const before = await offers();
      await addOffer(id);
      for (let tries = 0; tries < 200 && (await offers()) === before; tries += 1) await sleep(20);
      expect(await offers()).toBe(before + 1);
    }
    for (let tries = 0; tries < 200 && told.length === 0; tries += 1) await sleep(20);
  } finally {
    await refresher.stop();
  }
  expect(told).toEqual([database.tenantId]);
  expect(await database.query('select from mart.stale_weeks')).toEqual([]);
});

it('deletes a tenant with all of its rows and marks', async () => {
  await addOffer('e');
  await database.query('delete from tenants where id = $1', [database.tenantId]);
  expect(await database.query('select from raw.offer_events union all select from mart.stale_weeks')).toEqual([]);
});
