/**
 * Measures the time from commit to client of 200 events a second for 1,000 streams of 100 tenants, with a restart of the
 * API in the middle. Makes its own Postgres in a temporary folder and serves the API from a process of its own; writers
 * and clients share this one. A latency counts from just before COMMIT is sent until the client has parsed the event;
 * those of events that were committed between the end of the old API and the return of every client are told apart.
 *
 * Run: `npm run bench -- events [--seconds 20] [--rate 200] [--tenants 100] [--clients 1000]`. Aim: p99 below 50 ms,
 * missed 0, doubled 0.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, type ClientRequest, get } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import pino from 'pino';
import { issueAccessToken } from '../src/api/auth/access-token.ts';
import { startEventFeed } from '../src/api/events/feed.ts';
import { serveApi } from '../src/api/serve.ts';
import { createApi } from '../src/api/server.ts';
import { connect } from '../src/db/connect.ts';
import { migrate, prepareServer } from '../src/db/migrate.ts';
import { reosHome } from '../src/runtime/home.ts';
import { preparePostgres } from '../src/runtime/postgres.ts';
import { knownDataDir } from '../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../src/runtime/supervisor.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from '../test/support/identity.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '200' },
    tenants: { type: 'string', default: '100' },
    clients: { type: 'string', default: '1000' },
    serve: { type: 'string' },
  },
});
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
const [tenants, clients] = [Number(values.tenants), Number(values.clients)];
const tell = (words: string) => void process.stderr.write(`${words}\n`);

if (values.serve === undefined) await main();
else await serve(values.serve);

/** The API alone, until the parent goes. */
async function serve(url: string): Promise<void> {
  const logger = pino({ level: 'silent' });
  const db = connect({ url, logger, max: 10 });
  const app = createApi({
    db,
    feed: startEventFeed({ db, url, logger }),
    logger,
    clock: () => new Date(),
    hashKey: 'bench',
    identity: testIdentity(),
    auth: { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET },
    sendgridPublicKey: undefined,
    callToActionUrl: 'https://deals.example.com/interested',
    files: { check: () => ({ ok: false, reason: 'none' }), get: () => Promise.reject(new Error('none')) },
    checks: {},
  });
  const running = await serveApi(app, { port: 0, host: '127.0.0.1' });
  process.send?.(running.url);
  process.once('disconnect', () => process.exit(0));
}

