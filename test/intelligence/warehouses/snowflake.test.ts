import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/http/types.ts';
import { marketSeries } from '../../../src/intelligence/readings/market-series.ts';
import { type SnowflakeSettings, snowflakeWarehouse } from '../../../src/intelligence/warehouses/snowflake.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const settings: SnowflakeSettings = {
  account: 'org-one',
  user: 'reader',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  database: 'HOMES',
  warehouse: 'SMALL',
};
const TENANT = '11111111-1111-4111-8111-111111111111';
const NOW = new Date('2026-03-10T12:00:00Z');
const question = {
  metrics: ['median_sale_price'],
  market: 'Boise, ID',
  segment: 'all',
  grain: 'week',
  from: '2026-01-01',
  to: '2026-03-10',
} as const;

/** A warehouse whose server gives these answers, one after another, and what it was asked. */
function scene(...answers: Array<{ status: number; body: unknown }>) {
  const asked: HttpRequest[] = [];
  const http = {
    fetch: async (request: HttpRequest) => {
      asked.push(request);
      const { status, body } = answers[asked.length - 1]!;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, headers: {}, body: Buffer.from(text), url: request.url, simulated: false };
    },
  };
  const deps = { http, clock: () => NOW, sleep: async () => undefined };
  return { warehouse: snowflakeWarehouse(deps, settings, TENANT), asked };
}

const meta = {
  rowType: [
    { name: 'MARKET', type: 'text' },
    { name: 'WEEKS', type: 'array' },
    { name: 'M0', type: 'array' },
  ],
};
const row = ['Boise, ID', '["2026-03-02","2026-03-09"]', '[400000.5,null]'];

describe('Snowflake as the warehouse', () => {
  it('asks one statement with bound values, of the tenant alone, and reads typed rows', async () => {
    const { warehouse, asked } = scene({
      status: 200,
      body: { statementHandle: 'a1', resultSetMetaData: meta, data: [row] },
    });
    expect(await warehouse.read(marketSeries, question)).toEqual([
      { market: 'Boise, ID', weeks: ['2026-03-02', '2026-03-09'], values: [[400_000.5, null]] },
    ]);
    const body = JSON.parse(String(asked[0]?.body));
    expect(asked[0]?.url).toBe('https://org-one.snowflakecomputing.com/api/v2/statements');
    expect(body).toMatchObject({ database: 'HOMES', warehouse: 'SMALL' });
    expect(body.statement).toContain('(SELECT * FROM mart.market_metrics WHERE tenant_id = CAST(? AS VARCHAR))');
    expect(body.statement).not.toContain('Boise');
    const values = Object.values(body.bindings as Record<string, { value: string }>).map(({ value }) => value);
    expect(body.statement.match(/\?/g)).toHaveLength(values.length);
    // The text has its placeholders in the order in which they were bound.
    expect(values).toEqual([TENANT, 'week', 'all', 'Boise, ID', '2026-01-01', '2026-03-10']);
  });

  it('signs in by key pair, as the account and user in capitals', async () => {
    const { warehouse, asked } = scene({
      status: 200,
      body: { statementHandle: 'a1', resultSetMetaData: meta, data: [] },
    });
    await warehouse.read(marketSeries, question);
    const token = String(asked[0]?.headers?.authorization).replace('Bearer ', '');
    const { payload } = await jwtVerify(token, createPublicKey(privateKey), { currentDate: NOW });
    expect(payload.sub).toBe('ORG-ONE.READER');
    expect(payload.iss).toMatch(/^ORG-ONE\.READER\.SHA256:[A-Za-z0-9+/]{43}=$/);
  });

  it('waits for a statement that takes its time, and reads every part of a long answer', async () => {
    const { warehouse, asked } = scene(
      { status: 202, body: { statementHandle: 'a1' } },
      {
        status: 200,
        body: { statementHandle: 'a1', resultSetMetaData: { ...meta, partitionInfo: [{}, {}] }, data: [row] },
      },
      { status: 200, body: { data: [row] } },
    );
    expect(await warehouse.read(marketSeries, question)).toHaveLength(2);
    expect(asked.map(({ url }) => url.split('/statements')[1])).toEqual(['', '/a1', '/a1?partition=1']);
  });

  it.each([
    [401, { code: '390144', message: 'JWT token is invalid.' }, 'auth_revoked'],
    [422, { code: '002003', message: 'Object does not exist.' }, 'missing_part'],
    [503, '<html>', 'transient'],
  ])('says what the account answered: %s', async (status, body, code) => {
    const { warehouse } = scene({ status, body });
    await expect(warehouse.read(marketSeries, question)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('org-one'),
    });
  });
});
