/**
 * Measures how long offers take from an HTTP batch to the marts, at 10 batches of 500 a second. Makes its own Postgres in a
 * temporary folder; the API and the refresher run in a process of their own each, the sender here. A lag counts from just
 * before a batch is sent until the week's offer_count in mart.market_metrics includes it: the mart is asked twice a second
 * for the markets of sampled batches, each of which has a market of its own.
 *
 * Run: `npm run bench -- market-events [--seconds 600] [--rate 10] [--size 500] [--markets 100]`. Aim: lag p99 below 60 s
 * with every event in the mart once; 10 × 500 a second for 10 minutes.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import pino from 'pino';
import { issueAccessToken } from '../src/api/auth/access-token.ts';
import { serveApi } from '../src/api/serve.ts';
import { createApi } from '../src/api/server.ts';
import { connect } from '../src/db/connect.ts';
import { migrate, prepareServer } from '../src/db/migrate.ts';
import { reosHome } from '../src/runtime/home.ts';
import { preparePostgres } from '../src/runtime/postgres.ts';
import { knownDataDir } from '../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../src/runtime/supervisor.ts';
import { startMarketRefresher } from '../src/workers/market-refresher.ts';
import { apiDeps } from '../test/api/setup.ts';
import { TEST_TOKEN_KEYS } from '../test/support/identity.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '10' },
    size: { type: 'string', default: '500' },
    markets: { type: 'string', default: '100' },
    serve: { type: 'string' },
    refresh: { type: 'string' },
  },
});
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
const [size, markets] = [Number(values.size), Number(values.markets)];
/** Every so many batches one is watched. */
const SAMPLE_EVERY = 5;
const tell = (words: string) => void process.stderr.write(`${words}\n`);
const logger = pino({ level: 'warn' }, pino.destination(2));

if (values.serve !== undefined) await serve(values.serve);
else if (values.refresh !== undefined) await refresh(values.refresh);
else await main();

/** The API alone, until the parent goes. */
async function serve(url: string): Promise<void> {
  const db = connect({ url, logger, max: 10 });
  const app = createApi(apiDeps({ db }));
  const running = await serveApi(app, { port: 0, host: '127.0.0.1' });
  process.send?.(running.url);
  process.once('disconnect', () => process.exit(0));
}

/** The refresher alone, until the parent goes. */
async function refresh(url: string): Promise<void> {
  startMarketRefresher({ db: connect({ url, logger, max: 2 }), logger });
  process.send?.('ready');
  process.once('disconnect', () => process.exit(0));
}

async function main(): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'reos offers '));
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  const prepared = await preparePostgres(home, { port: 0, onProgress: tell });
  if (prepared.process === null) throw new Error('the embedded Postgres was expected');
  const server = await superviseProcess(home, prepared.process);
  try {
    const url = await prepareServer(prepared.url, 'offers');
    await migrate(url);
    const admin = new URL(prepared.url);
    admin.pathname = '/offers';
    const pool = new pg.Pool({ connectionString: admin.toString(), max: 2 });
    // The server's end cuts connections that are still saying goodbye.
    pool.on('error', () => undefined);
    try {
      await measure(url, pool);
    } finally {
      await pool.end();
    }
  } finally {
    await server.stop();
    const dataDir = knownDataDir(home);
    if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  }
}

async function start(role: '--serve' | '--refresh', url: string) {
  const child = fork(fileURLToPath(import.meta.url), [role, url]);
  const [said] = (await once(child, 'message')) as [string];
  return { child, said };
}

