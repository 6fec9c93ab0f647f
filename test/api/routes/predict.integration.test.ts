import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PriceDoor, PriceQuestion } from '../../../src/api/routes/predict.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { type Caller, createTestApi, type TestApi } from '../../support/api.ts';

const PROPERTY = '11111111-1111-4111-8111-111111111111';
const range = { low: 1, high: 2 };
const prediction = {
  predicted_price: 300_000,
  confidence: 0.8,
  interval: range,
  intervals: { '50': range, '80': range, '90': range },
  model_version: 'v1',
  as_of: '2026-03-01',
  raw_log: 12.6,
  base: 12,
  contributions: [{ feature: 'living_area', value: 1_000, contribution: 0.6 }],
  notes: [],
};

const asked: Array<{ tenantId: string; question: PriceQuestion }> = [];
let next: ReosError | undefined;
const prices: PriceDoor = {
  predict: async (tenantId, question) => {
    asked.push({ tenantId, question });
    if (next !== undefined) throw next;
    const predictions = (question.subjects ?? [undefined]).map((subject) =>
      subject !== undefined && subject.facts.sqft === null ? { error: 'LivingArea is needed' } : prediction,
    );
    return { market: 'king-wa', asOf: '2026-03-01', predictions };
  },
};

describe('the price endpoint', () => {
  let api: TestApi;
  let viewer: Caller;
  const call = (path: string, body?: unknown, as = viewer) =>
    as(body === undefined ? 'GET' : 'POST', `/api/v1/predict/price${path}`, body === undefined ? {} : { body });

  beforeAll(async () => {
    api = await createTestApi({ prices });
    viewer = await api.as('viewer');
  });
  afterAll(() => api.close());

  it('values one house by query and by body, for the tenant of the caller', async () => {
    asked.length = 0;
    expect(await call('?county=king-wa&sqft=1000')).toMatchObject({ status: 200, body: prediction });
    expect((await call('', { county: 'king-wa', square_meters: 100, as_of: '2026-01-01' })).status).toBe(200);
    expect(asked[0]).toMatchObject({
      tenantId: api.database.tenantId,
      question: { county: 'king-wa', isExplained: true },
    });
    expect(asked[1]?.question).toMatchObject({ asOf: '2026-01-01' });
  });

  it('values by the model of a market that is no county', async () => {
    asked.length = 0;
    expect((await call('?market=ames-sales&sqft=1000')).status).toBe(200);
    expect((await call('', { market: 'ames-sales', sqft: 1_000 })).status).toBe(200);
    expect((await call('', { market: 'ames-sales', properties: [{ sqft: 1_000 }] })).status).toBe(200);
    expect(asked.map(({ question }) => [question.market, question.county])).toEqual([
      ['ames-sales', undefined],
      ['ames-sales', undefined],
      ['ames-sales', undefined],
    ]);
  });

  it('takes columns of the source that the model knows', async () => {
    asked.length = 0;
    expect((await call('?county=king-wa&sqft=1000&extras.view=4')).status).toBe(200);
    expect(asked[0]?.question.subjects?.[0]?.extras).toEqual({ view: '4' });
  });

  it('values a stored property', async () => {
    asked.length = 0;
    expect((await call(`?property_id=${PROPERTY}`)).status).toBe(200);
    expect(asked[0]?.question).toMatchObject({ propertyId: PROPERTY });
    expect((await call(`?property_id=${PROPERTY}&sqft=9`)).body).toMatchObject({ status: 400, field: 'sqft' });
  });

  it('values a batch, a refusal in its place', async () => {
    const { body } = await call('', { county: 'king-wa', properties: [{ sqft: 1_000 }, { bedrooms: 2 }] });
    expect(body).toEqual({
      market: 'king-wa',
      as_of: '2026-03-01',
      predictions: [prediction, { error: 'LivingArea is needed' }],
    });
  });

  it('writes nothing into the audit log: it is a question', async () => {
    await call('', { county: 'king-wa', sqft: 1_000 });
    const rows = await api.database.query(`select 1 from audit_log where resource = 'predictPrices'`);
    expect(rows).toEqual([]);
  });

  it.each([
    ['an unknown fact', { county: 'king-wa', colour: 'red' }, 'colour'],
    ['a wrong value', { county: 'king-wa', sqft: 'x' }, 'sqft'],
    ['a wrong value in a batch', { properties: [{ sqft: 900 }, { sqft: 1 }] }, 'properties[1].sqft'],
    ['a house that is none', { properties: [7] }, 'properties.0'],
    ['no house', { properties: [] }, 'properties'],
    ['too many houses', { properties: Array.from({ length: 1_001 }, () => ({})) }, 'properties'],
    ['a word beside the batch', { properties: [{}], sqft: 1 }, 'sqft'],
    ['a date that is none', { county: 'king-wa', as_of: '2026-02-30' }, 'as_of'],
    ['a property id that is none', { property_id: 'x' }, 'property_id'],
  ])('answers %s with 400 and the field', async (_name, body, field) => {
    asked.length = 0;
    expect(await call('', body)).toMatchObject({ status: 400, body: { code: 'validation', field } });
    expect(asked).toEqual([]);
  });

  it('answers a body that is no object, and a house that cannot be valued, with 400', async () => {
    expect((await call('', [1])).status).toBe(400);
    expect((await call('?county=king-wa')).body).toMatchObject({ status: 400, detail: 'LivingArea is needed' });
  });

  it('passes on that there is no model, and no library', async () => {
    for (const [code, status] of [
      ['not_found', 404],
      ['missing_part', 503],
    ] as const) {
      next = new ReosError(code, 'why');
      expect((await call('?county=king-wa&sqft=1000')).status).toBe(status);
    }
    next = undefined;
  });

  it('asks for a credential, and for the right to read properties', async () => {
    asked.length = 0;
    expect((await call('?county=king-wa&sqft=1000', undefined, api.anonymous)).status).toBe(401);
    const other = await api.asKey(['webhooks:read']);
    expect((await call('', { county: 'king-wa', sqft: 1_000 }, other)).status).toBe(403);
    expect(asked).toEqual([]);
  });
});
