import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWebhookRelay, type WebhookRelay } from '../../../src/api/outgoing/relay.ts';
import { createWebhookPost } from '../../../src/api/outgoing/send.ts';
import { appendEvents } from '../../../src/db/queries/events.ts';
import { claimDeliveries } from '../../../src/db/queries/webhook-claims.ts';
import { fanOutEvents } from '../../../src/db/queries/webhook-fan-out.ts';
import { createSealer } from '../../../src/db/sealer.ts';
import { withSystem, withTenant } from '../../../src/db/tenant.ts';
import type { EventType } from '../../../src/domain/events.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const sealer = createSealer(randomBytes(32).toString('hex'));
const PROPERTY = '0b6f6a35-6f6e-5f0a-9f0a-3a4f4a3b2c1d';
const OTHER_PROPERTY = '1b6f6a35-6f6e-5f0a-9f0a-3a4f4a3b2c1d';
let api: TestApi;
let receiver: Receiver;
let trustedOrigins: string[];
let relays: WebhookRelay[] = [];
let aheadMs = 0;
const clock = () => new Date(Date.now() + aheadMs);

beforeAll(async () => {
  receiver = await startReceiver();
  trustedOrigins = [receiver.origin];
  api = await createTestApi({
    sealer,
    webhooks: {
      trustedOrigins,
      wake: () => {
        for (const relay of relays) relay.wake();
      },
    },
  });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});
beforeEach(() => {
  receiver.got.length = 0;
  receiver.answer = () => ({ status: 204 });
  aheadMs = 0;
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
  await api.database.query('delete from webhook_endpoints');
});

const startRelay = (more: Partial<Parameters<typeof startWebhookRelay>[0]> = {}) => {
  const relay = startWebhookRelay({
    db: api.database.db,
    logger: pino({ level: 'silent' }),
    clock,
    sealer,
    post: createWebhookPost({ userAgent: 'test/1', trustedOrigins, timeoutMs: 2_000 }),
    pollMs: 20,
    random: () => 0,
    ...more,
  });
  relays.push(relay);
  return relay;
};
interface Made {
  id: string;
  secret: string;
}
let admin: Awaited<ReturnType<TestApi['as']>>;
async function makeWebhook(body: object = {}): Promise<Made> {
  admin = await api.as('admin');
  const made = await admin('POST', '/api/v1/webhooks', { body: { url: `${receiver.origin}/hook`, ...body } });
  expect(made.status, made.text).toBe(201);
  return made.body;
}
const emit = (count = 1, more: { eventType?: EventType; propertyId?: string | null; tenantId?: string } = {}) =>
  withTenant(api.database.db, more.tenantId ?? api.database.tenantId, (trx) =>
    appendEvents(
      trx,
      Array.from({ length: count }, (_, n) => ({
        eventType: more.eventType ?? 'timeline.updated',
        propertyId: more.propertyId === undefined ? PROPERTY : more.propertyId,
        correlationId: 'test',
        payload: { n },
        source: 'test',
      })),
    ),
  );
async function until(check: () => boolean | Promise<boolean>, timeoutMs = 8_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await sleep(15);
  }
}
const bodies = () =>
  receiver.got.map(
    ({ body }) => JSON.parse(body) as { type: string; data: { event_id: string; payload: { n: number } } },
  );
const deliveries = () =>
  api.database.query<{ status: string; attempts: number; last_status_code: number | null; last_error: string | null }>(
    'select status, attempts, last_status_code, last_error from webhook_deliveries order by sequence',
  );
const settled = async (count: number) =>
  (await deliveries()).filter(({ status }) => status === 'delivered').length === count;

