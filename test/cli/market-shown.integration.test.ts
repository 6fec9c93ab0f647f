import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../../src/api/serve.ts';
import { createApi } from '../../src/api/server.ts';
import { marketMetricRows } from '../../src/domain/market/world/mart-rows.ts';
import { createWorld } from '../../src/domain/market/world/world.ts';
import { periodOf, periodStart } from '../../src/intelligence/periods.ts';
import { TOOLS } from '../../src/intelligence/registry.ts';
import { readSettings } from '../../src/settings.ts';
import { createApiParts } from '../../src/workers/api.ts';
import { insertRows } from '../intelligence/support/twin-warehouses.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { reosJson } from '../support/cli.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from '../support/identity.ts';

const ROOT = join(import.meta.dirname, '../..');
let api: TestApi;
let parts: Awaited<ReturnType<typeof createApiParts>>;
let connection: Connection;
let server: Awaited<ReturnType<typeof serveApi>>;
let home: string;
let key: string;

/** The command line in a process of its own, against the server. */
const reos = (...args: string[]) => reosJson(home, [...args, '--api', server.url], { REOS_API_KEY: key });

describe('market questions from processes of their own', () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'reos market '));
    api = await createTestApi();
    const lastWeek = periodStart(periodOf(new Date().toISOString().slice(0, 10), 'week'), 'week', -1);
    const world = createWorld({ seed: 7, lastWeek, weeks: 104, markets: 6 });
    await insertRows(api.database, 'mart.market_metrics', marketMetricRows(world));
    connection = Connection.lazy({ address: '127.0.0.1:9' });
    const { db } = api.database;
    const given = { db, client: new Client({ connection }), publicUrl: 'http://127.0.0.1:9' };
    parts = await createApiParts(readSettings({ REOS_HOME: home }), pino({ level: 'silent' }), given);
    const unlimited = { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 };
    const auth = { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET };
    const app = createApi({ ...parts.deps, identity: testIdentity(), auth, limits: unlimited });
    server = await serveApi(app, { port: 0, host: '127.0.0.1' });
    ({ key } = await api.asKey(['*']));
  });
  afterAll(async () => {
    await server.close();
    parts.close();
    await connection.close();
    await api.close();
    await rm(home, { recursive: true, force: true });
  });

  it('offers every tool over standard input and output, answers one, and ends with its client', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(ROOT, 'bin/reos.js'), 'mcp', '--api', server.url],
      env: { PATH: process.env.PATH ?? '', REOS_HOME: home, REOS_API_KEY: key, REOS_LOG_LEVEL: 'warn' },
      stderr: 'ignore',
    });
    const client = new McpClient({ name: 'test', version: '1' });
    await client.connect(transport);
    const { pid } = transport;
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    const ranked = await client.callTool({ name: 'rank_all_markets', arguments: { limit: 2 } });
    expect(ranked.structuredContent).toMatchObject({ grain: 'week', total: 6, markets: [{ rank: 1 }, { rank: 2 }] });
    const wrong = await client.callTool({ name: 'get_market_summary', arguments: {} });
    expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('market') }] });
    await client.close();
    await expect.poll(() => isRunning(pid!), { timeout: 5_000 }).toBe(false);
  });

  it('prints rankings, surges and the briefing as JSON', async () => {
    expect(await reos('market', 'rank')).toMatchObject({ total: 6, markets: expect.any(Array) });
    expect(await reos('market', 'surges')).toMatchObject({ markets: 6, surges: expect.any(Array) });
    const made = await reos('briefing', 'run');
    expect(made).toMatchObject({ paths: expect.any(Array), packet_ids: expect.any(Array) });
    const day = /briefings\/\d{4}-\d{2}-\d{2}\.md$/;
    expect((made.paths as string[]).some((path) => day.test(path))).toBe(true);
    const again = await reos('briefing', 'run');
    expect(again.packet_ids).toEqual(made.packet_ids);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
