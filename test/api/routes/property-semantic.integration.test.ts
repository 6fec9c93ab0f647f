import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddingActivities } from '../../../src/activities/platform/embeddings.ts';
import { setBudget } from '../../../src/db/queries/budgets.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { createEmbedder } from '../../../src/http/embeddings.ts';
import { runActivity } from '../../activities/platform/bench.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

/** A model of words alone: each word has a direction of its own, so texts with common words are near. */
function vectorOf(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0.001);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    const bytes = createHash('sha512').update(word).digest();
    for (let n = 0; n < 24; n += 1) vector[bytes.readUInt16LE(n * 2) % dimensions]! += n % 2 === 0 ? 1 : -1;
  }
  return vector;
}

const seen: { input: string[]; model: string; authorization: string | undefined }[] = [];
const server = { dimensions: 384, status: 200 };
let listening: Server;
let url: string;
let api: TestApi;
const http = createHttpClient({ userAgent: 'test', trustedOrigins: () => [url] });
const embedderOf = () => createEmbedder(http, { url: `${url}/v1`, apiKey: 'k', model: 'words-384' });

beforeAll(async () => {
  listening = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const asked = JSON.parse(body) as { input: string[]; model: string };
    seen.push({ ...asked, authorization: request.headers.authorization });
    response.writeHead(request.url === '/v1/embeddings' ? server.status : 404, { 'content-type': 'application/json' });
    const data = asked.input.map((text, index) => ({ index, embedding: vectorOf(text, server.dimensions) })).reverse();
    response.end(JSON.stringify({ data, usage: { total_tokens: asked.input.length * 100 } }));
  });
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  api = await createTestApi({ embedder: embedderOf() });
});
afterAll(async () => {
  await api.close();
  await new Promise((done) => listening.close(done));
});

async function house(tenantId: string, remarks: string | null, city = 'Renton'): Promise<string> {
  const [row] = await api.database.query<{ id: string }>(
    `insert into properties (tenant_id, id, county_fips, status, city, public_remarks)
     values ($1, gen_random_uuid(), '53033', 'ready', $2, $3) returning id`,
    [tenantId, city, remarks],
  );
  return row!.id;
}
const embed = (tenantId: string, millionTokensMicros = 0) =>
  runActivity(
    createEmbeddingActivities({
      db: api.database.db,
      clock: () => new Date(),
      embeddings: { embedder: embedderOf(), millionTokensMicros },
    }).embedProperties,
    { tenantId },
  );

describe('search by meaning', () => {
  it('finds what is nearest within the filters and the tenant, and makes each vector once', async () => {
    const { tenantId } = api.database;
    const other = await api.addTenant('other');
    const barn = await house(tenantId, 'Old barn with horse pasture');
    const stable = await house(tenantId, 'Horse pasture and a stable', 'Kent');
    const loft = await house(tenantId, 'Downtown loft with skyline windows');
    await house(tenantId, null);
    const foreign = await house(other, 'Horse pasture, barn and stable');
    expect([await embed(tenantId), await embed(other)]).toEqual([3, 1]);
    const calls = seen.length;
    expect(await embed(tenantId)).toBe(0);
    expect(seen).toHaveLength(calls);
    expect(seen[0]).toMatchObject({ model: 'words-384', authorization: 'Bearer k' });
    const ask = await api.as('viewer');
    const idsOf = async (query: string) => {
      const { body, status } = await ask('GET', `/api/v1/properties/semantic?${query}`);
      expect(status).toBe(200);
      return (body as { properties: { property: { id: string } }[] }).properties.map(({ property }) => property.id);
    };
    expect(await idsOf('semantic=barn+horse+pasture')).toEqual([barn, stable, loft]);
    expect(await idsOf('semantic=barn+horse+pasture&city=Kent')).toEqual([stable]);
    expect(await idsOf('semantic=skyline+loft&limit=1')).toEqual([loft]);
    expect(await idsOf('semantic=horse')).not.toContain(foreign);
    await api.database.query('update properties set public_remarks = $2 where id = $1', [loft, 'A barn for a horse']);
    expect(await embed(tenantId)).toBe(1);
    expect((await idsOf('semantic=barn+for+a+horse'))[0]).toBe(loft);
  });

  it('keeps to the budget and writes down what it cost', async () => {
    const tenantId = await api.addTenant('priced');
    await house(tenantId, 'One room');
    const micros = 20_000;
    expect(await embed(tenantId, micros)).toBe(0);
    await withTenant(api.database.db, tenantId, (trx) =>
      setBudget(trx, { resource: 'embeddings', period: 'month', limitMicros: 1_000_000, by: 'test' }),
    );
    expect(await embed(tenantId, micros)).toBe(1);
    expect(
      await api.database.query('select resource, kind, cost_micros, outcome from cost_ledger where tenant_id = $1', [
        tenantId,
      ]),
    ).toEqual([{ resource: 'embeddings', kind: 'model', cost_micros: 2, outcome: 'ok' }]);
  });

  it('says what is wrong with the model', async () => {
    const ask = await api.as('viewer');
    const answer = async () => {
      const { status, body } = await ask('GET', '/api/v1/properties/semantic?semantic=barn');
      return { status, detail: (body as { detail: string }).detail };
    };
    server.dimensions = 768;
    expect(await answer()).toEqual({
      status: 503,
      detail: `The embedding model words-384 at ${url}: its vectors have 768 dimensions; take one of 384.`,
    });
    server.dimensions = 384;
    server.status = 401;
    expect(await answer()).toMatchObject({ status: 503, detail: expect.stringContaining('it answered 401') });
    server.status = 200;
    expect((await ask('GET', '/api/v1/properties/semantic')).status).toBe(400);
  });
});

it('without a model, search by meaning says how to get one', async () => {
  const bare = await createTestApi();
  try {
    const ask = await bare.as('viewer');
    const { status, text } = await ask('GET', '/api/v1/properties/semantic?semantic=barn');
    expect([status, text]).toEqual([503, expect.stringContaining('REOS_EMBEDDINGS_URL')]);
  } finally {
    await bare.close();
  }
});
