import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meterStorage } from '../../../src/activities/platform/metered-store.ts';
import { createApi } from '../../../src/api/server.ts';
import { openCounties } from '../../../src/config/county-index.ts';
import { createLocalStore } from '../../../src/storage/local-store.ts';
import { createImportDesk } from '../../../src/workers/api-imports.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { apiDeps } from '../setup.ts';

interface Import {
  id: string;
  status: string;
  encoding: string;
  delimiter: string;
  record_kind: string;
  needs_approval: boolean;
  mapping: Array<{ column: string; field: string | null; reason: string }>;
  counts: { rows: number; valid: number; refused: number };
  problems: Array<{ field: string; code: string; refused: boolean; count: number }>;
  preview: string[][];
  problem: string | null;
}

const CSV = [
  'ParcelNumber;ListPrice;LivingArea;PropertyType;UnparsedAddress;City;PostalCode',
  '123456-0010;512000;1800;Residential;12 Elm St;Seattle;98103',
  '123456-0020;-1;1700;Residential;14 Elm St;Seattle;98103',
].join('\n');

let api: TestApi;
let folder: string;
let isFull = false;
const started: Array<{ type: string; workflowId: string; args: unknown[] }> = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reos-imports-test-'));
  const counties = await openCounties('config');
  const storage = createLocalStore({
    directory: folder,
    publicUrl: 'http://localhost',
    signer: { secret: 'x'.repeat(32) },
  });
  const client = {
    workflow: {
      start: async (type: string, options: { workflowId: string; args: unknown[] }) => {
        started.push({ type, ...options });
        return { firstExecutionRunId: 'run-1' };
      },
    },
  } as unknown as Client;
  api = await createTestApi({ counties });
  const metered = meterStorage(
    { db: api.database.db, clock: () => new Date() },
    { ...storage, putFile: (...put) => (isFull ? Promise.reject(new Error('disk full')) : storage.putFile(...put)) },
  );
  const importDesk = createImportDesk({
    db: api.database.db,
    storage: metered,
    configDir: 'config',
    clock: () => new Date(),
    client,
  });
  api.app = createApi(
    apiDeps({ db: api.database.db, counties, importDesk, countySlug: (fips) => counties.byFips(fips)?.slug ?? fips }),
  );
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

async function request(
  method: string,
  path: string,
  body?: string,
  tenantId?: string,
  headers: Record<string, string> = {},
) {
  const { token } = await api.as('analyst', tenantId);
  const response = await api.app.request(path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? undefined : JSON.parse(text)) as Import & { code: string; items: Import[] },
  };
}
const json = { 'Content-Type': 'application/json' };
const upload = (text: string, tenantId?: string) =>
  request('POST', '/api/v1/imports?county=king-wa&file_name=mine.csv', text, tenantId);