async function measure(url: string, pool: pg.Pool): Promise<void> {
  const tenantId = randomUUID();
  await pool.query(`insert into tenants (id, slug, name, plan) values ($1, 'bench', 'Bench', 'enterprise')`, [
    tenantId,
  ]);
  await pool.query(
    `insert into user_accounts (tenant_id, id, email, name, password_hash, role, tokens_valid_from)
     values ($1, $1, 'bench@example.com', 'B', 'none', 'admin', now() - interval '1 hour')`,
    [tenantId],
  );
  const token = await issueAccessToken(TEST_TOKEN_KEYS, { tenantId, userId: tenantId }, new Date());
  const api = await start('--serve', url);
  const refresher = await start('--refresh', url);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const loadBefore = loadavg()[0];
  const [answers, lags] = [[] as number[], [] as number[]];
  const waiting = new Map<string, number>();
  let [accepted, refused, isOver] = [0, 0, false];

  const watch = (async () => {
    while (!isOver || waiting.size > 0) {
      if (waiting.size > 0) {
        const { rows } = await pool.query<{ market: string }>(
          `select distinct market from mart.market_metrics
           where tenant_id = $1 and market = any($2) and segment = 'all' and offer_count > 0`,
          [tenantId, [...waiting.keys()]],
        );
        const now = performance.now();
        for (const { market } of rows) {
          lags.push(now - waiting.get(market)!);
          waiting.delete(market);
        }
      }
      await sleep(500);
    }
  })();

  async function send(batch: number): Promise<void> {
    const now = new Date().toISOString();
    const isSampled = batch % SAMPLE_EVERY === 0;
    const events = Array.from({ length: size }, (_, n) => ({
      event_id: `${batch}-${n}-${randomUUID()}`,
      property_ref: `home ${batch * size + n}`,
      market: isSampled && n === 0 ? `Sample ${batch}` : `Market ${(batch * size + n) % markets}, TX`,
      segment: n % 3 === 0 ? 'condo' : 'house',
      offer_price: 200_000 + n * 100,
      market_estimated_value: 210_000 + n * 100,
      seller_accepted_offer: n % 4 === 0 ? true : n % 4 === 1 ? false : null,
      offered_at: now,
    }));
    const body = JSON.stringify({ events });
    const startedAt = performance.now();
    if (isSampled) waiting.set(`Sample ${batch}`, startedAt);
    const { status, text } = await post(`${api.said}/api/v1/market/offers`, body);
    answers.push(performance.now() - startedAt);
    if (status === 200) accepted += (JSON.parse(text) as { accepted: number }).accepted;
    else {
      refused += 1;
      waiting.delete(`Sample ${batch}`);
      if (refused < 4) tell(`batch ${batch}: ${status} ${text.slice(0, 300)}`);
    }
  }

  function post(address: string, body: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const call = request(address, { method: 'POST', agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.once('error', reject);
      });
      call.once('error', reject);
      call.end(body);
    });
  }

  const started = performance.now();
  const sent: Promise<void>[] = [];
  for (let batch = 0; batch < seconds * rate; batch += 1) {
    const waitMs = started + (batch / rate) * 1_000 - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    sent.push(send(batch));
  }
  await Promise.all(sent);
  const tookSeconds = (performance.now() - started) / 1_000;
  isOver = true;
  await watch;
  // What was not sampled follows within the same rounds or the next.
  const inMart = async () =>
    Number(
      (await pool.query(`select sum(offer_count) as n from mart.market_metrics where segment = 'all'`)).rows[0]?.n ?? 0,
    );
  for (let tries = 0; tries < 120 && (await inMart()) !== accepted; tries += 1) await sleep(500);
  const quantile = (times: number[], q: number) =>
    Math.round((times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(q * times.length))] ?? 0) * 10) / 10;
  process.stdout.write(
    `${JSON.stringify({
      seconds: Math.round(tookSeconds),
      events: accepted,
      events_per_second: Math.round(accepted / tookSeconds),
      refused_batches: refused,
      in_mart: await inMart(),
      samples: lags.length,
      lag_p50_s: quantile(lags, 0.5) / 1_000,
      lag_p99_s: quantile(lags, 0.99) / 1_000,
      lag_max_s: quantile(lags, 1) / 1_000,
      batch_p50_ms: quantile(answers, 0.5),
      batch_p99_ms: quantile(answers, 0.99),
      load_average: [loadBefore, loadavg()[0]],
    })}\n`,
  );
  agent.destroy();
  for (const { child } of [api, refresher]) {
    child.disconnect();
    await once(child, 'exit');
  }
}
