import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/api/server.ts';
import { verifyAudit } from '../../../src/db/queries/audit-verify.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { apiDeps } from '../../api/setup.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

interface Entry {
  seq: number;
  actor_kind: string;
  actor_id: string;
  action: string;
  resource: string;
  outcome: string;
  request_id: string;
  detail: { fields: string[]; made?: string; code?: string };
}
let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const entriesOf = async (tenantId: string): Promise<Entry[]> => {
  const admin = await api.as('admin', tenantId);
  return ((await admin('GET', '/api/v1/audit')).body as { items: Entry[] }).items;
};

describe('the log', () => {
  it('is narrowed by who, what and when, page by page', async () => {
    const tenantId = await api.addTenant('audit-filters');
    const [one, two] = [await api.as('admin', tenantId), await api.as('admin', tenantId)];
    const tag = (who: typeof one, name: string) => who('POST', '/api/v1/tags', { body: { name } });
    await tag(one, 'first');
    await tag(two, 'second');
    await one('POST', '/api/v1/invitations', { body: { email: 'i@example.com', role: 'viewer' } });
    await tag(one, 'third');
    const list = async (query: string) =>
      ((await one('GET', `/api/v1/audit?${query}`)).body as { items: Entry[] }).items.map(({ seq }) => seq);
    expect(await list('')).toEqual([4, 3, 2, 1]);
    expect(await list(`actor=${one.userId}`)).toEqual([4, 3, 1]);
    expect(await list('action=users:update')).toEqual([3]);
    expect(await list('action=timeline:*')).toEqual([4, 2, 1]);
    expect(await list('action=time:*')).toEqual([]);
    expect(await list(`action=timeline:update&actor=${one.userId}`)).toEqual([4, 1]);
    const [entry] = await api.database.query<{ at: Date }>(
      'select at from audit_log where tenant_id = $1 and seq = 3',
      [tenantId],
    );
    const at = entry!.at.toISOString();
    expect(await list(`from=${at}`)).toEqual([4, 3]);
    expect(await list(`to=${at}`)).toEqual([2, 1]);
    expect(await list('from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z')).toEqual([]);
    const first = (await one('GET', `/api/v1/audit?actor=${one.userId}&limit=2`)).body as { next_cursor: string };
    expect(await list(`actor=${one.userId}&limit=2&cursor=${first.next_cursor}`)).toEqual([1]);
    for (const wrong of ['action=%25', 'action=users:', 'from=yesterday']) {
      expect([wrong, (await one('GET', `/api/v1/audit?${wrong}`)).status]).toEqual([wrong, 400]);
    }
    const stranger = await api.as('admin', await api.addTenant('audit-stranger'));
    expect((await stranger('GET', `/api/v1/audit?actor=${one.userId}`)).body).toMatchObject({ items: [] });
  });
});

describe('what is written down of requests', () => {
  it('has each write with who, what and which fields, and no values', async () => {
    const tenantId = await api.addTenant('audit-writes');
    const admin = await api.as('admin', tenantId);
    const made = await admin('POST', '/api/v1/tags', { body: { name: 'a secret name', color: '#112233' } });
    const { id } = made.body as { id: string };
    await admin('DELETE', `/api/v1/tags/${id}`);
    await admin('GET', '/api/v1/tags');
    const [removal, creation, ...rest] = await entriesOf(tenantId);
    expect(rest).toEqual([]);
    expect(creation).toMatchObject({
      seq: 1,
      actor_kind: 'user',
      actor_id: admin.userId,
      action: 'timeline:update',
      resource: 'createTag',
      outcome: 'ok',
      request_id: made.headers.get('X-Request-Id'),
      detail: { fields: ['name', 'color'], made: id },
    });
    expect(JSON.stringify(creation)).not.toContain('a secret name');
    expect(removal).toMatchObject({ seq: 2, resource: `deleteTag:${id}`, outcome: 'ok' });
  });

  it('has a refused request though nothing of it is kept, and the decision', async () => {
    const tenantId = await api.addTenant('audit-refusals');
    const viewer = await api.as('viewer', tenantId);
    expect((await viewer('POST', '/api/v1/tags', { body: { name: 'x' } })).status).toBe(403);
    expect((await viewer('GET', '/api/v1/audit')).status).toBe(403);
    const entries = await entriesOf(tenantId);
    expect(entries.map(({ resource, outcome, detail }) => [resource, outcome, detail.code])).toEqual([
      ['listAudit', 'refused', 'forbidden'],
      ['createTag', 'refused', 'forbidden'],
    ]);
    const decisions = await api.database.query(
      'select actor, action, resource, allow from policy_decisions where tenant_id = $1 order by resource',
      [tenantId],
    );
    expect(decisions).toEqual([
      { actor: viewer.userId, action: 'timeline:update', resource: 'createTag', allow: false },
      { actor: viewer.userId, action: 'audit:read', resource: 'listAudit', allow: false },
    ]);
  });

  it('has a repeated write once, and none that came to nothing', async () => {
    const tenantId = await api.addTenant('audit-repeats');
    const admin = await api.as('admin', tenantId);
    const headers = { 'Idempotency-Key': 'same' };
    for (let n = 0; n < 2; n += 1) await admin('POST', '/api/v1/tags', { body: { name: 'once' }, headers });
    expect((await admin('POST', '/api/v1/tags', { body: { name: 'once' } })).status).toBe(409);
    expect((await admin('DELETE', `/api/v1/tags/${randomUUID()}`)).status).toBe(404);
    expect(await entriesOf(tenantId)).toHaveLength(1);
    const decisions = await api.database.query('select allow from policy_decisions where tenant_id = $1', [tenantId]);
    // The first and its repetition; what came to nothing took its decision with it.
    expect(decisions).toEqual([{ allow: true }, { allow: true }]);
  });

  it('pages through the tenant’s own entries and is whole', async () => {
    const tenantId = await api.addTenant('audit-pages');
    const admin = await api.as('admin', tenantId);
    await Promise.all(Array.from({ length: 7 }, (_, n) => admin('POST', '/api/v1/tags', { body: { name: `t${n}` } })));
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/api/v1/audit?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`;
      const page = (await admin('GET', path)).body as { items: Entry[]; next_cursor: string | null };
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await withTenant(api.database.db, tenantId, verifyAudit)).toMatchObject({ ok: true, entries: 7 });
  });
});

describe('rates', () => {
  it('answers 429 with headers when the plan’s requests are used up, other tenants untouched', async () => {
    const limits = { tenant: { free: 2, professional: 5, enterprise: 5 }, address: 5 };
    const app = createApi(apiDeps({ db: api.database.db, limits }));
    const ask = (token: string) => app.request('/api/v1/tags', { headers: { Authorization: `Bearer ${token}` } });
    const tenantId = await api.addTenant('rates');
    await api.database.query(`update tenants set plan = 'free' where id = $1`, [tenantId]);
    const { token } = await api.as('viewer', tenantId);
    const other = await api.as('viewer', await api.addTenant('rates-other'));
    await ask(token);
    const last = await ask(token);
    expect([last.status, last.headers.get('RateLimit-Limit'), last.headers.get('RateLimit-Remaining')]).toEqual([
      200,
      '2',
      '0',
    ]);
    const over = await ask(token);
    expect([over.status, over.headers.get('Content-Type')]).toEqual([429, 'application/problem+json']);
    expect(Number(over.headers.get('Retry-After'))).toBe(Number(over.headers.get('RateLimit-Reset')));
    expect(await over.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    expect((await ask(other.token)).status).toBe(200);
  });
});
