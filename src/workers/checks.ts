import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import puppeteer, { type LaunchOptions } from 'puppeteer';
import type { Database } from '../db/connect.ts';
import { withSystem } from '../db/tenant.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** Quick checks of the parts: each answers with a word on the part, or throws with what is wrong. */
export function createChecks(parts: {
  db: Database;
  client: Client;
  storage: ObjectStore;
  browser: () => Promise<LaunchOptions>;
}): Record<string, () => Promise<string>> {
  return {
    database: () =>
      withSystem(parts.db, 'health check', async (trx) => {
        const { rows } = await sql<{ v: string }>`select current_setting('server_version') as v`.execute(trx.db);
        return `Postgres ${rows[0]?.v}`;
      }),
    temporal: async () => {
      await parts.client.connection.workflowService.getSystemInfo({});
      return 'answers';
    },
    storage: async () => {
      const key = 'shared/health/check.txt';
      await parts.storage.put(key, Buffer.from('ok'), 'text/plain');
      if ((await parts.storage.get(key))?.toString() !== 'ok') throw new Error('what was written cannot be read');
      return 'writes and reads';
    },
    browser: async () => {
      const browser = await puppeteer.launch(await parts.browser());
      try {
        return await browser.version();
      } finally {
        await browser.close();
      }
    },
  };
}
