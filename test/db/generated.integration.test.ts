import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Catalog, MANIFEST, readCatalog } from '../../scripts/catalog.ts';
import { generateTables } from '../../scripts/tables-codegen.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function liveCatalog(): Promise<Catalog> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  return readCatalog(client).finally(() => client.end());
}

describe('what is generated from the schema', () => {
  it('schema/manifest.json is the shape of a migrated database (else: npm run db:manifest, and look at the change)', async () => {
    expect(await liveCatalog()).toEqual(JSON.parse(readFileSync(MANIFEST, 'utf8')));
  });

  it('the manifest notices a column, a right and a policy', async () => {
    const before = await liveCatalog();
    await database.query('alter table tenants add column planted int');
    await database.query('grant select on ping to reos_app');
    await database.query('drop policy tenant_isolation on sales');
    const after = await liveCatalog();
    expect(after.relations['tenants']?.columns).toHaveProperty('planted', 'integer');
    expect(after.relations['ping']?.grants['reos_app']).toEqual(['SELECT']);
    expect(before.relations['ping']?.grants['reos_app']).toBeUndefined();
    expect(after.relations['sales']?.policies).toEqual({});
  });

  it('src/db/tables.ts are the types of a migrated database (else: npm run db:types)', async () => {
    const fresh = await createTestDatabase();
    try {
      await generateTables(fresh.adminUrl, '--verify');
      await fresh.query('alter table tenants add column planted int');
      await expect(generateTables(fresh.adminUrl, '--verify')).rejects.toThrow();
    } finally {
      await fresh.close();
    }
  });
});