describe('outgoing webhooks', () => {
  it('carry each event once, signed, in the order of its property', async () => {
    const { secret } = await makeWebhook();
    startRelay();
    await emit(20);
    await until(() => settled(20));
    expect(bodies().map(({ data }) => data.payload.n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    for (const { headers, body } of receiver.got) {
      const message = new Webhook(secret).verify(body, headers as Record<string, string>) as {
        data: { event_id: string };
      };
      expect(headers['webhook-id']).toBe(message.data.event_id);
      expect(headers['content-type']).toBe('application/json');
    }
    const log = await api.as('admin');
    const events = await api.database.query('select event_id from event_log order by position desc limit 20');
    expect(new Set(bodies().map(({ data }) => data.event_id))).toEqual(new Set(events.map(({ event_id }) => event_id)));
    expect((await log('GET', '/api/v1/webhooks')).text).not.toContain('whsec_');
  });

  it('leave out what was not asked for, and what belongs to another tenant', async () => {
    const other = await api.addTenant('stranger');
    await makeWebhook({ event_types: ['property.scored', 'event.outreach.sent'] });
    startRelay();
    await emit(1, { eventType: 'property.discovered' });
    await emit(1, { eventType: 'property.scored', tenantId: other });
    await emit(1, { eventType: 'outreach.sent' });
    await emit(1, { eventType: 'property.scored' });
    await until(() => settled(2));
    await sleep(100);
    expect(
      bodies()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['outreach.sent', 'property.scored']);
  });

  it('lose and double nothing while several relays run and transactions commit late', async () => {
    await makeWebhook();
    for (let n = 0; n < 3; n += 1) startRelay();
    const late = withTenant(api.database.db, api.database.tenantId, async (trx) => {
      await appendEvents(trx, [
        { eventType: 'memo.generated', propertyId: null, correlationId: 'late', payload: { n: -1 }, source: 'test' },
      ]);
      await sql`select pg_sleep(0.4)`.execute(trx.db);
    });
    await Promise.all([
      late,
      ...Array.from({ length: 10 }, (_, n) => emit(2, { propertyId: n % 2 ? PROPERTY : OTHER_PROPERTY })),
    ]);
    await until(() => settled(21));
    await sleep(100);
    const ids = bodies().map(({ data }) => data.event_id);
    expect(ids).toHaveLength(21);
    expect(new Set(ids).size).toBe(21);
    expect(bodies().some(({ type }) => type === 'memo.generated')).toBe(true);
  });

  it('are sent again by another process when the one that took them dies', async () => {
    await makeWebhook();
    await emit(3, { propertyId: null });
    // A transaction of any database on the server may still run that is older than the events.
    await until(async () => (await withSystem(api.database.db, 'test', (trx) => fanOutEvents(trx, 100))) === 3);
    const page = { limit: 10, perEndpoint: 10, busy: [], leaseMs: 60_000 };
    const taken = await withSystem(api.database.db, 'test', (trx) => claimDeliveries(trx, page, clock()));
    expect(taken).toHaveLength(3);
    startRelay();
    await sleep(200);
    expect(receiver.got).toEqual([]);
    aheadMs = 60_001;
    await until(() => settled(3));
    expect(receiver.got).toHaveLength(3);
    expect((await deliveries()).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
  });

  it('keep the place in the log and the deliveries in one transaction', async () => {
    await makeWebhook();
    await emit(2);
    let passed = 0;
    await until(async () => {
      const broken = withSystem(api.database.db, 'test', async (trx) => {
        passed = await fanOutEvents(trx, 100);
        throw new Error('killed');
      });
      await expect(broken).rejects.toThrow('killed');
      return passed === 2;
    });
    expect(await deliveries()).toEqual([]);
    startRelay();
    await until(() => settled(2));
    expect(receiver.got).toHaveLength(2);
  });

  it('are tried again after the stated pauses, and hold back the later ones of their property meanwhile', async () => {
    const { id } = await makeWebhook();
    const times: number[] = [];
    receiver.answer = ({ body }) => {
      if (JSON.parse(body).data.payload.n !== 0) return { status: 200 };
      times.push(clock().getTime());
      return { status: times.length < 3 ? 500 : 200 };
    };
    startRelay();
    await emit(2);
    await emit(1, { propertyId: OTHER_PROPERTY });
    const codes = async () => (await deliveries()).map((one) => one.last_status_code);
    await until(async () => (await codes()).filter((code) => code === 500).length === 2);
    expect((await deliveries())[1]).toMatchObject({ status: 'pending', attempts: 0 });
    const failing = await admin('GET', `/api/v1/webhooks/${id}`);
    expect(failing.body).toMatchObject({ status: 'active', last_failure_at: expect.any(String) });
    aheadMs = 5_001;
    await until(() => times.length >= 3);
    aheadMs += 30_001;
    await until(async () => (await deliveries()).every(({ status }) => status === 'delivered'));
    const healthy = await admin('GET', `/api/v1/webhooks/${id}`);
    expect(healthy.body).toMatchObject({ failing_since: null, last_success_at: expect.any(String) });
  });

  it('leave a receiver alone for as long as it asks', async () => {
    await makeWebhook();
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '600' } });
    startRelay();
    await emit(1);
    await until(async () => (await deliveries())[0]?.last_status_code === 503);
    await emit(1, { propertyId: OTHER_PROPERTY });
    aheadMs = 595_000;
    await sleep(150);
    expect(receiver.got).toHaveLength(1);
    receiver.answer = () => ({ status: 200 });
    aheadMs = 602_000;
    await until(() => settled(2));
  });

  it('have failed after the last attempt, and come with a replay of what was missed', async () => {
    const { id } = await makeWebhook();
    const since = new Date().toISOString();
    receiver.answer = () => ({ status: 500 });
    const relay = startRelay({ leaseMs: 86_400_000 });
    await emit(1);
    await until(async () => {
      // Those that wait for their time, not those that are being sent: they are taken for longer.
      await api.database.query(
        `update webhook_deliveries set next_attempt_at = now() where next_attempt_at < now() + interval '12 hours'`,
      );
      relay.wake();
      await sleep(20);
      return (await deliveries())[0]?.status === 'failed';
    });
    expect(receiver.got).toHaveLength(11);
    receiver.answer = () => ({ status: 200 });
    const replay = await admin('POST', `/api/v1/webhooks/${id}/replay`, { body: { since } });
    expect(replay).toMatchObject({ status: 202, body: { queued: 1, has_more: false } });
    await until(() => settled(1));
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const nothing = await admin('POST', `/api/v1/webhooks/${id}/replay`, { body: { since } });
    expect(nothing.body).toEqual({ queued: 0, has_more: false });
  });

  it('end at once with 410: the admins are told, and the audit log has it', async () => {
    const { id } = await makeWebhook();
    receiver.answer = () => ({ status: 410 });
    startRelay();
    await emit(1);
    await until(
      async () => ((await admin('GET', `/api/v1/webhooks/${id}`)).body as { status: string }).status === 'disabled',
    );
    const told = await admin('GET', '/api/v1/notifications');
    const { items } = told.body as { items: { kind: string; title: string; body: string }[] };
    expect(items.filter(({ kind }) => kind === 'webhook')).toEqual([
      expect.objectContaining({ title: expect.stringContaining('was disabled'), body: expect.stringContaining('410') }),
    ]);
    const [entry] = await api.database.query(
      `select actor_kind, actor_id, outcome from audit_log where resource = $1`,
      [`disableWebhook:${id}`],
    );
    expect(entry).toEqual({ actor_kind: 'system', actor_id: 'webhooks', outcome: 'ok' });
    await emit(2);
    await sleep(150);
    expect(receiver.got).toHaveLength(1);
    expect((await admin('POST', `/api/v1/webhooks/${id}/ping`)).status).toBe(409);
    receiver.answer = () => ({ status: 200 });
    await admin('PATCH', `/api/v1/webhooks/${id}`, { body: { status: 'active' } });
    const since = new Date(Date.now() - 5_000).toISOString();
    const replay = await admin('POST', `/api/v1/webhooks/${id}/replay`, { body: { since } });
    expect((replay.body as { queued: number }).queued).toBeGreaterThanOrEqual(3);
    await until(async () => (await deliveries()).every(({ status }) => status === 'delivered'));
  });

  it('end after five days in which nothing arrived', async () => {
    const { id } = await makeWebhook();
    receiver.answer = () => ({ status: 500 });
    startRelay();
    await emit(1);
    await until(async () => (await deliveries())[0]?.last_status_code === 500);
    const status = async () => ((await admin('GET', `/api/v1/webhooks/${id}`)).body as { status: string }).status;
    await api.database.query(`update webhook_endpoints set failing_since = now() - interval '119 hours'`);
    await api.database.query('update webhook_deliveries set attempts = 7, next_attempt_at = now()');
    await until(() => receiver.got.length === 2);
    await sleep(60);
    expect(await status()).toBe('active');
    await api.database.query(`update webhook_endpoints set failing_since = now() - interval '121 hours'`);
    await api.database.query('update webhook_deliveries set next_attempt_at = now()');
    await until(async () => (await status()) === 'disabled');
  });

  it('are signed with both secrets for a day after a rotation', async () => {
    const { id, secret: before } = await makeWebhook();
    startRelay();
    const rotated = await admin('POST', `/api/v1/webhooks/${id}/rotate-secret`);
    const { secret: now, previous_secret_until } = rotated.body as { secret: string; previous_secret_until: string };
    expect(now).not.toBe(before);
    expect(Date.parse(previous_secret_until) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    await admin('POST', `/api/v1/webhooks/${id}/ping`);
    await until(() => receiver.got.length === 1);
    const [{ headers, body }] = receiver.got as [Receiver['got'][0]];
    for (const secret of [now, before]) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'webhook.ping',
      });
    }
    await api.database.query(`update webhook_endpoints set rotated_at = now() - interval '25 hours'`);
    await admin('POST', `/api/v1/webhooks/${id}/ping`);
    await until(() => receiver.got.length === 2);
    const second = receiver.got[1]!;
    const check = (secret: string) => () =>
      new Webhook(secret).verify(second.body, second.headers as Record<string, string>);
    check(now)();
    expect(check(before)).toThrow(/No matching signature/);
    const [row] = await api.database.query('select sealed_secret, sealed_previous_secret from webhook_endpoints');
    expect(JSON.stringify(row)).not.toContain(now.slice(6));
    expect(JSON.stringify(row)).toContain('v1.');
  });

  it('do not let one receiver that hangs hold up another', async () => {
    await makeWebhook({ url: `${receiver.origin}/slow` });
    await makeWebhook({ url: `${receiver.origin}/fast` });
    receiver.answer = ({ path }) => (path === '/slow' ? { status: 200, holdMs: 1_500 } : { status: 200 });
    startRelay();
    await emit(60, { propertyId: null });
    const fast = () => receiver.got.filter(({ path }) => path === '/fast').length;
    await until(() => fast() === 60, 4_000);
    expect(receiver.got.filter(({ path }) => path === '/slow').length).toBeLessThan(20);
  });
});
