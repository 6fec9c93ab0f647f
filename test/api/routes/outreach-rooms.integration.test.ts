import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/api/server.ts';
import { createLocalStore } from '../../../src/storage/local-store.ts';
import { createTemplateDoors } from '../../../src/workers/api-templates.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addTestContact, TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { apiDeps } from '../setup.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
let api: TestApi;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'reos-rooms-'));
  const storage = createLocalStore({
    directory: join(home, 'store'),
    publicUrl: 'http://localhost',
    signer: { secret: 'x'.repeat(32) },
  });
  api = await createTestApi();
  api.app = createApi(
    apiDeps({
      db: api.database.db,
      ...createTemplateDoors({ configDir: 'config', home }, { storage }),
      links: {
        sign: async (key, options) => ({
          url: await storage.signedUrl(key, options),
          expiresAt: new Date('2026-02-01T00:00:00Z'),
        }),
      },
      paidResources: ['sendgrid'],
      sealer: TEST_CONTACT_KEYS.sealer,
    }),
  );
});
afterAll(async () => {
  await api.close();
  await rm(home, { recursive: true, force: true });
});

async function ask(
  role: 'admin' | 'ops' | 'analyst' | 'viewer',
  method: string,
  path: string,
  body?: unknown,
  tenantId?: string,
) {
  const { token } = await api.as(role, tenantId);
  const response = await api.app.request(path, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as any, text };
}

describe('/api/v1/suppressions', () => {
  it('suppresses once, finds it by its address, and takes it off with a reason', async () => {
    const body = { channel: 'email', addresses: ['Ada@Example.com', 'ada@example.com', 'bob@example.com'] };
    expect((await ask('ops', 'POST', '/api/v1/suppressions', body)).body).toEqual({ addresses: 2, suppressed: 2 });
    expect((await ask('ops', 'POST', '/api/v1/suppressions', body)).body).toEqual({ addresses: 2, suppressed: 0 });
    const found = await ask('ops', 'GET', '/api/v1/suppressions?channel=email&address=ADA%40example.com');
    expect(found.body.items).toHaveLength(1);
    expect(found.body.items[0]).toMatchObject({ channel: 'email', reason: 'manual', source: 'api', contact: null });
    const first = await ask('ops', 'GET', '/api/v1/suppressions?limit=1');
    const second = await ask('ops', 'GET', `/api/v1/suppressions?limit=1&cursor=${first.body.next_cursor}`);
    expect(second.body.next_cursor).toBeNull();
    expect(second.body.items[0].address_hash).not.toBe(first.body.items[0].address_hash);
    const remove = { channel: 'email', address: 'ada@example.com', reason: 'typed by mistake' };
    expect((await ask('ops', 'POST', '/api/v1/suppressions/remove', remove)).body).toEqual({
      channel: 'email',
      removed: true,
    });
    expect((await ask('ops', 'POST', '/api/v1/suppressions/remove', remove)).status).toBe(404);
  });

  it('keeps what people asked for themselves, and names what is no address', async () => {
    const body = { channel: 'sms', addresses: ['206 555 0100'], reason: 'unsubscribed' };
    expect((await ask('ops', 'POST', '/api/v1/suppressions', body)).status).toBe(201);
    const remove = { channel: 'sms', address: '+12065550100', reason: 'we would like to' };
    expect((await ask('ops', 'POST', '/api/v1/suppressions/remove', remove)).status).toBe(409);
    expect((await ask('ops', 'GET', '/api/v1/suppressions?channel=sms&address=2065550100')).body.items).toHaveLength(1);
    const wrong = await ask('ops', 'POST', '/api/v1/suppressions', { channel: 'email', addresses: ['nobody'] });
    expect([wrong.status, wrong.body.field]).toEqual([400, 'addresses.0']);
    expect((await ask('viewer', 'GET', '/api/v1/suppressions')).status).toBe(403);
    const other = await api.addTenant('rooms-two');
    expect((await ask('ops', 'GET', '/api/v1/suppressions', undefined, other)).body.items).toEqual([]);
  });
});

