import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { migrate, SCHEMA_DIR } from '../../src/db/migrate.ts';
import { createEmptyDatabase } from '../support/database.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function emptyDatabase() {
  const database = await createEmptyDatabase();
  cleanUps.push(database.drop);
  const query = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    return client
      .query<T>(sql)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  };
  return { url: database.adminUrl, query };
}

function copyOfSchema(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reos schema '));
  cpSync(SCHEMA_DIR, folder, { recursive: true });
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('migrate', () => {
  it('is safe with several migrators at once: each file is applied by one of them, once', async () => {
    const { url, query } = await emptyDatabase();
    const reports = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const applied = reports.flatMap((report) => report.applied);
    const rows = await query<{ name: string }>('select name from schema_migrations order by name');
    expect(applied.length).toBeGreaterThan(4);
    expect([...applied].sort()).toEqual(rows.map(({ name }) => name));
    expect(reports.filter((report) => report.applied.length === 0)).toHaveLength(2);
  });

  it('does nothing the second time', async () => {
    const { url } = await emptyDatabase();
    const first = await migrate(url);
    await expect(migrate(url)).resolves.toEqual({ applied: [], already: first.applied });
  });

  it('refuses an applied file that was changed, and names it', async () => {
    const { url } = await emptyDatabase();
    const folder = copyOfSchema();
    const { applied } = await migrate(url, folder);
    const file = join(folder, applied[1]!);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n-- a change\n`);
    await expect(migrate(url, folder)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining(`schema/${applied[1]} was changed after it was applied`),
    });
  });

  it('leaves nothing of a file that fails, names file and line, and goes on once it is put right', async () => {
    const { url, query } = await emptyDatabase();
    const folder = copyOfSchema();
    const broken = join(folder, '9999_broken.sql');
    writeFileSync(broken, 'CREATE TABLE half_done (id int);\n\nSELECT no_such_column FROM half_done;\n');
    await expect(migrate(url, folder)).rejects.toMatchObject({
      message: expect.stringMatching(/schema\/9999_broken\.sql:3 failed: .*no_such_column/),
    });
    expect(await query(`select to_regclass('half_done') as it`)).toEqual([{ it: null }]);
    writeFileSync(broken, 'CREATE TABLE whole (id int);\n');
    expect((await migrate(url, folder)).applied).toEqual(['9999_broken.sql']);
  });
});
