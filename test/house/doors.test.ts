import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '../../src');

/** The only files that may pass row-level security, and what for. A new one is a decision: write the reason here. */
const WITH_SYSTEM: Readonly<Record<string, string>> = {
  'activities/enrich/call-provider.ts': 'call rates, health and answers of providers are shared by all tenants',
  'activities/enrich/enrich.ts': 'reads the same shared tables',
  'activities/market/load-drop.ts': 'a drop folder is named after its tenant',
  'activities/market/sources/pull.ts': 'the tenant’s own name: a source names its tenant by it',
  'activities/memo/memo.ts': 'the tenant’s own name on its memo',
  'activities/platform/search-alerts.ts': 'one reader of the event log for every tenant’s saved searches',
  'activities/platform/reports.ts': 'which tenants have reports or mail to send',
  'activities/platform/retention.ts': 'what is old is deleted for every tenant',
  'activities/platform/runs.ts': 'schedules work for every tenant; heartbeat of the parts',
  'api/events/feed.ts': 'one reader of the event log for every tenant’s subscribers',
  'api/auth/login.ts': 'a login names an address, not a tenant',
  'api/auth/password-reset.ts': 'a forgotten password names an address, not a tenant',
  'api/auth/register.ts': 'makes a tenant',
  'api/auth/tenant-change.ts': 'only the system writes tenants; the caller’s own, and the operator’s change of any',
  'api/auth/throttle.ts': 'login attempts have no tenant',
  'api/kit/public-answer.ts': 'a registration has no tenant whose Idempotency-Key it could hold',
  'api/kit/request-meter.ts': 'requests of every tenant are counted in one statement',
  'api/routes/tenants.ts': 'the operator looks at tenants',
  'api/routes/usage.ts': 'the operator bills every tenant',
  'api/routes/unsubscribe.ts': 'the link’s token says whose it is',
  'api/outgoing/relay.ts': 'webhooks of every tenant',
  'api/signal-relay.ts': 'signals of every tenant',
  'api/webhooks/lob.ts': 'a letter’s id says whose it is',
  'api/webhooks/record-events.ts': 'a provider’s event says by its send id whose it is',
  'api/webhooks/sendgrid-inbound.ts': 'a reply says by its token whose it is',
  'api/webhooks/twilio.ts': 'a message’s id says whose it is',
  'api/webhooks/twilio-inbound.ts': 'a text names a phone and no tenant',
  'cli/commands/tenant.ts': 'makes and lists tenants, for the operator',
  'cli/context.ts': 'the tenant that a command names',
  'db/upgrade.ts': 'seals contacts of every tenant after a migration',
  'demo/seed-tenant.ts': 'makes the demo tenant',
  'workers/answer-news.ts': 'names what any tenant’s kept answers are stale of',
  'workers/checks.ts': 'health check',
  'workers/market-refresher.ts': 'which tenants’ marts are stale',
};

async function sources(): Promise<Map<string, string>> {
  const names = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(SOURCE, name), 'utf8')] as const)),
  );
}

describe('doors', () => {
  it('passes row-level security in the listed files alone', async () => {
    const users = [...(await sources())].filter(
      ([name, text]) => name !== 'db/tenant.ts' && /\bwithSystem\(/.test(text),
    );
    expect(users.map(([name]) => name).sort()).toEqual(Object.keys(WITH_SYSTEM).sort());
  });

  it('takes a bare pool nowhere but in the doors', async () => {
    const users = [...(await sources())].filter(
      ([name, text]) => /\.pool\b/.test(text) && !['db/tenant.ts', 'db/connect.ts'].includes(name),
    );
    expect(users.map(([name]) => name)).toEqual([]);
  });

  it('reads the environment in settings.ts, and hands it over in the command line’s default, alone', async () => {
    // The configuration of the dashboard's build is a tool's: the product never runs it.
    const users = [...(await sources())].filter(
      ([name, text]) => name !== 'web/vite.config.ts' && /process\.env/.test(text),
    );
    expect(users.map(([name]) => name).sort()).toEqual(['cli/main.ts', 'settings.ts']);
  });

  it('keeps every source file within 250 lines', async () => {
    const long = [...(await sources())].filter(
      ([name, text]) => !['db/tables.ts', 'sdk/schema.ts'].includes(name) && text.split('\n').length - 1 > 250,
    );
    expect(long.map(([name]) => name)).toEqual([]);
  });
});
