import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

const told: unknown[][] = [];
let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({
    countySlug: () => 'king-wa',
    lifecycles: {
      start: async () => true,
      signal: async (_tenantId, propertyId, signal, payload) => {
        told.push([propertyId, signal, payload]);
      },
      request: async (lifecycle, update) => {
        told.push([lifecycle.propertyId, update, lifecycle.county]);
      },
      update: async (lifecycle, update, payload) => told.push([lifecycle.propertyId, update, payload]),
    },
  });
});
afterAll(() => api.close());

const addProperty = async (): Promise<string> => {
  const id = randomUUID();
  await api.database.query(
    `insert into properties (tenant_id, id, county_fips, status, field_sources) values ($1, $2, '53033', 'ready', '{}')`,
    [api.database.tenantId, id],
  );
  return id;
};

describe('orders to properties', () => {
  it('reach the workflow of the tenant’s own property', async () => {
    const ops = await api.as('ops');
    const id = await addProperty();
    const path = `/api/v1/properties/${id}`;
    expect(await ops('POST', `${path}/pause`, { body: {} })).toMatchObject({ status: 202, body: { property_id: id } });
    expect((await ops('POST', `${path}/outcome`, { body: { outcome: 'sold' } })).status).toBe(202);
    expect((await ops('POST', `${path}/outcome`, { body: {} })).status).toBe(400);
    expect((await ops('POST', `${path}/re-score`)).status).toBe(202);
    expect((await ops('POST', `${path}/re-memo`)).status).toBe(403);
    const admin = await api.as('admin');
    expect((await admin('POST', `${path}/re-memo`)).status).toBe(202);
    const unknown = { body: { campaign_id: randomUUID() } };
    expect((await admin('POST', `${path}/approve-outreach`, unknown)).status).toBe(404);
    expect(told).toEqual([
      [id, 'pause', undefined],
      [id, 'recordOutcome', { outcome: 'sold' }],
      [id, 'reScore', 'king-wa'],
      [id, 'reMemo', 'king-wa'],
    ]);
  });

  it('are not for viewers, nor for another tenant’s properties', async () => {
    const id = await addProperty();
    const before = told.length;
    expect((await (await api.as('viewer'))('POST', `/api/v1/properties/${id}/pause`, { body: {} })).status).toBe(403);
    const mine = await api.as('admin', await api.addTenant('order-others'));
    expect((await mine('POST', `/api/v1/properties/${id}/pause`, { body: {} })).status).toBe(404);
    expect((await mine('POST', `/api/v1/properties/${id}/re-enrich`)).status).toBe(404);
    expect(told).toHaveLength(before);
  });
});

describe('outreach', () => {
  it('is paused and resumed by channel, and tells how it stands', async () => {
    const ops = await api.as('ops');
    const body = { channel: 'email', reason: 'wrong price' };
    expect((await ops('POST', '/api/v1/outreach/pause', { body })).body).toEqual({ paused: ['email'] });
    expect((await ops('POST', '/api/v1/outreach/pause', { body })).body).toEqual({ paused: [] });
    expect((await ops('GET', '/api/v1/outreach/status')).body).toMatchObject({
      channels: [{ channel: 'email', paused: true, reason: 'wrong price' }, { paused: false }, { paused: false }],
      waiting: [],
    });
    expect((await ops('POST', '/api/v1/outreach/resume', { body: {} })).body).toEqual({ resumed: ['email'] });
    expect((await ops('GET', '/api/v1/messages?status=unknown')).body).toEqual({ items: [], next_cursor: null });
    const viewer = await api.as('viewer');
    expect((await viewer('POST', '/api/v1/outreach/pause', { body })).status).toBe(403);
    expect((await viewer('GET', '/api/v1/messages')).status).toBe(403);
  });
});
