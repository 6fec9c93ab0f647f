import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createDiscoverActivities,
  type DiscoverInput,
  type SourceSelection,
} from '../../../src/activities/discover/discover.ts';
import { startFsboSite } from '../../../src/demo/fsbo-site/site.ts';
import { generateSample } from '../../../src/demo/sample.ts';
import { footprint, newTenant } from '../../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { benchDeps, runActivity } from '../platform/bench.ts';

let home: TestDatabase;
let t: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());
beforeEach(async () => {
  t = await newTenant(home);
});

const folder = temporaryFolder('discover-activity-');
function fileOf(name: string, content: string | Buffer): SourceSelection {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { kind: 'csv_file', path, displayName: name };
}

const inputOf = (selection: SourceSelection, dagRunId = 'run-1'): DiscoverInput => ({
  tenantId: t.tenantId,
  county: 'king-wa',
  selection,
  dagId: 'import',
  dagRunId,
});
const read = (input: DiscoverInput, more = {}) =>
  runActivity(createDiscoverActivities(benchDeps(t, more)).discoverSource, input);

async function jobs(): Promise<Array<Record<string, unknown>>> {
  return home.query(
    `select source, status, items_scraped, items_failed, items_duplicate, items_blocked, error, completed_at is not null as ended
     from scraping_jobs where tenant_id = $1 order by created_at`,
    [t.tenantId],
  );
}

const quarantine = () =>
  home.query<{ row_reference: string; kind: string; reasons: Array<{ field: string; code: string; message: string }> }>(
    'select row_reference, kind, reasons from quarantine where tenant_id = $1 order by row_reference',
    [t.tenantId],
  );

