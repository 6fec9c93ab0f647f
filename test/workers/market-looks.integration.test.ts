import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeliveryDeps, detectAndAlert } from '../../src/activities/market/alerts.ts';
import { loadMarketFile } from '../../src/activities/market/load.ts';
import { beginLook, endLook, listUnseenMarts } from '../../src/db/queries/market-looks.ts';
import { withSystem, withTenant } from '../../src/db/tenant.ts';
import { startMarketRefresher } from '../../src/workers/market-refresher.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const DAY_MS = 86_400_000;
let database: TestDatabase;
let deps: DeliveryDeps;
const folder = mkdtempSync(join(tmpdir(), 'reos looks '));
beforeAll(async () => {
  database = await createTestDatabase();
  deps = {
    db: database.db,
    logger: database.db.logger,
    clock: () => new Date(),
    channels: {
      email: {
        name: 'outbox',
        costMicros: () => 0,
        isLive: false,
        isIdempotent: true,
        send: async () => ({ outcome: 'sent', providerMessageId: null }),
      },
    } as unknown as DeliveryDeps['channels'],
    isProduction: false,
    allowList: [],
    publicUrl: 'http://localhost',
    store: { get: async () => null, signedUrl: async () => '' },
  };
  await database.query(
    `insert into user_accounts (tenant_id, email, name, password_hash, role) values ($1, 'ann@example.com', 'Ann', 'x', 'admin')`,
    [database.tenantId],
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});

/** A published file of two years of weeks of some markets, the newest one just over; in the first the stock trebles at its end. */
function published(name: string, surging: string): string {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY_MS;
  const day = (moment: number) => new Date(moment).toISOString().slice(0, 10);
  const header =
    'PERIOD_BEGIN PERIOD_END PERIOD_DURATION REGION_TYPE REGION PROPERTY_TYPE MEDIAN_SALE_PRICE HOMES_SOLD INVENTORY MEDIAN_DOM AVG_SALE_TO_LIST';
  const lines = [surging, 'Calm, OR metro area'].flatMap((region, place) =>
    Array.from({ length: 106 }, (_, at) => {
      const begin = monday - 7 * (106 - at) * DAY_MS;
      // Small steps without a pattern, so that there is a spread.
      const wobble = (at * 37) % 11;
      const inventory = (600 + 3 * wobble) * (place === 0 && at >= 101 ? 3 : 1);
      const figures = [400_000 + 500 * wobble, 90 + wobble, inventory, 30 + (wobble % 3), 0.98];
      return [day(begin), day(begin + 6 * DAY_MS), 7, 'metro', region, 'All Residential', ...figures].join('\t');
    }),
  );
  const path = join(folder, name);
  writeFileSync(path, [header.replaceAll(' ', '\t'), ...lines].join('\n'));
  return path;
}

const load = (name: string, surging: string) =>
  loadMarketFile(
    { db: database.db, clock: () => new Date() },
    { tenantId: database.tenantId, path: published(name, surging), name },
  );
const alerts = () =>
  database.query<{ market: string; severity: string; status: string }>(
    `select p.market, a.severity, a.status from alerts a join decision_packets p on p.id = a.packet_id
     where p.issue_key like '%surge%' order by a.raised_at`,
  );
/** The refresher until it has looked as often, or for so long. */
async function refresh(times: number, mostMs = 20_000) {
  let looks = 0;
  const refresher = startMarketRefresher({
    db: database.db,
    logger: pino({ level: 'silent' }),
    pollMs: 20,
    afterRefresh: async (tenantId, now) => {
      looks += 1;
      await detectAndAlert(deps, tenantId, now);
    },
  });
  const until = Date.now() + mostMs;
  while (looks < times && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  await refresher.stop();
  return looks;
}
const unseen = (now = new Date(Date.now() + 60_000)) =>
  withSystem(database.db, 'a test', (trx) => listUnseenMarts(trx, now, 45_000));

it('alerts of what a published file brings, loaded while nobody was there, at once and once', async () => {
  expect(await unseen()).toEqual([]);
  expect(await load('first.tsv', 'Glut, OR metro area')).toMatchObject({ status: 'success' });
  expect(await unseen()).toEqual([database.tenantId]);
  expect(await refresh(1)).toBe(1);
  const found = await alerts();
  expect(found).toMatchObject([{ market: 'Glut, OR metro area', status: 'sent' }]);
  expect(['HIGH', 'CRITICAL']).toContain(found[0]!.severity);
  // Nothing changed: nobody looks, nor after a restart.
  expect(await unseen()).toEqual([]);
  expect(await refresh(1, 300)).toBe(0);
  expect(await load('again.tsv', 'Glut, OR metro area')).toMatchObject({ status: 'repeated' });
  expect(await unseen()).toEqual([]);
  expect(await alerts()).toEqual(found);
});

it('leaves a tenant alone for a while after a look, then looks at what came in between', async () => {
  await load('second.tsv', 'Heap, OR metro area');
  expect(await unseen(new Date())).toEqual([]);
  expect(await unseen()).toEqual([database.tenantId]);
  await database.query(`update mart.looks set looked_at = now() - interval '1 minute'`);
  expect(await refresh(1)).toBe(1);
  expect((await alerts()).map(({ market }) => market)).toEqual(['Glut, OR metro area', 'Heap, OR metro area']);
});

it('looks again after a look that failed or was interrupted, and never twice at a time', async () => {
  const { db, tenantId } = database;
  const begin = (now: Date) => withTenant(db, tenantId, (trx) => beginLook(trx, now));
  const end = (state: string | null) => withTenant(db, tenantId, (trx) => endLook(trx, state, new Date(0)));
  await load('third.tsv', 'Pile, OR metro area');
  const now = new Date();
  const state = await begin(now);
  expect(state).toMatch(/^[0-9a-f]{32}$/);
  expect(await begin(now)).toBeNull();
  expect(await unseen(now)).toEqual([]);
  // Interrupted: after a minute it is somebody else's.
  const later = new Date(now.getTime() + 61_000);
  expect(await unseen(later)).toEqual([tenantId]);
  expect(await begin(later)).toBe(state);
  await end(null);
  expect(await unseen()).toEqual([tenantId]);
  await begin(now);
  await end(state);
  expect(await unseen()).toEqual([]);
});
