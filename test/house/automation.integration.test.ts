import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventFeed, startEventFeed } from '../../src/api/events/feed.ts';
import { startWebhookRelay, type WebhookRelay } from '../../src/api/outgoing/relay.ts';
import { createWebhookPost } from '../../src/api/outgoing/send.ts';
import { serveApi } from '../../src/api/serve.ts';
import { createApi } from '../../src/api/server.ts';
import { appendEvent } from '../../src/db/queries/events.ts';
import { createSealer } from '../../src/db/sealer.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { choosePort } from '../../src/runtime/ports.ts';
import { apiDeps } from '../api/setup.ts';
import { createTestApi, type TestApi } from '../support/api.ts';

const run = promisify(execFile);
const text = readFileSync('docs/automation.md', 'utf8');
/** The document's examples by their names. */
const blocks = new Map(
  [...text.matchAll(/^```(?:sh|js|python) (\S+)\n([\s\S]*?)^```/gm)].map(([, name = '', code = '']) => [name, code]),
);
const logger = pino({ level: 'silent' });
const PROPERTY = '0b6f6a35-6f6e-5f0a-9f0a-3a4f4a3b2c1d';

let api: TestApi;
let feed: EventFeed;
let relay: WebhookRelay;
let server: Awaited<ReturnType<typeof serveApi>>;
let folder: string;
let env: Record<string, string>;
let receiverPort: number;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reos automation '));
  for (const [name, code] of blocks) writeFileSync(join(folder, name), code);
  receiverPort = await choosePort(0);
  api = await createTestApi();
  const { db, url } = api.database;
  const sealer = createSealer(randomBytes(32).toString('hex'));
  const trustedOrigins = [`http://127.0.0.1:${receiverPort}`];
  feed = startEventFeed({ db, url, logger, pollMs: 50 });
  const post = createWebhookPost({ userAgent: 'test/1', trustedOrigins });
  relay = startWebhookRelay({ db, logger, clock: () => new Date(), sealer, post, pollMs: 50 });
  const app = createApi(apiDeps({ db, feed, sealer, webhooks: { trustedOrigins, wake: relay.wake } }));
  server = await serveApi(app, { port: 0, host: '127.0.0.1' });
  const { key } = await api.asKey(['timeline:read', 'webhooks:update']);
  env = {
    PATH: process.env['PATH'] ?? '',
    REOS_API: server.url,
    REOS_API_KEY: key,
    CURSOR_FILE: join(folder, 'cursor'),
  };
});
afterAll(async () => {
  for (const child of children) child.kill();
  await feed?.stop();
  await server?.close();
  await relay?.stop();
  await api?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a named example of the document as it stands, but for the receiver's port. */
async function shell(name: string, more: Record<string, string> = {}): Promise<never> {
  const code = blocks.get(name)?.replaceAll(':5678', `:${receiverPort}`);
  const { stdout } = await run('bash', ['-euc', code ?? `echo no block ${name}; exit 1`], { env: { ...env, ...more } });
  return JSON.parse(stdout) as never;
}

/** Starts a program and gathers its lines. */
function start(command: string, file: string, more: Record<string, string>): string[] {
  const lines: string[] = [];
  const child = spawn(command, [join(folder, file)], {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString('utf8').trim().split('\n')));
  children.push(child);
  return lines;
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await sleep(30);
  }
}
const isUp = () =>
  fetch(`http://127.0.0.1:${receiverPort}/`, { method: 'POST', body: '{}' }).then(
    ({ status }) => status === 401,
    () => false,
  );
const emit = () =>
  withTenant(api.database.db, api.database.tenantId, (trx) =>
    appendEvent(trx, {
      eventType: 'property.scored',
      propertyId: PROPERTY,
      correlationId: 'c',
      payload: {},
      source: 'test',
    }),
  );

describe('docs/automation.md', () => {
  it.each([
    ['node', 'receive.mjs'],
    ['python3', 'receive.py'],
  ])('%s: the receiver takes what is signed, once, and refuses everything else', async (command, file) => {
    const { id, secret } = (await shell('create')) as { id: string; secret: string };
    const lines = start(command, file, { WEBHOOK_SECRET: secret, PORT: String(receiverPort) });
    await until(isUp);
    const named = { WEBHOOK_ID: id };
    expect(await shell('ping', named)).toMatchObject({ event_type: 'webhook.ping', status: 'pending' });
    await until(() => lines.some((line) => line.startsWith('webhook.ping')));
    await emit();
    await until(() => lines.some((line) => line.startsWith(`property.scored ${PROPERTY} `)));
    await until(async () => {
      const { items } = (await shell('deliveries', named)) as { items: { status: string }[] };
      return items.length === 2 && items.every(({ status }) => status === 'delivered');
    });
    const rotated = (await shell('rotate', named)) as { secret: string };
    expect(rotated.secret).not.toBe(secret);
    // The receiver still has the secret before.
    await shell('ping', named);
    await until(() => lines.length === 3);
    await api.database.query(`update webhook_endpoints set status = 'disabled'`);
    const since = new Date().toISOString();
    await emit();
    expect(await shell('enable', named)).toMatchObject({ status: 'active' });
    // When the relay has not come to the event yet it sends it by itself.
    expect(await shell('replay', { ...named, SINCE: since })).toMatchObject({ has_more: false });
    await until(() => lines.length === 4);
    const before = lines.length;
    await api.database.query(`update webhook_deliveries set status = 'pending', next_attempt_at = now()`);
    await until(async () => {
      const { items } = (await shell('deliveries', named)) as { items: { status: string }[] };
      return items.every(({ status }) => status === 'delivered');
    });
    expect(lines).toHaveLength(before);
    children.pop()?.kill();
    await until(async () => !(await isUp()));
    await api.database.query('delete from webhook_endpoints');
  });

  it('polling misses nothing and repeats nothing', async () => {
    const first = (await shell('poll-start')) as { items: unknown[]; next: string };
    expect(first.items).toEqual([]);
    await emit();
    await until(async () => ((await shell('poll', { NEXT: first.next })) as { items: unknown[] }).items.length === 1);
    const seen: string[] = [];
    const poll = async () => {
      const { stdout } = await run('node', [join(folder, 'poll.mjs')], { env });
      seen.push(...stdout.split('\n').filter((line) => line !== ''));
    };
    await poll();
    await emit();
    await emit();
    const all = await api.database.query('select event_id from event_log');
    await until(async () => {
      await poll();
      return seen.length >= all.length;
    });
    const ids = seen.map((line) => line.split(' ').at(-1));
    expect(new Set(ids)).toEqual(new Set(all.map(({ event_id }) => event_id)));
    expect(ids).toHaveLength(all.length);
  });
});
