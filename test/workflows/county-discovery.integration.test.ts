import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceSelection } from '../../src/activities/discover/discover.ts';
import { type FinishedDiscovery, runDiscovery } from '../../src/client/discoveries.ts';
import { type FsboSite, startFsboSite } from '../../src/demo/fsbo-site/site.ts';
import { generateSample } from '../../src/demo/sample.ts';
import { workflowIds } from '../../src/domain/ids.ts';
import { keepWorkflowHistory } from '../support/histories.ts';
import { createWorld, type World } from '../support/lifecycle-world.ts';
import { eventually } from '../support/temporal.ts';

const SITE: SourceSelection = { kind: 'listing_site', recipe: 'fsbo-demo' };
const ROWS = 12;
const [HEADER, ...LINES] = generateSample(ROWS).trim().split('\n');

let world: World;
let site: FsboSite;
let file: SourceSelection;
beforeAll(async () => {
  const [apn, , , , , livingArea, , , , , , , , , , , zip, latitude, longitude] = LINES[0]!.split(',');
  site = await startFsboSite({
    duplicateParcels: [
      {
        apn: apn!,
        latitude: Number(latitude),
        longitude: Number(longitude),
        livingAreaSqft: Number(livingArea),
        zip: zip!,
        askingPriceDollars: 300_000,
      },
    ],
  });
  world = await createWorld({ sourceBaseUrls: { 'fsbo-demo': site.url } });
  const path = join(world.folder, 'sales.csv');
  // One row has a column too few: it is kept aside with its line.
  await writeFile(path, `${[HEADER, ...LINES, '9000009999,20150101T000000,1'].join('\n')}\n`);
  file = { kind: 'csv_file', path, displayName: 'sales.csv' };
});
afterAll(async () => {
  await world?.close();
  await site?.stop();
});

let runs = 0;
/** Runs a discovery of its own to the end. */
function discover(sources: SourceSelection[], startLifecycles = false): Promise<FinishedDiscovery> {
  runs += 1;
  const workflowId = `${workflowIds.discovery(world.tenantId, 'king-wa')}/${runs}`;
  const input = { tenantId: world.tenantId, county: 'king-wa', sources, dagId: 'test', startLifecycles };
  return runDiscovery(world.temporal.client, { workflowId, input });
}

async function count(table: string, where = 'true'): Promise<number> {
  const [row] = await world.query<{ n: number }>(
    `select count(*)::int as n from ${table} where tenant_id = $1 and ${where}`,
    [world.tenantId],
  );
  return row!.n;
}

const jobs = () =>
  world.query<{
    source: string;
    status: string;
    error: string | null;
    completed_at: Date | null;
    items_scraped: number;
  }>('select * from scraping_jobs where tenant_id = $1 order by created_at desc, source', [world.tenantId]);

