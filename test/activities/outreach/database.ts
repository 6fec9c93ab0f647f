import pg from 'pg';
import { createTestDatabase } from '../../support/database.ts';
import { createBench, type OutreachBench } from './setup.ts';

/** A migrated database of its own with a bench on it; `fresh` gives a bench with a tenant of its own. */
export async function openBench(): Promise<{ bench: OutreachBench; fresh(): OutreachBench; close(): Promise<void> }> {
  const database = await createTestDatabase();
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  // Dropping the database cuts connections that are still saying goodbye.
  admin.on('error', () => undefined);
  return {
    bench: createBench(database.db, admin),
    fresh: () => createBench(database.db, admin),
    close: async () => {
      await admin.end();
      await database.close();
    },
  };
}