describe('/api/v1/budgets', () => {
  it('sets, lists and removes; only an admin may', async () => {
    const set = await ask('admin', 'PUT', '/api/v1/budgets/sendgrid/day', { limit: 2.5 });
    expect(set.body).toEqual({ resource: 'sendgrid', period: 'day', limit: 2.5, spent: 0, left: 2.5 });
    expect((await ask('admin', 'GET', '/api/v1/budgets')).body.items).toContainEqual(set.body);
    expect((await ask('admin', 'PUT', '/api/v1/budgets/nobody/day', { limit: 1 })).status).toBe(400);
    expect((await ask('ops', 'PUT', '/api/v1/budgets/sendgrid/day', { limit: 9 })).status).toBe(403);
    expect((await ask('admin', 'DELETE', '/api/v1/budgets/sendgrid/day')).status).toBe(204);
    expect((await ask('admin', 'DELETE', '/api/v1/budgets/sendgrid/day')).status).toBe(404);
  });
});

describe('/api/v1/templates', () => {
  it('shows the product’s, stores an own version, previews both and goes back', async () => {
    const list = await ask('ops', 'GET', '/api/v1/templates?kind=email');
    const { name } = list.body.items[0];
    expect(list.body.items[0]).toMatchObject({ kind: 'email', source: 'product', version: null });
    const product = await ask('ops', 'GET', `/api/v1/templates/email/${name}`);
    const parts = { ...product.body.parts, txt: `${product.body.parts.txt}\nA line of our own.\n` };
    const saved = await ask('ops', 'PUT', `/api/v1/templates/email/${name}`, { parts });
    expect(saved.body, saved.text).toMatchObject({ version: 1, is_new: true });
    expect((await ask('ops', 'PUT', `/api/v1/templates/email/${name}`, { parts })).body).toMatchObject({
      version: 1,
      is_new: false,
    });
    const preview = await ask('ops', 'POST', `/api/v1/templates/email/${name}/preview`, {});
    expect(preview.body.version).toBe(1);
    expect(preview.body.parts.txt).toContain('A line of our own.');
    expect(preview.body.parts.html).toContain('<html');
    expect((await ask('ops', 'GET', `/api/v1/templates/email/${name}/versions`)).body.items).toHaveLength(1);
    expect((await ask('ops', 'DELETE', `/api/v1/templates/email/${name}`)).status).toBe(204);
    expect((await ask('ops', 'GET', `/api/v1/templates/email/${name}`)).body.source).toBe('product');
    expect((await ask('ops', 'GET', `/api/v1/templates/email/${name}?version=1`)).status).toBe(404);
  });

  it('refuses a template that does not compile, as the caller’s to mend', async () => {
    const wrong = await ask('ops', 'PUT', '/api/v1/templates/sms/mine', {
      parts: { 'sms.txt': 'Hello {{no_such_field}}' },
    });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'validation']);
    expect(wrong.body.detail).toContain('no_such_field');
  });

  it('previews a memo as HTML', async () => {
    const preview = await ask('ops', 'POST', '/api/v1/templates/memo/investor-memo/preview', {});
    expect(preview.status, preview.text.slice(0, 300)).toBe(200);
    expect(preview.body.parts.html).toContain('(sample)');
  });
});