describe('discovery of a county', () => {
  test('a file and a site: counts, quarantine, duplicates, and a lifecycle for each property', async () => {
    const found = await discover([file, SITE], true);
    expect(found.problems).toEqual([]);
    const [fromFile, fromSite] = found.sources;
    expect(fromFile).toMatchObject({ source: 'sales.csv', scraped: ROWS, failed: 1, duplicate: 0, problem: null });
    expect(fromSite).toMatchObject({ source: 'fsbo-demo', failed: 2, problem: null });
    expect(fromSite!.duplicate).toBe(1);
    expect(await count('properties')).toBe(ROWS + fromSite!.scraped - fromSite!.duplicate);
    expect(await count('prospect_queue')).toBe(ROWS + fromSite!.scraped);
    const aside = await world.query<{ row_reference: string; reasons: Array<{ message: string }> }>(
      'select row_reference, reasons from quarantine where tenant_id = $1 order by row_reference',
      [world.tenantId],
    );
    expect(aside.map(({ row_reference: reference }) => reference)).toContain(`sales.csv:${ROWS + 2}`);
    expect(aside).toHaveLength(3);
    for (const { reasons } of aside) expect(reasons[0]!.message).not.toBe('');
    expect(await count('scraping_jobs', `status = 'success'`)).toBe(2);
    expect(await count('pipeline_runs', `status = 'success' and tasks_success = 2`)).toBe(1);
    expect(found.lifecyclesStarted).toBe(await count('properties'));
    await eventually(
      () => count('properties', 'settled_at is not null'),
      (n) => n === found.lifecyclesStarted,
    );
    expect(await count('properties', `status = 'failed'`)).toBe(0);
    await keepWorkflowHistory(world, found.workflowId, 'discovery');
  });

  test('the same again writes nothing new and starts nothing', async () => {
    const before = await Promise.all([
      count('properties'),
      count('prospect_queue'),
      count('event_log'),
      count('quarantine'),
    ]);
    const again = await discover([file, SITE], true);
    expect(again.problems).toEqual([]);
    for (const { scraped, duplicate } of again.sources) expect(duplicate).toBe(scraped);
    expect(again.lifecyclesStarted).toBe(0);
    expect(
      await Promise.all([count('properties'), count('prospect_queue'), count('event_log'), count('quarantine')]),
    ).toEqual(before);
  });

  test('a source that cannot be read does not stop the other; the run is failed with its reason', async () => {
    const missing: SourceSelection = {
      kind: 'csv_file',
      path: join(world.folder, 'missing.csv'),
      displayName: 'missing.csv',
    };
    const found = await discover([missing, file]);
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]).toContain('missing.csv');
    expect(found.sources).toMatchObject([
      { source: 'missing.csv', problem: found.problems[0] },
      { source: 'sales.csv', scraped: ROWS, problem: null },
    ]);
    const [row] = (await jobs()).filter(({ source }) => source === 'missing.csv');
    expect(row).toMatchObject({ status: 'failed', error: found.problems[0], completed_at: expect.any(Date) });
    const [run] = await world.query<{ detail: string; tasks_failed: number }>(
      `select * from pipeline_runs where tenant_id = $1 and status = 'failed'`,
      [world.tenantId],
    );
    expect(run).toMatchObject({ detail: found.problems[0], tasks_failed: 1 });
    await keepWorkflowHistory(world, found.workflowId, 'discovery-failed-source');
  });

  test('a county that does not exist: the run is closed as failed with what exists', async () => {
    const run = runDiscovery(world.temporal.client, {
      workflowId: 'discovery/unknown',
      input: { tenantId: world.tenantId, county: 'nowhere-xx', dagId: 'unknown' },
    });
    await expect(run).rejects.toThrow(/nowhere-xx/);
    expect(
      await count('pipeline_runs', `dag_id = 'unknown' and status = 'failed' and detail like '%nowhere-xx%'`),
    ).toBe(1);
  });

  test('a worker that ends in the middle: the next one goes on behind the last page', async () => {
    const { fetch } = world.deps.http;
    const pages: string[] = [];
    let stopping: Promise<void> | undefined;
    world.deps.http.fetch = async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/homes/')) pages.push(pathname);
      // Not awaited: the worker waits for this very activity.
      if (pages.length === 12) stopping ??= world.stopWorkers();
      return fetch(request);
    };
    const whole = (await jobs()).find(({ source, status }) => source === 'fsbo-demo' && status === 'success')!;
    const running = discover([SITE]);
    await eventually(async () => stopping !== undefined, Boolean);
    await stopping;
    expect(new Set(pages).size).toBeLessThan(20);
    await world.startWorkers();
    const found = await running;
    world.deps.http.fetch = fetch;
    expect(found.problems).toEqual([]);
    expect(found.sources[0]).toMatchObject({ scraped: whole.items_scraped, failed: 2 });
    const repeated = pages.length - new Set(pages).size;
    // Those that were on their way; starting over would be twelve.
    expect(repeated).toBeLessThanOrEqual(5);
  });
});
