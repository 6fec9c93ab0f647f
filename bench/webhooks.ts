/**
 * Answers signed batches of mail events at 500 events a second, and refuses forgeries. Makes its own Postgres in a temporary
 * folder and serves the API from a process of its own, without the relay to the workflows. Batches of 1 to 100 events go
 * out on a fixed schedule, whatever the answers take; a latency counts from the time on the schedule. Each event is
 * delivered one to three times, shuffled.
 *
 * Run: `npm run bench -- webhooks [--seconds 30] [--rate 500] [--sends 5000] [--forgeries 10000] [--seed 1]`. Aim: p99
 * below 100 ms, forgeries accepted 0.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import pino from 'pino';
import { serveApi } from '../src/api/serve.ts';
import { createApi } from '../src/api/server.ts';
import { connect } from '../src/db/connect.ts';
import { migrate, prepareServer } from '../src/db/migrate.ts';
import { generateKeyPair } from '../src/demo/mail-events.ts';
import { reosHome } from '../src/runtime/home.ts';
import { preparePostgres } from '../src/runtime/postgres.ts';
import { knownDataDir } from '../src/runtime/postgres-cluster.ts';
import { superviseProcess } from '../src/runtime/supervisor.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from '../test/support/identity.ts';
import { type Forgery, forgeries } from './parts/forgeries.ts';
import { seededNumbers, signBody, storyEvents } from './parts/mail-stories.ts';

const TENANT = '00000000-0000-4000-8000-000000000001';
const CALL_TO_ACTION = 'https://deals.example.com/interested';
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '500' },
    sends: { type: 'string', default: '5000' },
    forgeries: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    serve: { type: 'string' },
    'public-key': { type: 'string' },
  },
});
const [seconds, rate, sends] = [Number(values.seconds), Number(values.rate), Number(values.sends)];
const random = seededNumbers(Number(values.seed));
const tell = (words: string) => void process.stderr.write(`${words}\n`);

if (values.serve === undefined) await main();
else await serve(values.serve, values['public-key'] ?? '');

/** The API alone, until the parent goes. */
async function serve(url: string, publicKey: string): Promise<void> {
  const logger = pino({ level: 'silent' });
  const app = createApi({
    db: connect({ url, logger, max: 10 }),
    logger,
    clock: () => new Date(),
    hashKey: 'bench',
    identity: testIdentity(),
    auth: { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET },
    sendgridPublicKey: publicKey,
    twilioAuthToken: 'bench-token',
    lobWebhookSecret: 'bench-secret',
    publicUrl: 'https://deals.example.com',
    callToActionUrl: CALL_TO_ACTION,
    files: { check: () => ({ ok: false, reason: 'none' }), get: () => Promise.reject(new Error('none')) },
    checks: {},
  });
  const running = await serveApi(app, { port: 0, host: '127.0.0.1' });
  process.on('message', () => process.send?.(process.cpuUsage()));
  process.send?.(running.url);
  process.once('disconnect', () => process.exit(0));
}

async function main(): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'reos webhooks '));
  chmodSync(base, 0o755);
  const home = reosHome(join(base, 'home'));
  const prepared = await preparePostgres(home, { port: 0, onProgress: tell });
  if (prepared.process === null) throw new Error('the embedded Postgres was expected');
  const server = await superviseProcess(home, prepared.process);
  try {
    const url = await prepareServer(prepared.url, 'webhooks');
    await migrate(url);
    const admin = new URL(prepared.url);
    admin.pathname = '/webhooks';
    const client = new pg.Client({ connectionString: admin.toString() });
    await client.connect();
    await measure(url, client);
    await client.end();
  } finally {
    await server.stop();
    const dataDir = knownDataDir(home);
    if (dataDir !== null) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  }
}

async function measure(url: string, client: pg.Client): Promise<void> {
  const keys = generateKeyPair();
  const sendIds = await fill(client);
  const api = fork(fileURLToPath(import.meta.url), ['--serve', url, '--public-key', keys.publicKey]);
  try {
    const [address] = (await once(api, 'message')) as [string];
    const webhook = `${address}/webhook/sendgrid`;
    const at = Math.floor(Date.now() / 1000) - 600;
    const unique = storyEvents(sendIds, at, CALL_TO_ACTION, random);
    await post(webhook, signBody(keys, JSON.stringify(unique.slice(0, 50))));
    const used = await cpuOf(api);
    const loaded = await load(webhook, keys, unique);
    const cpu = await cpuOf(api);
    const apiMs = (cpu.user + cpu.system - used.user - used.system) / 1000;
    process.stdout.write(
      `${JSON.stringify({ ...loaded, api_cpu_ms_per_batch: Math.round((apiMs / loaded.batches) * 10) / 10 })}\n`,
    );
    const before = await countEvents(client);
    process.stdout.write(`${JSON.stringify(await forge(address, keys, sendIds))}\n`);
    const after = await countEvents(client);
    process.stdout.write(`${JSON.stringify({ recorded_events: before, recorded_by_forgeries: after - before })}\n`);
  } finally {
    api.disconnect();
    await once(api, 'exit');
  }
}

/** Processor time of the API so far, microseconds. */
async function cpuOf(api: ReturnType<typeof fork>): Promise<NodeJS.CpuUsage> {
  const answer = once(api, 'message');
  api.send('cpu');
  const [usage] = (await answer) as [NodeJS.CpuUsage];
  return usage;
}

