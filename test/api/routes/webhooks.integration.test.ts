import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealer } from '../../../src/db/sealer.ts';
import { type Caller, createTestApi, type TestApi } from '../../support/api.ts';

const ORIGIN = 'http://127.0.0.1:5678';
let api: TestApi;
let admin: Caller;
beforeAll(async () => {
  const sealer = createSealer(randomBytes(32).toString('hex'));
  api = await createTestApi({ sealer, webhooks: { trustedOrigins: [ORIGIN], wake: () => undefined } });
  admin = await api.as('admin');
});
afterAll(() => api.close());

const make = async (body: object = {}, caller = admin) =>
  caller('POST', '/api/v1/webhooks', { body: { url: 'https://example.com/hook', ...body } });
const idOf = (answer: { body: unknown }) => (answer.body as { id: string }).id;

describe('/api/v1/webhooks', () => {
  it('shows the secret once, and keeps it sealed', async () => {
    const made = await make({ description: 'CRM', event_types: ['event.scoring.calculated', 'memo.generated'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      url: 'https://example.com/hook',
      status: 'active',
      event_types: ['property.scored', 'memo.generated'],
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      previous_secret_until: null,
    });
    const shown = await admin('GET', `/api/v1/webhooks/${idOf(made)}`);
    expect(shown.body).toEqual({ ...(made.body as object), secret: undefined });
    expect(shown.text).not.toContain('whsec_');
    const [row] = await api.database.query('select * from webhook_endpoints where id = $1', [idOf(made)]);
    expect(JSON.stringify(row)).not.toContain((made.body as { secret: string }).secret.slice(6));
  });

  it('takes https on the public internet and trusted origins alone', async () => {
    expect((await make({ url: `${ORIGIN}/hook` })).status).toBe(201);
    for (const url of [
      'http://example.com/',
      'https://10.0.0.8/',
      'https://localhost/',
      'nonsense',
      'https://u:p@example.com/',
    ]) {
      expect(await make({ url }), url).toMatchObject({ status: 400, body: { code: 'validation', field: 'body.url' } });
    }
    expect((await make({ event_types: ['no.such'] })).status).toBe(400);
    expect((await make({ secret: 'mine' })).status).toBe(400);
    const id = idOf(await make());
    expect((await admin('PATCH', `/api/v1/webhooks/${id}`, { body: { url: 'http://10.0.0.8/' } })).status).toBe(400);
  });

  it('is changed, disabled, enabled and deleted', async () => {
    const id = idOf(await make());
    const path = `/api/v1/webhooks/${id}`;
    const changed = await admin('PATCH', path, { body: { description: 'other', event_types: ['property.scored'] } });
    expect(changed.body).toMatchObject({
      description: 'other',
      event_types: ['property.scored'],
      url: 'https://example.com/hook',
    });
    expect((await admin('POST', `${path}/ping`)).status).toBe(202);
    const off = await admin('PATCH', path, { body: { status: 'disabled' } });
    expect(off.body).toMatchObject({ status: 'disabled', disabled_reason: 'Disabled by a person.' });
    const sent = await admin('GET', `${path}/deliveries?status=failed`);
    expect(sent.body).toMatchObject({
      items: [{ event_type: 'webhook.ping', last_error: 'The webhook was disabled.' }],
    });
    const on = await admin('PATCH', path, { body: { status: 'active' } });
    expect(on.body).toMatchObject({ status: 'active', disabled_reason: null });
    expect((await admin('DELETE', path)).status).toBe(204);
    expect((await admin('GET', path)).status).toBe(404);
    expect((await admin('GET', `${path}/deliveries`)).status).toBe(404);
  });

  it('lists deliveries in pages and sends one again', async () => {
    const path = `/api/v1/webhooks/${idOf(await make())}`;
    for (let n = 0; n < 5; n += 1) await admin('POST', `${path}/ping`);
    await api.database.query(`update webhook_deliveries set status = 'delivered', attempts = 3`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { body: unknown } = await admin(
        'GET',
        `${path}/deliveries?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      );
      const { items, next_cursor } = page.body as { items: { id: string }[]; next_cursor: string | null };
      seen.push(...items.map(({ id }) => id));
      cursor = next_cursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    const again = await admin('POST', `${path}/deliveries/${seen[4]}/replay`);
    expect(again).toMatchObject({ status: 202, body: { id: seen[4], status: 'pending', attempts: 0 } });
    expect((await admin('POST', `${path}/deliveries/${randomUUID()}/replay`)).status).toBe(404);
    const old = { since: new Date(Date.now() - 16 * 86_400_000).toISOString() };
    expect((await admin('POST', `${path}/replay`, { body: old })).status).toBe(400);
  });

  it('is for admins and keys with its scope that may also read events', async () => {
    for (const role of ['analyst', 'underwriter', 'ops', 'viewer'] as const) {
      const caller = await api.as(role);
      expect((await caller('GET', '/api/v1/webhooks')).status, role).toBe(403);
      expect((await make({}, caller)).status, role).toBe(403);
    }
    expect((await make({}, await api.asKey(['webhooks:update']))).text).toContain('timeline:read');
    expect((await make({}, await api.asKey(['webhooks:update', 'timeline:read']))).status).toBe(201);
    expect((await make({}, await api.asKey(['webhooks:read', 'timeline:read']))).status).toBe(403);
  });

  it('knows no webhook of another tenant', async () => {
    const stranger = await api.as('admin', await api.addTenant('strangers'));
    const id = idOf(await make());
    const since = new Date().toISOString();
    const requests: [string, string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { description: 'mine' }],
      ['DELETE', ''],
      ['POST', '/rotate-secret'],
      ['POST', '/ping'],
      ['GET', '/deliveries'],
      ['POST', '/replay', { since }],
    ];
    for (const [method, suffix, body] of requests) {
      const options = body === undefined ? {} : { body };
      const foreign = await stranger(method, `/api/v1/webhooks/${id}${suffix}`, options);
      expect(foreign, `${method} ${suffix}`).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await stranger('GET', '/api/v1/webhooks')).body).toMatchObject({ items: [] });
    expect((await admin('GET', `/api/v1/webhooks/${id}`)).body).toMatchObject({ description: '', status: 'active' });
  });

  it('are no more than fifty', async () => {
    const tenantId = await api.addTenant(`many-${randomUUID()}`);
    await api.database.query(
      `insert into webhook_endpoints (tenant_id, url, sealed_secret)
       select $1, 'https://example.com/', 'sealed' from generate_series(1, 48)`,
      [tenantId],
    );
    const one = await api.as('admin', tenantId);
    const answers = await Promise.all(Array.from({ length: 4 }, () => make({}, one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
  });
});
