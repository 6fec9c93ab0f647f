import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOOLS } from '../../src/intelligence/registry.ts';
import { createTestApi, type TestApi } from '../support/api.ts';

describe('the tools over the Model Context Protocol', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi({ clock: () => new Date('2026-03-10T12:00:00Z') });
    await api.database.query(
      `insert into mart.market_metrics (tenant_id, market, week, median_sale_price) values ($1, 'Boise, ID', '2026-03-02', 410000)`,
      [api.database.tenantId],
    );
  });
  afterAll(() => api.close());

  /** A client of the protocol whose requests go to the API in this process. */
  async function connect(credential: string): Promise<Client> {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL('http://reos.localhost/mcp'), {
      requestInit: { headers: { Authorization: `Bearer ${credential}` } },
      fetch: async (url, init) => api.app.request(url.toString(), init),
    });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    return client;
  }

  it('offers every tool, and answers with typed figures of the caller’s tenant', async () => {
    const client = await connect((await api.asKey(['properties:read'])).key);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    const answer = await client.callTool({ name: 'get_market_summary', arguments: { market: 'Boise, ID' } });
    expect(answer.structuredContent).toMatchObject({ data_through: '2026-03-02', figures: [{ value: 410_000 }] });
    await client.close();
  });

  it('says in words what is wrong, and stays open', async () => {
    const client = await connect((await api.asKey(['properties:read'])).key);
    await client.listTools();
    const wrong = await client.callTool({ name: 'get_market_summary', arguments: { market: '' } });
    expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('market') }] });
    const unknown = await client.callTool({ name: 'no_such_tool', arguments: {} });
    expect(unknown).toMatchObject({ isError: true });
    await client.close();
  });

  it('lets nobody write who may only read, and nobody in without a credential', async () => {
    const client = await connect((await api.asKey(['properties:read'])).key);
    const written = await client.callTool({
      name: 'log_recommendation',
      arguments: { tool: 't', recommendation: 'r', predicted_probability: 0.5 },
    });
    expect(written).toMatchObject({ isError: true });
    await client.close();
    expect((await api.anonymous('POST', '/mcp', { body: {} })).status).toBe(401);
    await expect(connect('reos_none')).rejects.toThrow();
  });
});
