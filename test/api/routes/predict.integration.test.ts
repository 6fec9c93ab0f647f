import { describe, expect, it } from 'vitest';
import { signToken, type TokenClaims } from '../../../src/api/bearer.ts';
import type { PriceDoor, PriceQuestion } from '../../../src/api/routes/predict.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { apiDeps, createApi } from '../setup.ts';

const KEY = 'key of the tokens';
const TENANT = '11111111-1111-4111-8111-111111111111';
const NOW = new Date('2026-03-01T00:00:00Z');
const claims: TokenClaims = { tenantId: TENANT, scopes: ['predict'], expiresAt: NOW.getTime() / 1_000 + 60 };

function api(predict?: PriceDoor['predict']) {
  const asked: Array<{ tenantId: string; question: PriceQuestion }> = [];
  const prices: PriceDoor = {
    tokenKey: KEY,
    predict: async (tenantId, question) => {
      asked.push({ tenantId, question });
      if (predict !== undefined) return predict(tenantId, question);
      const predictions = (question.subjects ?? []).map(({ facts }) =>
        facts.sqft === null ? { error: 'LivingArea is needed' } : { predicted_price: facts.sqft * 300 },
      );
      return { market: 'king-wa', asOf: '2026-03-01', predictions };
    },
  };
  const app = createApi(apiDeps({ clock: () => NOW, prices }));
  const call = async (path: string, body?: unknown, token: string | null = signToken(KEY, claims)) => {
    const headers = {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const init = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    const response = await app.request(`/api/v1/predict/price${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { call, asked };
}

describe('the price endpoint', () => {
  it('values one house by query and by body, for the tenant of the token', async () => {
    const { call, asked } = api();
    expect(await call('?county=king-wa&sqft=1000')).toEqual({ status: 200, body: { predicted_price: 300_000 } });
    expect((await call('', { county: 'king-wa', square_meters: 100, as_of: '2026-01-01' })).status).toBe(200);
    expect(asked[0]).toMatchObject({ tenantId: TENANT, question: { county: 'king-wa', isExplained: true } });
    expect(asked[1]?.question).toMatchObject({ asOf: '2026-01-01' });
  });

  it('values a stored property', async () => {
    const { call, asked } = api(async () => ({ market: 'm', asOf: 'd', predictions: [{ predicted_price: 1 }] }));
    expect((await call(`?property_id=${TENANT}`)).status).toBe(200);
    expect(asked[0]?.question).toMatchObject({ propertyId: TENANT });
    expect((await call(`?property_id=${TENANT}&sqft=9`)).body).toMatchObject({ status: 400, field: 'sqft' });
  });

  it('values a batch, a refusal in its place', async () => {
    const { call } = api();
    const { body } = await call('', { county: 'king-wa', properties: [{ sqft: 1_000 }, { bedrooms: 2 }] });
    expect(body).toEqual({
      market: 'king-wa',
      as_of: '2026-03-01',
      predictions: [{ predicted_price: 300_000 }, { error: 'LivingArea is needed' }],
    });
  });

  it.each([
    ['an unknown fact', { county: 'king-wa', colour: 'red' }, 'colour'],
    ['a wrong value', { county: 'king-wa', sqft: 'x' }, 'sqft'],
    ['a wrong value in a batch', { properties: [{ sqft: 900 }, { sqft: 1 }] }, 'properties[1].sqft'],
    ['a house that is none', { properties: [7] }, 'properties[0]'],
    ['no house', { properties: [] }, 'properties'],
    ['too many houses', { properties: Array.from({ length: 1_001 }, () => ({})) }, 'properties'],
    ['a word beside the batch', { properties: [{}], sqft: 1 }, 'sqft'],
    ['a date that is none', { county: 'king-wa', as_of: '2026-02-30' }, 'as_of'],
    ['a property id that is none', { property_id: 'x' }, 'property_id'],
  ])('answers %s with 400 and the field', async (_name, body, field) => {
    const { call, asked } = api();
    const answer = await call('', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation', field } });
    expect(asked).toEqual([]);
  });

  it('answers a body that is no object, and a house that cannot be valued, with 400', async () => {
    const { call } = api();
    expect((await call('', [1])).status).toBe(400);
    expect((await call('?county=king-wa')).body).toMatchObject({ status: 400, detail: 'LivingArea is needed' });
  });

  it('passes on that there is no model, and no library', async () => {
    for (const [code, status] of [
      ['not_found', 404],
      ['missing_part', 503],
    ] as const) {
      const { call } = api(() => Promise.reject(new ReosError(code, 'why')));
      expect((await call('?county=king-wa&sqft=1000')).status).toBe(status);
    }
  });

  it.each([
    ['none', null],
    ['one of another installation', signToken('other key', claims)],
    ['an altered one', signToken(KEY, claims).replace('reos_', 'reos_A')],
    ['an expired one', signToken(KEY, { ...claims, expiresAt: NOW.getTime() / 1_000 })],
    ['nonsense', 'reos_e30.AAAA'],
  ])('refuses a token: %s', async (_name, token) => {
    const { call, asked } = api();
    expect((await call('?county=king-wa&sqft=1000', undefined, token)).status).toBe(401);
    expect((await call('', { properties: [{}] }, token)).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it('refuses a token for something else', async () => {
    const { call } = api();
    expect((await call('?sqft=1000', undefined, signToken(KEY, { ...claims, scopes: [] }))).status).toBe(403);
  });
});