describe('reading a file', () => {
  it('counts and closes the job, and counts the same rows as duplicates the next time', async () => {
    const selection = fileOf('sales.csv', generateSample(60));
    expect(await read(inputOf(selection))).toMatchObject({ scraped: 60, failed: 0, duplicate: 0, problem: null });
    const before = await footprint(t);
    expect(await read(inputOf(selection, 'run-2'))).toMatchObject({ scraped: 60, duplicate: 60 });
    expect(await footprint(t)).toEqual(before);
    expect(await jobs()).toMatchObject([
      { source: 'sales.csv', status: 'success', items_scraped: 60, items_duplicate: 0, ended: true },
      { source: 'sales.csv', status: 'success', items_scraped: 60, items_duplicate: 60, ended: true },
    ]);
  });

  it('goes on where it was interrupted, and counts nothing twice', async () => {
    const rows = generateSample(2_400).split('\n');
    const selection = fileOf('long.csv', rows.join('\n'));
    // The connection is lost while the second thousand is written.
    let transactions = 0;
    const pool = new Proxy(t.db.pool, {
      get: (target, name) => {
        if (name === 'transaction') {
          transactions += 1;
          if (transactions === 3) throw Object.assign(new Error('Connection terminated'), { code: '08006' });
        }
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await expect(read(inputOf(selection), { db: { ...t.db, pool } })).rejects.toMatchObject({ code: 'transient' });
    expect(await jobs()).toMatchObject([{ status: 'running', items_scraped: 1_000, ended: false }]);
    expect(await read(inputOf(selection))).toMatchObject({ scraped: 2_400, failed: 0, duplicate: 0, problem: null });
    expect(await jobs()).toMatchObject([{ status: 'success', items_scraped: 2_400, items_duplicate: 0 }]);
    expect(await footprint(t)).toMatchObject({ prospect_queue: 2_400 });
    // An attempt after the last one, whose answer was lost: nothing is read again.
    expect(await read(inputOf(selection))).toMatchObject({ scraped: 2_400, duplicate: 0 });
    const metrics = await home.query('select metric_name from data_quality_metrics where tenant_id = $1', [t.tenantId]);
    expect(metrics).toEqual([{ metric_name: 'valid_share' }]);
  });

  it('refuses to go on in a file that was changed meanwhile', async () => {
    const selection = fileOf('changing.csv', generateSample(20));
    await read(inputOf(selection));
    appendFileSync(selection.path!, 'x\n');
    await expect(read(inputOf(selection))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('keeps each refused row once, with its reasons, however often the file comes', async () => {
    const [header, ...rows] = generateSample(40).trim().split('\n');
    const cells = rows[1]!.split(',');
    const tooDear = [cells[0], cells[1], '250000000', ...cells.slice(3)].join(',');
    const ragged = rows[2]!.split(',').slice(0, 9).join(',');
    const selection = fileOf('bounds.csv', [header, rows[0], tooDear, ragged, ...rows.slice(3)].join('\n'));
    expect(await read(inputOf(selection))).toMatchObject({ scraped: 38, failed: 2, problem: null });
    await read(inputOf(selection, 'run-2'));
    const refused = await quarantine();
    expect(refused.map(({ row_reference }) => row_reference)).toEqual(['bounds.csv:3', 'bounds.csv:4']);
    expect(refused[0]!.reasons).toMatchObject([{ field: 'ClosePrice', code: 'too_large' }]);
    expect(refused[1]!.reasons[0]!.message).toContain('bounds.csv:4: expected 21 columns, got 9');
    expect(await footprint(t)).toMatchObject({ prospect_queue: 38, quarantine: 2 });
  });

  it('fails a run below the county’s share of valid rows, and records the measurement', async () => {
    const [header, ...rows] = generateSample(20).trim().split('\n');
    const broken = rows.map((row, index) => (index < 6 ? row.replace(/^(\d+,[^,]+),\d+/, '$1,-5') : row));
    const result = await read(inputOf(fileOf('bad-share.csv', [header, ...broken].join('\n'))));
    expect(result.problem).toMatch(/bad-share\.csv in king-wa: 6 of 20 rows were refused.*min_valid_share/);
    expect(await jobs()).toMatchObject([
      { status: 'failed', items_scraped: 14, items_failed: 6, error: result.problem },
    ]);
    expect(
      await home.query(
        'select metric_name, value, threshold, is_passing, entity_id from data_quality_metrics where tenant_id = $1',
        [t.tenantId],
      ),
    ).toEqual([{ metric_name: 'valid_share', value: 0.7, threshold: 0.9, is_passing: false, entity_id: result.jobId }]);
  });
});

describe('input that is broken as a whole', () => {
  const nothing = { properties: 0, prospect_queue: 0, source_records: 0, sales: 0, event_log: 0, quarantine: 0 };

  async function refusal(selection: SourceSelection): Promise<Error & { code: string }> {
    const activities = createDiscoverActivities(benchDeps(t));
    const error = await runActivity(activities.discoverSource, inputOf(selection)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    await runActivity(activities.failDiscovery, { ...inputOf(selection), reason: message });
    expect(await jobs()).toMatchObject([{ status: 'failed', error: message, items_scraped: 0, ended: true }]);
    return error as Error & { code: string };
  }

  it('names file and line of bytes that are in no encoding it knows', async () => {
    const text = Buffer.from(generateSample(30));
    text[2_500] = 0x81;
    const error = await refusal(fileOf('latin.csv', text));
    expect(error).toMatchObject({ code: 'validation' });
    expect(error.message).toMatch(/^latin\.csv:\d+:/);
    expect(await footprint(t)).toMatchObject(nothing);
  });

  it('refuses a line of 200 MB without holding it', async () => {
    const selection = fileOf('one-line.csv', `${generateSample(2).split('\n').slice(0, 2).join('\n')}\n`);
    const block = Buffer.alloc(8 * 1024 * 1024, 'x');
    for (let n = 0; n < 25; n += 1) appendFileSync(selection.path!, block);
    const before = process.memoryUsage().rss;
    const error = await refusal(selection);
    expect(error.message).toMatch(/^one-line\.csv:3:/);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    expect(await footprint(t)).toMatchObject(nothing);
    writeFileSync(selection.path!, '');
  });

  it('names a column that is missing', async () => {
    const error = await refusal(fileOf('no-price.csv', 'colour,taste\nred,sweet\n'));
    expect(error.message).toMatch(/^no-price\.csv/);
    expect(await footprint(t)).toMatchObject(nothing);
  });

  it('says what to do about a file that is not there', async () => {
    const error = await refusal({ kind: 'csv_file', path: join(folder, 'absent.csv'), displayName: 'absent.csv' });
    expect(error.message).toContain('absent.csv');
  });
});

describe('reading a site', () => {
  it('stores the homes, keeps the two broken pages, and finds nothing new the second time', async () => {
    const site = await startFsboSite();
    try {
      const sourceBaseUrls = { 'fsbo-demo': site.url };
      const input = inputOf({ kind: 'listing_site', recipe: 'fsbo-demo' });
      const result = await read(input, { sourceBaseUrls });
      expect(result).toMatchObject({ scraped: 22, failed: 2, blocked: 0 });
      expect((await quarantine()).map(({ kind }) => kind)).toEqual(['invalid', 'invalid']);
      const before = await footprint(t);
      const again = { ...input, dagRunId: 'run-2' };
      expect(await read(again, { sourceBaseUrls })).toMatchObject({ scraped: 22, duplicate: 22 });
      expect(await footprint(t)).toEqual(before);
    } finally {
      await site.stop();
    }
  });

  it.each([
    ['a wall of 403', (url: string) => (url === '/robots.txt' ? [404, ''] : [403, '<h1>Access denied</h1>'])],
    [
      'a challenge with 202',
      (url: string) =>
        url === '/robots.txt'
          ? [404, '']
          : [202, '<html><head><title>Just a moment...</title></head><body></body></html>'],
    ],
  ] as const)('takes %s for no success', async (_name, answer) => {
    const server = createServer((request, response) => {
      const [status, body] = answer(request.url ?? '/');
      response.writeHead(Number(status), { 'content-type': 'text/html' }).end(body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    try {
      const sourceBaseUrls = { 'fsbo-demo': `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      const result = await read(inputOf({ kind: 'listing_site', recipe: 'fsbo-demo' }), { sourceBaseUrls });
      expect(result).toMatchObject({ scraped: 0, failed: 0, blocked: 1 });
      expect(result.problem).toMatch(/fsbo-demo in king-wa: all 1 pages were blocked/);
      expect(await jobs()).toMatchObject([{ status: 'failed', items_blocked: 1 }]);
      expect(await quarantine()).toMatchObject([{ kind: 'blocked' }]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('stops with the saved page when the layout changed, and keeps what was read before', async () => {
    const site = await startFsboSite();
    const server = createServer(async (request, response) => {
      const answer = await fetch(`${site.url}${request.url}`, { headers: { host: request.headers.host ?? '' } });
      const text = (await answer.text()).replaceAll(site.url, `http://${request.headers.host}`);
      const isSecondPage = request.url?.includes('page=2') === true;
      const html = isSecondPage ? '<html><body><main><p>We have a new look</p></main></body></html>' : text;
      response
        .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/html' })
        .end(html);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    try {
      const sourceBaseUrls = { 'fsbo-demo': `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      const input = inputOf({ kind: 'listing_site', recipe: 'fsbo-demo' });
      const deps = benchDeps(t, { sourceBaseUrls });
      const activities = createDiscoverActivities(deps);
      const error = (await runActivity(activities.discoverSource, input).catch(
        (caught: unknown) => caught,
      )) as Error & {
        code: string;
      };
      expect(error).toMatchObject({ code: 'validation' });
      expect(error.message).toMatch(/layout changed: recipe fsbo-demo/);
      const key = /tenants\/\S+\.html/.exec(error.message)?.[0];
      expect(key).toBeDefined();
      expect((await deps.storage.get(key!))?.toString()).toContain('We have a new look');
      await runActivity(activities.failDiscovery, { ...input, reason: error.message });
      const [job] = await jobs();
      const rows = await footprint(t);
      // The first page's homes are stored, and the job says how many.
      expect(job!.items_scraped).toBeGreaterThan(0);
      expect(rows.prospect_queue).toBe(job!.items_scraped);
      expect(job).toMatchObject({ status: 'failed', error: error.message });
    } finally {
      server.closeAllConnections();
      server.close();
      await site.stop();
    }
  });
});
