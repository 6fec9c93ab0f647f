import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { look, runBriefing } from '../../../src/activities/market/briefing.ts';
import { expirePackets } from '../../../src/db/queries/decision-packets-look.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import type { Look } from '../../../src/intelligence/briefing-section.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(`update tenants set time_zone = 'America/Phoenix' where id = $1`, [database.tenantId]);
  await database.query(
    `insert into mart.market_metrics (tenant_id, market, week, median_sale_price, days_on_market, homes_sold, inventory_count, list_to_sale_ratio)
     select $1, m, '2024-01-01'::date + 7 * i, 400000 + 100 * i, 30, 50, 200, 0.98
     from unnest(array['Phoenix, AZ', 'Tampa, FL']) m, generate_series(0, 112) i`,
    [database.tenantId],
  );
  await database.query(
    `insert into mart.deal_pl (tenant_id, home_ref, market, status, acquisition_date, arv, acquisition_price, reno_cost, hold_cost, net_margin, valuation_confidence)
     select $1, 'h' || i, 'Phoenix, AZ', 'held', '2026-02-01', 400000, 300000, 20000, 5000, 50000 - 300 * i, 0.8 from generate_series(1, 120) i`,
    [database.tenantId],
  );
});
afterAll(() => database.close());

// 06:30 in Phoenix.
const NOW = new Date('2026-03-02T13:30:00Z');
const files = new Map<string, string>();
const deps = () => ({
  db: database.db,
  logger: database.db.logger,
  storage: { put: async (key: string, bytes: Uint8Array) => void files.set(key, Buffer.from(bytes).toString()) },
});
const run = (now = NOW) => runBriefing(deps(), database.tenantId, now);
const packets = () =>
  database.query<{ id: string; status: string; severity: string; times_seen: number; escalated: boolean }>(
    `select id, status, severity, times_seen, escalated_at is not null as escalated from decision_packets order by created_at, id`,
  );

/** A look whose finding the test chooses. */
const chosen = (severity: 'MEDIUM' | 'CRITICAL' | null): Look => ({
  key: 'chosen',
  title: 'Chosen',
  tool: 'get_market_summary',
  input: { market: 'Phoenix, AZ', grain: 'week' },
  read: (_answer, make) => ({
    dataThrough: null,
    columns: [],
    rows: [],
    notes: [],
    headlines: [],
    checked: new Set(['Phoenix, AZ']),
    findings:
      severity === null
        ? []
        : [
            make({
              market: 'Phoenix, AZ',
              issue: 'Something is odd',
              severity,
              evidence: [{ label: 'Oddness', value: 3.2, unit: 'z' }],
              action: 'Look at it',
              impact: { low: 1, expected: 2, high: 3 },
              statedConfidence: 0.9,
            }),
          ],
  }),
});
const lookAt = (severity: 'MEDIUM' | 'CRITICAL' | null, day: string) =>
  withTenant(database.db, database.tenantId, (trx) => look(trx, new Date(`${day}T13:00:00Z`), day, [chosen(severity)]));

describe('the morning briefing', () => {
  it('is a file to be forwarded, one a day in the tenant’s own time, the same again', async () => {
    const made = await run();
    expect(made.day).toBe('2026-03-02');
    expect(made.paths).toEqual([
      `tenants/${database.tenantId}/briefings/2026-03-02.md`,
      `tenants/${database.tenantId}/briefings/2026-03-02.deal-pipeline.json`,
      `tenants/${database.tenantId}/deal-pipeline.json`,
    ]);
    expect(made.markdown).toContain('# Market briefing for');
    expect(made.markdown).toContain('| 1 | h1 | Phoenix, AZ | held | $49,700 |');
    expect(files.get(made.paths[0]!)).toBe(made.markdown);
    expect(JSON.parse(files.get(made.paths[2]!)!).deals).toHaveLength(100);
    const again = await run();
    expect(again).toEqual(made);
    const rows = await database.query(`select id, day::text, author from briefings`);
    expect(rows).toEqual([{ id: made.id, day: '2026-03-02', author: 'planner' }]);
    const next = await run(new Date('2026-03-03T13:30:00Z'));
    expect(next.id).not.toBe(made.id);
    expect(next.markdown).toContain('Since 2026-03-02');
  });

  it('still comes when there is no data at all, and says so', async () => {
    const [tenant] = await database.query<{ id: string }>(
      `insert into tenants (slug, name) values ('empty', 'Empty | <b>') returning id`,
    );
    const made = await runBriefing(deps(), tenant!.id, NOW);
    expect(made.markdown).toContain('# Market briefing for Empty \\| \\<b\\>');
    expect(made.markdown).toContain('No feed has brought anything yet.');
    expect(made.packetIds).toEqual([]);
  });
});

describe('packets', () => {
  it('are opened once with a recommendation, escalated and healed', async () => {
    await lookAt('MEDIUM', '2026-03-04');
    await lookAt('MEDIUM', '2026-03-04');
    expect(await packets()).toMatchObject([{ status: 'open', severity: 'MEDIUM', times_seen: 1, escalated: false }]);
    await lookAt('CRITICAL', '2026-03-05');
    expect(await packets()).toMatchObject([{ status: 'open', severity: 'CRITICAL', times_seen: 2, escalated: true }]);
    const [feedback] = await database.query(`select tool, predicted_probability, packet_id from mart.feedback_log`);
    const [packet] = await packets();
    expect(feedback).toEqual({ tool: 'get_market_summary', predicted_probability: 0.9, packet_id: packet!.id });
    const [row] = await database.query<{ evidence: unknown }>(`select evidence from decision_packets`);
    expect(row!.evidence).toMatchObject([
      { value: 3.2, tool: 'get_market_summary', input: { market: 'Phoenix, AZ' }, readings: [{ rows: 1 }] },
    ]);
    await lookAt(null, '2026-03-06');
    expect(await packets()).toMatchObject([{ status: 'closed' }]);
    await lookAt('MEDIUM', '2026-03-06');
    expect((await packets()).map(({ status }) => status)).toEqual(['closed', 'open']);
    await lookAt(null, '2026-03-06');
    await lookAt('MEDIUM', '2026-03-06');
    expect((await packets()).map(({ status }) => status)).toEqual(['closed', 'open']);
  });

  it('whose time has passed are marked, though nobody looks', async () => {
    await database.query(
      `insert into decision_packets (tenant_id, issue_key, issue, severity, tool, evidence, action, confidence, first_seen, last_seen, expires_at)
       values ($1, 'old|x||', 'Old', 'LOW', 'get_market_summary', '[]', 'None', 0.5, '2026-02-01', '2026-02-01', '2026-02-08')`,
      [database.tenantId],
    );
    const expire = () =>
      withTenant(database.db, database.tenantId, (trx) => expirePackets(trx, new Date('2026-02-09')));
    expect(await expire()).toHaveLength(1);
    expect(await expire()).toEqual([]);
    const [row] = await database.query(`select status, status_reason from decision_packets where issue = 'Old'`);
    expect(row).toEqual({ status: 'expired', status_reason: 'It was not looked for again in time.' });
  });
});
