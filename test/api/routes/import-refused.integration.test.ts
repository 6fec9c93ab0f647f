import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
const importId = randomUUID();
beforeAll(async () => {
  api = await createTestApi();
  const { tenantId } = api.database;
  await api.database.query(
    `insert into imports (tenant_id, id, file_name, storage_key, sha256, bytes, county_fips, analysis, created_by, run_id, started_at)
     values ($1, $2, 'mine.csv', 'k', repeat('a', 64), 10, '53033', '{}', $3, 'run-7', now())`,
    [tenantId, importId, randomUUID()],
  );
  const [job] = await api.database.query<{ id: string }>(
    `insert into scraping_jobs (tenant_id, id, dag_id, dag_run_id, source, county_fips, status)
     values ($1, $2, 'import', 'run-7', 'mine.csv', '53033', 'success') returning id`,
    [tenantId, randomUUID()],
  );
  for (const [line, price] of [
    [10, '=1+1'],
    [2, '-5'],
    [3, 'x, "y"'],
  ]) {
    await api.database.query(
      `insert into quarantine (tenant_id, job_id, source, row_reference, kind, reasons, payload) values ($1, $2, 'mine.csv', $3, 'invalid', $4, $5)`,
      [
        tenantId,
        job!.id,
        `mine.csv:${line}`,
        JSON.stringify([{ field: 'ListPrice', code: 'unreadable', message: `ListPrice ${line} is no price.` }]),
        JSON.stringify({ ListPrice: price, City: line === 2 ? 'Kent' : undefined }),
      ],
    );
  }
});
afterAll(() => api.close());

describe('/api/v1/imports/{id}/refused', () => {
  it('tells the rows that were not taken in the order of the file, page after page', async () => {
    const analyst = await api.as('analyst');
    type Page = { items: Array<{ line: number; reason: string; fields: string[] }>; next_cursor: string | null };
    const first = (await analyst('GET', `/api/v1/imports/${importId}/refused?limit=2`)).body as Page;
    expect(first.items.map(({ line }) => line)).toEqual([2, 3]);
    expect(first.items[0]).toMatchObject({ reason: 'ListPrice 2 is no price.', fields: ['ListPrice'] });
    const next = (await analyst('GET', `/api/v1/imports/${importId}/refused?limit=2&cursor=${first.next_cursor}`))
      .body as Page;
    expect(next.items.map(({ line }) => line)).toEqual([10]);
    expect(next.next_cursor).toBeNull();
  });

  it('gives them as CSV that a spreadsheet does not run', async () => {
    const analyst = await api.as('analyst');
    const answer = await analyst('GET', `/api/v1/imports/${importId}/refused/export`);
    expect(answer.headers.get('Content-Type')).toContain('text/csv');
    expect(answer.text.split('\r\n')).toEqual([
      'line,reason,City,ListPrice',
      "2,ListPrice 2 is no price.,Kent,'-5",
      '3,ListPrice 3 is no price.,,"x, ""y"""',
      "10,ListPrice 10 is no price.,,'=1+1",
      '',
    ]);
  });

  it('is of the own tenant, and of roles that may import', async () => {
    const stranger = await api.as('analyst', await api.addTenant('stranger'));
    expect((await stranger('GET', `/api/v1/imports/${importId}/refused`)).status).toBe(404);
    expect((await stranger('GET', `/api/v1/imports/${importId}/refused/export`)).status).toBe(404);
    const viewer = await api.as('viewer');
    expect((await viewer('GET', `/api/v1/imports/${importId}/refused`)).status).toBe(403);
  });
});