describe('/api/v1/branding', () => {
  it('changes what is named, takes away what is null, and shows the logo by a link', async () => {
    const set = await ask('admin', 'PUT', '/api/v1/branding', {
      company_name: 'Harbor Street',
      accent_color: '#7A1F3D',
      logo: PNG,
    });
    expect(set.body, set.text).toMatchObject({ company_name: 'Harbor Street', accent_color: '#7a1f3d' });
    expect(set.body.logo_url).toMatch(/\/files\/tenants\/.*\/branding\//);
    const less = await ask('admin', 'PUT', '/api/v1/branding', { accent_color: null, logo: null });
    expect(less.body).toMatchObject({ company_name: 'Harbor Street', accent_color: null, logo_url: null });
    const wrong = await ask('admin', 'PUT', '/api/v1/branding', { email: 'nobody' });
    expect([wrong.status, wrong.body.field]).toEqual([400, 'email']);
    const variants = await ask('admin', 'PUT', '/api/v1/branding', {
      memo_variants: [{ name: 'none-such', weight: 1 }],
    });
    expect(variants.status).toBe(404);
    expect((await ask('admin', 'PUT', '/api/v1/branding', { logo: 'AAAA' })).status).toBe(400);
  });
});

describe('documents and the outbox', () => {
  it('shows messages, unknown sends and memos of the tenant alone', async () => {
    const { tenantId } = api.database;
    const [propertyId, sendId, campaignId] = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [
      string,
      string,
      string,
    ];
    const contactId = await addTestContact(api.database.db, tenantId, { name: 'Ada Byron' });
    // As a replica no check of what a contact or campaign must have runs.
    await api.database.query(`begin; set local session_replication_role = replica;
      insert into properties (tenant_id, id, county_fips, status, address) values ('${tenantId}', '${propertyId}', '53033', 'scored', '1 Elm St');
      insert into campaigns (tenant_id, id, name, needs_approval, max_per_run, weekly_cap_per_recipient, sender, postal_address, kind, status)
        values ('${tenantId}', '${campaignId}', 'Spring', false, 10, 10, '{}', '1 Example Way', 'investor', 'active');
      insert into outreach_messages (tenant_id, send_id, contact_id, property_id, campaign_id, step, channel, status, unsubscribe_token, sending_at)
        values ('${tenantId}', '${sendId}', '${contactId}', '${propertyId}', '${campaignId}', 1, 'email', 'unknown', 'token', now());
      insert into action_packets (tenant_id, property_id, score_id, template_version, path, sha256, bytes, pages)
        values ('${tenantId}', '${propertyId}', gen_random_uuid(), '1', 'tenants/${tenantId}/memos/${'a'.repeat(64)}.pdf', '${'a'.repeat(64)}', 10, 2);
      commit;`);
    await mkdir(join(home, 'outbox', tenantId), { recursive: true });
    await writeFile(join(home, 'outbox', tenantId, `2026-01-01-${sendId}.eml`), 'Subject: Hello\n');
    const other = await api.addTenant('rooms-three');

    const list = await ask('ops', 'GET', '/api/v1/outbox?status=unknown');
    expect(list.body.items, list.text).toEqual([
      expect.objectContaining({ send_id: sendId, contact: 'Ada Byron', address: '1 Elm St' }),
    ]);
    const one = await ask('ops', 'GET', `/api/v1/outbox/${sendId}`);
    expect(one.body.files).toEqual([{ name: `2026-01-01-${sendId}.eml`, bytes: 15, text: 'Subject: Hello\n' }]);
    expect((await ask('ops', 'GET', `/api/v1/outbox/${sendId}`, undefined, other)).status).toBe(404);

    const documents = await ask('analyst', 'GET', `/api/v1/properties/${propertyId}/documents`);
    expect(documents.body.items).toEqual([
      expect.objectContaining({ property_id: propertyId, pages: 2, status: 'generated', bird_dog_score: null }),
    ]);
    const [{ id, url }] = documents.body.items;
    expect(url).toContain('/files/tenants/');
    expect((await ask('analyst', 'GET', `/api/v1/documents/${id}`)).status).toBe(200);
    expect((await ask('analyst', 'GET', '/api/v1/documents?status=superseded')).body.items).toEqual([]);
    for (const path of [`properties/${propertyId}/documents`, `documents/${id}`]) {
      expect((await ask('analyst', 'GET', `/api/v1/${path}`, undefined, other)).status).toBe(404);
    }
    expect((await ask('ops', 'GET', '/api/v1/documents')).status).toBe(403);

    const unknowns = await ask('ops', 'GET', '/api/v1/outreach/unknowns');
    expect(unknowns.body.items, unknowns.text).toEqual([
      expect.objectContaining({ send_id: sendId, campaign: 'Spring' }),
    ]);
    const settle = `/api/v1/outreach/unknowns/${sendId}/settle`;
    expect((await ask('ops', 'POST', settle, { as: 'error', note: 'x' }, other)).status).toBe(404);
    expect((await ask('ops', 'POST', settle, { as: 'error', note: ' ' })).status).toBe(400);
    expect((await ask('ops', 'POST', settle, { as: 'error', note: 'not in its feed' })).body).toMatchObject({
      settled: true,
    });
    expect((await ask('ops', 'POST', settle, { as: 'error', note: 'again' })).body).toMatchObject({ settled: false });
    expect((await ask('ops', 'POST', settle, { as: 'sent', note: 'no' })).status).toBe(409);
  });
});