describe('/api/v1/imports', () => {
  it('tells what a file looks like, approves its columns, runs it and deletes it', async () => {
    const { status, body } = await upload(CSV);
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body).toMatchObject({
      status: 'uploaded',
      encoding: 'utf8',
      delimiter: ';',
      record_kind: 'listing',
      problem: null,
    });
    expect(body.counts).toEqual({ rows: 2, valid: 1, refused: 1 });
    expect(body.problems).toContainEqual(
      expect.objectContaining({ field: 'ListPrice', code: 'unreadable', refused: true }),
    );
    expect(body.preview[0]).toContain('12 Elm St');
    expect(await readdir(join(folder, 'tenants', api.database.tenantId, 'imports'))).toEqual([body.id]);

    const mapped = await request(
      'PUT',
      `/api/v1/imports/${body.id}/mapping`,
      JSON.stringify({ columns: [{ column: 'City', field: null, ignore: true }] }),
      undefined,
      json,
    );
    expect(mapped.status, JSON.stringify(mapped.body)).toBe(200);
    expect(mapped.body.mapping.find(({ column }) => column === 'City')).toMatchObject({ field: null });
    expect(mapped.body).toMatchObject({ status: 'approved', needs_approval: false });

    const run = await request('POST', `/api/v1/imports/${body.id}/run`, '{}', undefined, json);
    expect(run.status, JSON.stringify(run.body)).toBe(202);
    expect(run.body.status).toBe('running');
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({
      type: 'countyDiscovery',
      args: [
        {
          tenantId: api.database.tenantId,
          county: 'king-wa',
          dagId: 'import',
          sources: [
            { kind: 'csv_file', key: `tenants/${api.database.tenantId}/imports/${body.id}`, displayName: 'mine.csv' },
          ],
          startLifecycles: true,
        },
      ],
    });
    expect((await request('DELETE', `/api/v1/imports/${body.id}`)).status).toBe(409);

    await api.database.query(
      `insert into pipeline_runs (tenant_id, dag_id, dag_run_id, status) values ($1, 'import', 'run-1', 'success')`,
      [api.database.tenantId],
    );
    const list = await request('GET', '/api/v1/imports?limit=10');
    expect(list.body.items[0]).toMatchObject({ id: body.id, status: 'success' });
    expect((await request('DELETE', `/api/v1/imports/${body.id}`)).status).toBe(204);
    expect(await readdir(join(folder, 'tenants', api.database.tenantId, 'imports'))).toEqual([]);
    expect((await request('GET', `/api/v1/imports/${body.id}`)).status).toBe(404);
  });

  it('keeps a file that cannot be imported as it is, says why, and does not run it', async () => {
    const { body } = await upload('ParcelNumber,ListPrice\n');
    expect(body.problem).toMatch(/no rows/);
    const run = await request('POST', `/api/v1/imports/${body.id}/run`, '{}', undefined, json);
    expect(run.status).toBe(409);
    const wrong = await request(
      'PUT',
      `/api/v1/imports/${body.id}/mapping`,
      JSON.stringify({ columns: [{ column: 'ListPrice', field: 'Prize' }] }),
      undefined,
      json,
    );
    expect(wrong.status).toBe(400);
  });

  it('refuses nothing, too much, a folder in the name, and another tenant', async () => {
    expect((await upload('')).status).toBe(400);
    expect((await request('POST', '/api/v1/imports?county=king-wa&file_name=..%2Fx.csv', CSV)).status).toBe(400);
    const big = await api.app.request('/api/v1/imports?county=king-wa&file_name=big.csv', {
      method: 'POST',
      headers: { Authorization: `Bearer ${(await api.as('analyst')).token}` },
      body: endless(),
      duplex: 'half',
    } as RequestInit);
    expect(big.status).toBe(413);
    const { body } = await upload(CSV);
    const other = await api.addTenant('importer-two');
    for (const [method, path, sent] of [
      ['GET', '', undefined],
      ['PUT', '/mapping', '{}'],
      ['POST', '/run', '{}'],
      ['DELETE', '', undefined],
    ] as const) {
      const answer = await request(method, `/api/v1/imports/${body.id}${path}`, sent, other, json);
      expect(answer.status, `${method} ${path}`).toBe(404);
    }
  });
});

/** More than the limit, without a stated length. */
function endless(): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(1024 * 1024).fill(97);
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent > 70) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

describe('the storage of uploads', () => {
  it('is counted once, given back by a failed write and by deleting', async () => {
    const tenantId = await api.addTenant('stores');
    const used = async () => {
      const [row] = await api.database.query<{ amount: number }>(
        `select amount::int from usage_meters where tenant_id = $1 and meter = 'storage_bytes'`,
        [tenantId],
      );
      return row?.amount ?? 0;
    };
    const { body } = await upload(CSV, tenantId);
    expect(await used()).toBe(Buffer.byteLength(CSV));
    isFull = true;
    expect((await upload(`${CSV}\n`, tenantId)).status).toBe(500);
    isFull = false;
    expect(await used()).toBe(Buffer.byteLength(CSV));
    expect((await request('DELETE', `/api/v1/imports/${body.id}`, undefined, tenantId)).status).toBe(204);
    expect(await used()).toBe(0);
  });
});
