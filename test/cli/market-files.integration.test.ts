import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { writeRunningSystem } from '../../src/runtime/state.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let other: Awaited<ReturnType<typeof createEmptyDatabase>>;
const folder = mkdtempSync(join(tmpdir(), 'reos market files '));
beforeAll(async () => {
  database = await createTestDatabase();
  other = await createEmptyDatabase();
  writeRunningSystem(reosHome(join(folder, 'home')), {
    databaseUrl: database.url,
    temporalAddress: '127.0.0.1:1',
    temporalUiUrl: null,
    apiUrl: null,
    parts: [],
  });
});
afterAll(async () => {
  await other.drop();
  await database.close();
  rmSync(folder, { recursive: true });
});

async function reos(args: string[], more: NodeJS.ProcessEnv = {}) {
  let stdout = '';
  const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => undefined } };
  const env = { ...process.env, REOS_HOME: join(folder, 'home'), REOS_LOG_LEVEL: 'silent', ...more };
  const code = await main([...args, '--json'], streams, env);
  return { code, json: JSON.parse(stdout) };
}

async function writeParquet(path: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

describe('Parquet', () => {
  it('loads as a CSV file does, with its rows as references', async () => {
    const path = join(folder, 'metro_tracker.parquet');
    await writeParquet(
      path,
      `select * from (values
        (date '2024-01-01', date '2024-01-31', 30, 'metro', 'Quillfeather, OR metro area', 410000.5, null::double),
        (date '2024-02-01', date '2024-02-29', 30, 'metro', 'Quillfeather, OR metro area', 412000.25, 37.0)
      ) t(period_begin, period_end, period_duration, region_type, region, median_sale_price, median_dom)`,
    );
    const { code, json } = await reos(['market', 'load', path]);
    expect(code).toBe(0);
    expect(json.files).toMatchObject([{ layout: 'redfin_tracker', values: 3, values_missing: 1, mart_rows: 2 }]);
    const rows = await database.query(
      `select value, row_reference from raw.published_metrics where metric = 'median_sale_price' order by period`,
    );
    expect(rows).toEqual([
      { value: 410000.5, row_reference: 'metro_tracker.parquet:1' },
      { value: 412000.25, row_reference: 'metro_tracker.parquet:2' },
    ]);
    expect((await reos(['market', 'load', path])).json.files[0].status).toBe('repeated');
  });

  it('is a warehouse: tables of a folder answer without Postgres', async () => {
    const tables = mkdtempSync(join(folder, 'tables '));
    await writeParquet(
      join(tables, 'market_metrics.parquet'),
      `select 'Quillfeather, OR' as market, 'all' as segment, 'month' as grain,
         (date '2023-01-01' + to_months(m))::date as week, 400000.0 + 1000 * m as median_sale_price, 50.0 as homes_sold
       from range(14) r(m)`,
    );
    const { json } = await reos([
      'market',
      'get-market-summary',
      '--market',
      'Quillfeather, OR',
      '--as-of',
      '2024-03-05',
      '--files',
      tables,
    ]);
    expect(json).toMatchObject({ grain: 'month', data_through: '2024-02-01' });
    // 413,000 against 401,000 of February 2023.
    expect(json.figures[0]).toMatchObject({ metric: 'median_sale_price', value: 413_000, change_year: 413 / 401 - 1 });
  });

  it('that is damaged is refused with its name', async () => {
    const path = join(folder, 'broken.parquet');
    writeFileSync(path, 'PAR1 but nothing else');
    const { code, json } = await reos(['market', 'load', path]);
    expect(code).not.toBe(0);
    expect(JSON.stringify(json)).toMatch(/broken\.parquet is no Parquet file that can be read/);
  });
});

describe('reos market pull', () => {
  it('brings what is new, once, and names a source that fails', async () => {
    const [tenant] = await database.query<{ slug: string }>('select slug from tenants');
    const client = new pg.Client({ connectionString: other.adminUrl });
    await client.connect();
    await client.query(
      `drop table if exists offers; create table offers (id text, at timestamptz(3)); insert into offers values ('o1', '2026-03-01')`,
    );
    await client.end();
    const source = (name: string, table: string) => `
  - name: ${name}
    tenant: ${tenant!.slug}
    kind: sql
    url: "${other.adminUrl}"
    tls: "off"
    feed: offer_events
    query: select id as event_id, 'h' as property_ref, 'Quillfeather, OR' as market, 300000 as offer_price, at as offered_at, at from ${table}
    cursor: { column: at, overlap_seconds: 0 }`;
    const path = join(folder, 'sources.yaml');
    writeFileSync(path, `sources:${source('crm', 'offers')}${source('gone', 'no_such_table')}\n`);
    const env = { MARKET_SOURCES: path };
    const first = await reos(['market', 'pull', 'crm'], env);
    expect(first).toMatchObject({ code: 0, json: { sources: [{ source: 'crm', rows: 1, kept: 1, problem: null }] } });
    const both = await reos(['market', 'pull'], env);
    expect(both).toMatchObject({
      code: 1,
      json: {
        sources: [
          { source: 'crm', kept: 0 },
          { source: 'gone', problem: expect.stringMatching(/no_such_table/) },
        ],
      },
    });
    const unknown = await reos(['market', 'pull', 'nowhere'], env);
    expect(unknown.code).not.toBe(0);
    expect(JSON.stringify(unknown.json)).toMatch(/no source nowhere.*crm, gone/);
    expect(JSON.stringify((await reos(['market', 'pull'], { MARKET_SOURCES: undefined })).json)).toMatch(
      /MARKET_SOURCES/,
    );
  });
});
