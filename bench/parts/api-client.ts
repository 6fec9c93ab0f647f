import { Agent, get } from 'node:http';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
// It sets how numbers are read.
import '../../src/db/connect.ts';
import type { DB } from '../../src/db/tables.ts';
import type { TenantTrx } from '../../src/db/tenant.ts';

/** Sends GETs over connections that stay open. */
export function httpClient(address: string, token: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const headers = { Authorization: `Bearer ${token}` };
  return {
    /** The answer's status, once its body is here. */
    send: (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        get(`${address}${path}`, { agent, headers }, (answer) => {
          answer.resume();
          answer.once('end', () => resolve(answer.statusCode ?? 0));
          answer.once('error', reject);
        }).once('error', reject);
      }),
    close: () => agent.destroy(),
  };
}

/** The queries alone, on connections that have the app's role and the tenant from the start. */
export interface BareClient {
  /** Milliseconds that Postgres took for all queries of the work, as a client sees it. */
  time(work: (trx: TenantTrx) => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

/** @param url the product's login */
export async function bareClient(url: string, tenantId: string): Promise<BareClient> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    options: `-c app.current_tenant_id=${tenantId}`,
    onConnect: async (client) => {
      await client.query('set role reos_app');
    },
  });
  pool.on('error', () => undefined);
  const connections: { db: Kysely<DB>; isBusy: boolean; spent: number }[] = [];
  const waiting: (() => void)[] = [];
  for (let n = 0; n < 4; n += 1) {
    const one = { isBusy: false, spent: 0 } as (typeof connections)[number];
    one.db = new Kysely<DB>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
      log: (event) => {
        one.spent += event.queryDurationMillis;
      },
    });
    connections.push(one);
  }
  return {
    async time(work) {
      let one = connections.find(({ isBusy }) => !isBusy);
      while (one === undefined) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        one = connections.find(({ isBusy }) => !isBusy);
      }
      one.isBusy = true;
      one.spent = 0;
      try {
        await work({ db: one.db, tenantId } as unknown as TenantTrx);
        return one.spent;
      } finally {
        one.isBusy = false;
        waiting.shift()?.();
      }
    },
    close: () => pool.end(),
  };
}