/** Messages that left, one per property and contact, for one tenant. */
async function fill(client: pg.Client): Promise<string[]> {
  await client.query(`insert into tenants (id, slug, name) values ($1, 'bench', 'Bench')`, [TENANT]);
  await client.query(
    `insert into campaigns (tenant_id, id, name, sender, postal_address) values ($1, $1, 'Bench', '{}', '1 Bench St')`,
    [TENANT],
  );
  await client.query(
    `insert into campaign_steps (tenant_id, campaign_id, step, channel, template) values ($1, $1, 1, 'email', 'investor-email')`,
    [TENANT],
  );
  await client.query(
    `with n as (select gen_random_uuid() as id, md5(n::text) as hash from generate_series(1, $2::int) n),
       c as (insert into contacts (tenant_id, id, kind, time_zone, email_hash) select $1, id, 'investor', 'UTC', hash from n),
       p as (insert into properties (tenant_id, id, county_fips, status) select $1, id, '53033', 'contacted' from n)
     insert into outreach_messages (tenant_id, send_id, channel, contact_id, property_id, campaign_id, step, status, provider,
       unsubscribe_token, address_hash, sending_at, sent_at)
     select $1, id, 'email', id, id, $1, 1, 'sent', 'sendgrid', id::text, hash, now(), now() from n`,
    [TENANT, sends],
  );
  await client.query('analyze');
  const { rows } = await client.query<{ id: string }>(
    'select send_id as id from outreach_messages order by address_hash',
  );
  return rows.map((row) => row.id);
}

/** Posts on schedule. Latencies in milliseconds. */
async function load(webhook: string, keys: ReturnType<typeof generateKeyPair>, unique: readonly unknown[]) {
  const wanted = seconds * rate;
  const deliveries: { at: number; event: unknown }[] = [];
  for (let n = 0; deliveries.length < wanted; n += 1) {
    const times = 1 + Math.floor(random() * 3);
    // Repeats come up to three seconds later.
    for (let time = 0; time < times; time += 1) {
      deliveries.push({ at: n + random() * 50 + time * random() * 3 * rate, event: unique[n % unique.length] });
    }
  }
  const events = deliveries.sort((a, b) => a.at - b.at).map(({ event }) => event);
  const running: Promise<{ ms: number; recorded: number; duplicates: number; status: number }>[] = [];
  const started = performance.now();
  const loadBefore = loadavg()[0];
  for (let at = 0; at < events.length; ) {
    const batch = events.slice(at, at + 1 + Math.floor(random() * 100));
    const due = started + (at / rate) * 1000;
    const request = signBody(keys, JSON.stringify(batch));
    const waitMs = due - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    running.push(
      post(webhook, request).then(({ status, body }) => ({
        status,
        ms: performance.now() - Math.max(due, started),
        recorded: Number(body['recorded'] ?? 0),
        duplicates: Number(body['duplicates'] ?? 0),
      })),
    );
    at += batch.length;
  }
  const answers = await Promise.all(running);
  const elapsed = (performance.now() - started) / 1000;
  const times = answers.map((answer) => answer.ms).sort((a, b) => a - b);
  const quantile = (q: number) =>
    Math.round((times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? 0) * 10) / 10;
  const sum = (of: (answer: (typeof answers)[number]) => number) =>
    answers.reduce((total, answer) => total + of(answer), 0);
  return {
    batches: answers.length,
    events: events.length,
    seconds: Math.round(elapsed * 10) / 10,
    events_per_second: Math.round(events.length / elapsed),
    recorded: sum((answer) => answer.recorded),
    duplicates: sum((answer) => answer.duplicates),
    not_ok: answers.filter((answer) => answer.status !== 200).length,
    p50_ms: quantile(0.5),
    p95_ms: quantile(0.95),
    p99_ms: quantile(0.99),
    max_ms: quantile(1),
    load_before: loadBefore,
    load_after: loadavg()[0],
  };
}

/** Posts forgeries of every kind, sixteen at a time. */
async function forge(address: string, keys: ReturnType<typeof generateKeyPair>, sendIds: readonly string[]) {
  const queue = forgeries(Number(values.forgeries), keys, sendIds, random);
  const outcomes: Record<string, { refused: number; accepted: number }> = {};
  const total = queue.length;
  const started = performance.now();
  const drain = async () => {
    for (let next: Forgery | undefined = queue.pop(); next !== undefined; next = queue.pop()) {
      const { status } = await post(address + next.path, next.request);
      const outcome = outcomes[next.kind] ?? { refused: 0, accepted: 0 };
      outcome[status === 401 ? 'refused' : 'accepted'] += 1;
      outcomes[next.kind] = outcome;
    }
  };
  await Promise.all(Array.from({ length: 16 }, drain));
  const elapsed = (performance.now() - started) / 1000;
  const accepted = Object.values(outcomes).reduce((sum, one) => sum + one.accepted, 0);
  return { forgeries: total, accepted, per_second: Math.round(total / elapsed), kinds: outcomes, load: loadavg()[0] };
}

async function post(url: string, request: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url, request);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function countEvents(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from outreach_events');
  return rows[0]?.n ?? 0;
}
