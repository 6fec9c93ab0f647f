import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foldMarketChanges, readMarketState } from '../../../src/db/queries/market-changes.ts';
import { type TenantTrx, withTenant } from '../../../src/db/tenant.ts';
import { NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import { createMemory } from '../../../src/intelligence/memory.ts';
import { runTool } from '../../../src/intelligence/registry.ts';
import type { Warehouse } from '../../../src/intelligence/warehouse.ts';
import { postgresWarehouse } from '../../../src/intelligence/warehouses/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const now = new Date('2026-03-10T12:00:00Z');
let database: TestDatabase;
let memory = createMemory();

beforeAll(async () => {
  database = await createTestDatabase();
  await inTenant(async ({ db, tenantId }) => {
    await sql`insert into mart.market_metrics (tenant_id, market, grain, week, median_sale_price, inventory_count, homes_sold)
      select ${tenantId}::uuid, m, 'week', date '2026-03-02' - 7 * w, 300000 + 100 * w, 400, 80
      from unnest(array['A', 'B']) m, generate_series(0, 109) w`.execute(db);
    await sql`insert into mart.deal_pl (tenant_id, home_ref, market, status, net_margin, arv)
      values (${tenantId}::uuid, 'one', 'A', 'held', 30000, 300000)`.execute(db);
  });
});
afterAll(() => database.close());
beforeEach(() => {
  memory = createMemory();
});

const inTenant = <T>(work: (trx: TenantTrx) => Promise<T>) => withTenant(database.db, database.tenantId, work);

/** The tool's answer, and how many statements went to Postgres for it. */
async function ask(name: string, input: object = {}) {
  return inTenant(async (trx) => {
    const seen: string[] = [];
    const warehouse: Warehouse = postgresWarehouse({ ...trx, db: watched(trx, seen) } as TenantTrx, memory);
    const answer = (await runTool({ warehouse, now, weights: NO_WEIGHTS }, name, input)) as Record<string, never>;
    return { answer, statements: seen.length };
  });
}

/** Counts the readings; what the state of the data is asked with is not one. */
function watched({ db }: TenantTrx, seen: string[]): TenantTrx['db'] {
  return new Proxy(db, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (key !== 'withoutPlugins') return typeof value === 'function' ? value.bind(target) : value;
      return () => {
        seen.push('reading');
        return target.withoutPlugins();
      };
    },
  });
}

const change = (statement: string) =>
  inTenant(({ db, tenantId }) => sql.raw(statement.replaceAll(':tenant', `'${tenantId}'::uuid`)).execute(db));

describe('what is kept of a warehouse', () => {
  it.each([
    ['detect_anomalies', {}],
    ['detect_inventory_surges', {}],
    ['rank_all_markets', {}],
    ['rank_top_100_deals', {}],
    ['analyze_funnel_drop', {}],
  ])('%s: a second question over unchanged data reads nothing and is answered alike', async (name, input) => {
    const first = await ask(name, input);
    const second = await ask(name, input);
    expect(first.statements).toBeGreaterThan(0);
    expect(second).toEqual({ answer: first.answer, statements: 0 });
  });

  it('answers other look-backs and figures of what was judged, as a new reading would', async () => {
    await ask('detect_anomalies');
    const kept = await ask('detect_anomalies', { lookback: 30, metrics: ['homes_sold'] });
    expect(kept.statements).toBe(0);
    memory = createMemory();
    expect((await ask('detect_anomalies', { lookback: 30, metrics: ['homes_sold'] })).answer).toEqual(kept.answer);
  });

  it.each([
    [
      'a changed row',
      `update mart.market_metrics set inventory_count = 4000 where market = 'A' and week = '2026-03-02'`,
    ],
    [
      'a new row',
      `insert into mart.market_metrics (tenant_id, market, grain, week, inventory_count) values (:tenant, 'C', 'week', '2026-03-02', 7)`,
    ],
    ['a row that is gone', `delete from mart.market_metrics where market = 'C'`],
  ])('never serves what was before %s', async (_name, statement) => {
    const before = await ask('detect_inventory_surges');
    await change(statement);
    const after = await ask('detect_inventory_surges');
    expect(after.statements).toBeGreaterThan(0);
    expect(after.answer).not.toEqual(before.answer);
    memory = createMemory();
    expect((await ask('detect_inventory_surges')).answer).toEqual(after.answer);
  });

  it('keeps what other tables changed, drops what a change that is not committed made', async () => {
    await ask('rank_top_100_deals');
    await change(`insert into raw.macro (tenant_id, series, date, value) values (:tenant, 'x', '2026-03-01', 1)`);
    expect((await ask('rank_top_100_deals')).statements).toBe(0);
    const undone = inTenant(async (trx) => {
      await sql`update mart.deal_pl set net_margin = 99999`.execute(trx.db);
      const context = { warehouse: postgresWarehouse(trx, memory), now, weights: NO_WEIGHTS };
      expect(await runTool(context, 'rank_top_100_deals', {})).toMatchObject({ total_net_margin: 99_999 });
      throw new RangeError('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await ask('rank_top_100_deals')).answer).toMatchObject({ total_net_margin: 30_000 });
  });

  it('does not find what is older than the folding of the notes, even when an older change is committed after it', async () => {
    const states = () => inTenant(readMarketState);
    const before = await states();
    await change(`update mart.deal_pl set net_margin = 30000`);
    const late = await states();
    await inTenant((trx) => foldMarketChanges(trx, 0));
    const folded = await states();
    const words = [before, late, folded].map((state) => state.get('mart.deal_pl'));
    expect(new Set(words).size).toBe(3);
    const { rows } = await inTenant(({ db }) =>
      sql<{ count: string }>`select count(*) as count from mart.changes where source = 'mart.deal_pl'`.execute(db),
    );
    expect(Number(rows[0]!.count)).toBe(1);
    await inTenant((trx) => foldMarketChanges(trx));
    expect((await states()).get('mart.deal_pl')).toBe(folded.get('mart.deal_pl'));
  });

  it('is each tenant’s own, and goes when there is no room', async () => {
    await ask('rank_top_100_deals');
    const other = '00000000-0000-4000-8000-00000000000b';
    await database.query(`insert into tenants (id, slug, name, plan) values ($1, 'other', 'Other', 'free')`, [other]);
    const answer = await withTenant(database.db, other, (trx) =>
      runTool({ warehouse: postgresWarehouse(trx, memory), now, weights: NO_WEIGHTS }, 'rank_top_100_deals', {}),
    );
    expect(answer).toMatchObject({ open_homes: 0 });
    memory = createMemory(0);
    await ask('rank_top_100_deals');
    expect((await ask('rank_top_100_deals')).statements).toBeGreaterThan(0);
  });
});
