import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { catalogText, MANIFEST, readCatalog } from './catalog.ts';
import { withScratchDatabase } from './scratch-database.ts';

await withScratchDatabase(async (adminUrl) => {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    writeFileSync(MANIFEST, catalogText(await readCatalog(client)));
  } finally {
    await client.end();
  }
});
