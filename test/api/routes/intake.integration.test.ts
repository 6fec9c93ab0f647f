import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { INTAKE_SOURCE, readStatedRows } from '../../../src/activities/discover/stated-rows.ts';
import type { LifecycleReference } from '../../../src/api/outreach-doors.ts';
import { openCounties } from '../../../src/config/county-index.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

interface Answer {
  job_id: string;
  stored: number;
  quarantined: number;
  new_properties: number;
  lifecycles_started: number;
  rows: Array<{
    index: number;
    status: string;
    property_id: string | null;
    is_new: boolean;
    lifecycle: string;
    reasons: Array<{ field: string; code: string }>;
  }>;
}

const HOUSE = { apn: '123456-0010', address: '12 Elm St', city: 'Seattle', state: 'WA', zip_code: '98103' };
let api: TestApi;
let started: LifecycleReference[] = [];

beforeAll(async () => {
  const counties = await openCounties('config');
  api = await createTestApi({
    counties,
    intakeDesk: { source: INTAKE_SOURCE, read: readStatedRows },
    lifecycles: {
      start: async (one) => {
        started.push(one);
        return true;
      },
      signal: async () => undefined,
      request: async () => undefined,
      update: async () => undefined,
    },
  });
});
afterAll(() => api.close());
beforeEach(() => {
  started = [];
});

async function post(body: unknown, tenantId?: string) {
  const analyst = await api.as('analyst', tenantId);
  const answer = await analyst('POST', '/api/v1/intake', { body });
  return { ...answer, body: answer.body as Answer & { code: string; detail: string; field?: string } };
}

describe('POST /api/v1/intake', () => {
  it('stores a row by parcel number and address, starts its lifecycle, and knows it the second time', async () => {
    const first = await post({ county: 'king-wa', rows: [HOUSE] });
    expect(first.status).toBe(201);
    const [row] = first.body.rows;
    expect(row).toMatchObject({ index: 0, status: 'stored', is_new: true, lifecycle: 'started', reasons: [] });
    expect(started).toEqual([
      expect.objectContaining({ propertyId: row!.property_id, county: 'king-wa', source: 'intake' }),
    ]);
    const viewer = await api.as('viewer');
    const property = await viewer('GET', `/api/v1/properties/${row!.property_id}`);
    expect(property.status).toBe(200);

    const again = await post({ county: '53033', rows: [HOUSE] });
    expect(again.body).toMatchObject({ stored: 1, new_properties: 0 });
    expect(again.body.rows[0]).toMatchObject({ property_id: row!.property_id, is_new: false });
  });

  it('tells each refused row with its reasons, keeps it in quarantine, and stores the others', async () => {
    const bad = { city: 'Seattle', list_price: -5 };
    const answer = await post({
      county: 'king-wa',
      rows: [bad, { ...HOUSE, apn: '123456-0020', address: '14 Elm St' }],
      start_lifecycles: false,
    });
    expect(answer.body).toMatchObject({ stored: 1, quarantined: 1, new_properties: 1, lifecycles_started: 0 });
    expect(answer.body.rows[0]).toMatchObject({
      index: 0,
      status: 'quarantined',
      property_id: null,
      lifecycle: 'none',
    });
    expect(answer.body.rows[0]!.reasons.map(({ field }) => field)).toContain('list_price');
    expect(answer.body.rows[1]).toMatchObject({ index: 1, status: 'stored', lifecycle: 'not_asked' });
    const kept = await api.database.query<{ source: string }>('select source from quarantine where job_id = $1', [
      answer.body.job_id,
    ]);
    expect(kept).toEqual([{ source: 'intake' }]);
    expect(started).toEqual([]);
  });

  it('starts nothing outside the tenant’s buy boxes', async () => {
    const tenantId = await api.addTenant('boxed');
    await api.database.query(
      `insert into buy_boxes (tenant_id, name, county_fips) values ($1, 'Texas alone', array['48201'])`,
      [tenantId],
    );
    const answer = await post({ county: 'king-wa', rows: [HOUSE] }, tenantId);
    expect(answer.body.rows[0]).toMatchObject({ status: 'stored', lifecycle: 'waiting' });
    expect(started).toEqual([]);
  });

  it('stores nothing when the plan allows fewer new properties', async () => {
    const tenantId = await api.addTenant('small');
    await api.database.query(`update tenants set plan = 'free' where id = $1`, [tenantId]);
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ address: `${from + i} Oak Ave`, city: 'Seattle', zip_code: '98103' }));
    expect((await post({ county: 'king-wa', rows: rows(1, 60), start_lifecycles: false }, tenantId)).status).toBe(201);
    const over = await post({ county: 'king-wa', rows: rows(1001, 60), start_lifecycles: false }, tenantId);
    expect(over.status).toBe(402);
    expect(over.body.code).toBe('quota_exceeded');
    const [count] = await api.database.query<{ n: number }>(
      'select count(*)::int as n from properties where tenant_id = $1',
      [tenantId],
    );
    expect(count!.n).toBe(60);
  });

  it('names an unknown county, a wrong key and too many rows', async () => {
    const county = await post({ county: 'nowhere', rows: [HOUSE] });
    expect(county.status).toBe(400);
    expect(county.body.field).toBe('county');
    expect((await post({ county: 'king-wa', rows: [{ ...HOUSE, colour: 'red' }] })).status).toBe(400);
    expect((await post({ county: 'king-wa', rows: Array(101).fill(HOUSE) })).status).toBe(400);
    const viewer = await api.as('viewer');
    const denied = await viewer('POST', '/api/v1/intake', { body: { county: 'king-wa', rows: [HOUSE] } });
    expect(denied.status).toBe(403);
  });
});