async function main(): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'reos events '));
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  const prepared = await preparePostgres(home, { port: 0, onProgress: tell });
  if (prepared.process === null) throw new Error('the embedded Postgres was expected');
  const server = await superviseProcess(home, prepared.process);
  try {
    const url = await prepareServer(prepared.url, 'events');
    await migrate(url);
    const admin = new URL(prepared.url);
    admin.pathname = '/events';
    const pool = new pg.Pool({ connectionString: admin.toString(), max: 8 });
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

/** One receiver: how often it got each event, and where it goes on. */
interface Client {
  tenant: number;
  token: string;
  lastId: string;
  isReady: boolean;
  seen: Map<number, number>;
  request?: ClientRequest;
}

async function measure(url: string, pool: pg.Pool): Promise<void> {
  const ids = Array.from({ length: tenants }, () => randomUUID());
  await pool.query(`insert into tenants (id, slug, name) select id, id::text, 'Bench' from unnest($1::uuid[]) id`, [
    ids,
  ]);
  await pool.query(
    `insert into user_accounts (tenant_id, id, email, name, password_hash, role, tokens_valid_from)
     select id, id, id || '@example.com', 'B', 'none', 'viewer', now() - interval '1 hour' from unnest($1::uuid[]) id`,
    [ids],
  );
  const tokens = await Promise.all(
    ids.map((id) => issueAccessToken(TEST_TOKEN_KEYS, { tenantId: id, userId: id }, new Date())),
  );
  const committedAt: number[] = [];
  const latencies: { n: number; ms: number }[] = [];
  const all = Array.from({ length: clients }, (_, n): Client => {
    const tenant = n % tenants;
    return { tenant, token: tokens[tenant]!, lastId: '', isReady: false, seen: new Map() };
  });
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
  let address = '';
  let isOver = false;

  function open(client: Client): void {
    client.isReady = false;
    const again = () => {
      client.isReady = false;
      if (!isOver) setTimeout(open, 100 + Math.random() * 200, client);
    };
    const headers = {
      Authorization: `Bearer ${client.token}`,
      ...(client.lastId === '' ? {} : { 'Last-Event-ID': client.lastId }),
    };
    client.request = get(`${address}/api/v1/events`, { agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          take(client, text.slice(0, end));
          text = text.slice(end + 2);
        }
      });
      answer.once('error', () => undefined);
      answer.once('close', again);
    });
    client.request.once('error', again);
  }

  function take(client: Client, frame: string): void {
    const id = /^id: (.*)$/m.exec(frame)?.[1];
    if (id !== undefined) client.lastId = id;
    client.isReady = true;
    const n = /"n": ?(\d+)/.exec(frame)?.[1];
    if (n === undefined) return;
    client.seen.set(Number(n), (client.seen.get(Number(n)) ?? 0) + 1);
    latencies.push({ n: Number(n), ms: performance.now() - committedAt[Number(n)]! });
  }

  async function write(n: number): Promise<void> {
    const one = await pool.connect();
    try {
      await one.query('begin');
      await one.query(
        `insert into event_log (tenant_id, event_type, subject, correlation_id, payload)
         values ($1, 'timeline.updated', 'event.timeline.updated', 'bench', $2)`,
        [ids[n % tenants], JSON.stringify({ n })],
      );
      await one.query(`select pg_notify('event_log', '')`);
      committedAt[n] = performance.now();
      await one.query('commit');
    } finally {
      one.release();
    }
  }

  async function start() {
    const api = fork(fileURLToPath(import.meta.url), ['--serve', url]);
    [address] = (await once(api, 'message')) as [string];
    return api;
  }

  async function stop(api: Awaited<ReturnType<typeof start>>): Promise<void> {
    api.disconnect();
    await once(api, 'exit');
  }

  const ready = async () => {
    while (all.some(({ isReady }) => !isReady)) await sleep(20);
  };
  let api = await start();
  for (const client of all) open(client);
  await ready();
  const loadBefore = loadavg()[0];
  const started = performance.now();
  const total = seconds * rate;
  const away = { from: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  const writes: Promise<void>[] = [];
  let restart: Promise<void> | undefined;
  for (let n = 0; n < total; n += 1) {
    const waitMs = started + (n / rate) * 1_000 - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    writes.push(write(n));
    if (n >= total / 2) {
      restart ??= (async () => {
        away.from = performance.now();
        await stop(api);
        for (const client of all) client.isReady = false;
        api = await start();
        await ready();
        away.until = performance.now();
      })();
    }
  }
  await Promise.all([...writes, restart]);
  await sleep(2_000);
  isOver = true;
  let [missed, doubled] = [0, 0];
  for (const client of all) {
    for (let n = client.tenant; n < total; n += tenants) {
      const times = client.seen.get(n) ?? 0;
      if (times === 0) missed += 1;
      if (times > 1) doubled += 1;
    }
  }
  // An event on its way when the API ended comes with the replay, too.
  const isAway = (n: number) => committedAt[n]! > away.from - 200 && committedAt[n]! < away.until;
  const settled = latencies.filter(({ n }) => !isAway(n)).map(({ ms }) => ms);
  const late = latencies.filter(({ n }) => isAway(n)).map(({ ms }) => ms);
  const quantile = (times: number[], q: number) =>
    Math.round((times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(q * times.length))] ?? 0) * 10) / 10;
  process.stdout.write(
    `${JSON.stringify({
      clients,
      tenants,
      events: total,
      events_per_second: Math.round(total / ((performance.now() - started - 2_000) / 1_000)),
      received: latencies.length,
      p50_ms: quantile(settled, 0.5),
      p99_ms: quantile(settled, 0.99),
      restart_ms: Math.round(away.until - away.from),
      restart_received: late.length,
      restart_p99_ms: quantile(late, 0.99),
      missed,
      doubled,
      load_average: [loadBefore, loadavg()[0]],
    })}\n`,
  );
  for (const client of all) client.request?.destroy();
  await stop(api);
}
