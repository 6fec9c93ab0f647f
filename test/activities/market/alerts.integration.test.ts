import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DeliveryDeps,
  deliverAlerts,
  deliverBriefing,
  detectAndAlert,
} from '../../../src/activities/market/alerts.ts';
import { look, runBriefing } from '../../../src/activities/market/briefing.ts';
import { isMorning } from '../../../src/activities/market/briefing-day.ts';
import { checkSlackUrl, slackOwner } from '../../../src/activities/market/slack.ts';
import { putChannel } from '../../../src/db/queries/alerts.ts';
import { createSealer } from '../../../src/db/sealer.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import type { Severity } from '../../../src/domain/market/packets.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let server: Server;
let deps: DeliveryDeps;
const ledger: string[] = [];
let answer: number | 'hang up' = 200;
const NOW = new Date('2026-03-02T13:30:00Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

beforeAll(async () => {
  database = await createTestDatabase();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      ledger.push(JSON.parse(body).text);
      if (answer === 'hang up') request.socket.destroy();
      else response.writeHead(answer).end('ok');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sealer = createSealer('ab'.repeat(32));
  const email = {
    name: 'outbox',
    costMicros: () => 0,
    isLive: false,
    isIdempotent: true,
    send: async () => ({ outcome: 'sent', providerMessageId: null }),
  };
  deps = {
    db: database.db,
    logger: database.db.logger,
    // The outbox is by the database's own clock.
    clock: () => new Date(),
    channels: { email } as unknown as DeliveryDeps['channels'],
    isProduction: false,
    allowList: [],
    publicUrl: 'http://localhost',
    store: { get: async () => null, signedUrl: async () => '' },
    slack: { http: createHttpClient({ userAgent: 'test', trustedOrigins: [origin] }), origin, sealer },
  };
  await database.query(
    `insert into user_accounts (tenant_id, email, name, password_hash, role) values
       ($1, 'ann@example.com', 'Ann', 'x', 'admin'), ($1, 'vic@example.com', 'Vic', 'x', 'viewer')`,
    [database.tenantId],
  );
  const sealed = sealer.seal(slackOwner(database.tenantId), `${origin}/services/T/B/x`);
  await withTenant(database.db, database.tenantId, (trx) =>
    putChannel(trx, 'slack', { addressSealed: sealed, isEnabled: true }, NOW),
  );
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await database.close();
});

const find = (market: string, severity: Severity, now: Date) =>
  withTenant(database.db, database.tenantId, (trx) =>
    look(trx, now, '2026-03-02', [
      {
        key: 'chosen',
        title: 'Chosen',
        tool: 'get_market_summary',
        input: { market },
        read: (_answer, make) => ({
          dataThrough: null,
          columns: [],
          rows: [],
          notes: [],
          headlines: [],
          checked: new Set<string>(),
          findings: [
            make({
              market,
              issue: `Odd in ${market} <!channel>`,
              severity,
              evidence: [],
              action: 'Look',
              statedConfidence: 0.9,
            }),
          ],
        }),
      },
    ]),
  );
const deliver = (now: Date) => deliverAlerts(deps, database.tenantId, now);
const alerts = () =>
  database.query<{ channel: string; severity: string; status: string }>(
    `select channel, severity, status from alerts order by raised_at, channel`,
  );

describe('alerts', () => {
  it('reach Slack and mail at once, once for each severity, and not for what is mild', async () => {
    await find('Phoenix, AZ', 'HIGH', NOW);
    await find('Tampa, FL', 'MEDIUM', NOW);
    await Promise.all([deliver(minutes(0)), deliver(minutes(0))]);
    await deliver(minutes(1));
    expect(ledger).toHaveLength(1);
    expect(ledger[0]).toContain('HIGH: Odd in Phoenix, AZ &lt;!channel&gt;');
    await find('Phoenix, AZ', 'CRITICAL', minutes(2));
    await deliver(minutes(2));
    await deliver(minutes(3));
    expect(ledger).toHaveLength(2);
    expect(await alerts()).toEqual([
      { channel: 'email', severity: 'HIGH', status: 'sent' },
      { channel: 'slack', severity: 'HIGH', status: 'sent' },
      { channel: 'email', severity: 'CRITICAL', status: 'sent' },
      { channel: 'slack', severity: 'CRITICAL', status: 'sent' },
    ]);
    const mails = await database.query(
      `select u.email, m.subject, m.status from user_mails m join user_accounts u on u.id = m.user_id order by m.created_at, m.subject desc`,
    );
    expect(mails).toEqual([
      { email: 'ann@example.com', subject: 'HIGH: Odd in Phoenix, AZ <!channel>', status: 'sent' },
      { email: 'ann@example.com', subject: 'CRITICAL: Odd in Phoenix, AZ <!channel>', status: 'sent' },
    ]);
  });

  it('are not repeated when nobody knows whether they arrived, and are when they surely did not', async () => {
    ledger.length = 0;
    answer = 'hang up';
    await find('Boise, ID', 'HIGH', minutes(10));
    await deliver(minutes(10));
    answer = 429;
    await find('Tulsa, OK', 'HIGH', minutes(11));
    await deliver(minutes(11));
    answer = 200;
    await deliver(minutes(12));
    await deliver(minutes(13));
    expect(ledger.map((text) => text.match(/Boise|Tulsa/)?.[0])).toEqual(['Boise', 'Tulsa', 'Tulsa']);
    const slack = (await alerts()).filter(({ channel }) => channel === 'slack').map(({ status }) => status);
    expect(slack).toEqual(['sent', 'sent', 'unknown', 'sent']);
  });

  it('tell of a surge in the very look that finds it, once, and the packet closes when it is over', async () => {
    ledger.length = 0;
    // Weeks of two years around 200 homes, three times as many in the last four.
    await database.query(
      `insert into mart.market_metrics (tenant_id, market, week, inventory_count, homes_sold)
       select $1, 'Reno, NV', '2024-01-08'::date + 7 * i, (200 + (i * 37) % 11) * case when i >= 108 then 3 else 1 end, 50
       from generate_series(0, 111) i`,
      [database.tenantId],
    );
    expect(await detectAndAlert(deps, database.tenantId, NOW)).toBe(2);
    expect(await detectAndAlert(deps, database.tenantId, minutes(1))).toBe(0);
    expect(ledger).toHaveLength(1);
    expect(ledger[0]).toMatch(/(HIGH|CRITICAL): Homes for sale in Reno, NV are \d+\.\d% above what is expected/);
    const read = () =>
      database.query<{ status: string; evidence: object[] }>(
        `select status, evidence from decision_packets where market = 'Reno, NV'`,
      );
    const [packet] = await read();
    expect(packet!.evidence.length).toBeGreaterThan(3);
    await database.query(
      `update mart.market_metrics set inventory_count = 200 where market = 'Reno, NV' and inventory_count > 400`,
    );
    await detectAndAlert(deps, database.tenantId, minutes(2));
    expect(await read()).toMatchObject([{ status: 'closed' }]);
    await database.query(`delete from mart.market_metrics where market = 'Reno, NV'`);
  });

  it('come with a briefing that every channel gets once', async () => {
    ledger.length = 0;
    const made = await runBriefing(
      { db: deps.db, logger: deps.logger, storage: { put: async () => undefined } },
      database.tenantId,
      NOW,
    );
    await deliverBriefing(deps, database.tenantId, made, NOW);
    await deliverBriefing(deps, database.tenantId, made, minutes(1));
    expect(ledger).toHaveLength(1);
    expect(ledger[0]).toMatch(/^Market briefing for/);
    const mails = await database.query(
      `select attachment_key, attachment_name from user_mails where reference like 'briefing:%'`,
    );
    expect(mails).toEqual([{ attachment_key: made.pipelinePath, attachment_name: `deal-pipeline-${made.day}.json` }]);
    const [row] = await database.query<{ delivered_at: Date | null }>(`select delivered_at from briefings`);
    expect(row!.delivered_at).not.toBeNull();
  });
});

describe('the morning', () => {
  it('is the tenant’s own', () => {
    expect(isMorning(new Date('2026-03-02T12:59:00Z'), 'America/Phoenix')).toBe(false);
    expect(isMorning(new Date('2026-03-02T13:00:00Z'), 'America/Phoenix')).toBe(true);
    expect(isMorning(new Date('2026-03-02T00:29:00Z'), 'Asia/Kolkata')).toBe(false);
    expect(isMorning(new Date('2026-03-02T00:30:00Z'), 'Asia/Kolkata')).toBe(true);
  });
});

describe('the address of Slack', () => {
  it.each(['https://evil.example/services/x', 'https://u@hooks.slack.com/x', 'https://hooks.slack.com/', 'x'])(
    'is not %s',
    (text) => {
      expect(() => checkSlackUrl(text, 'https://hooks.slack.com')).toThrow(/incoming webhook/);
    },
  );
});
