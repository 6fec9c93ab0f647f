/**
 * Measures the dashboard in Chromium: the first view of a list over a million properties, how soon it can be used, how
 * long an event takes from its commit to the screen, frames a second while 100,000 rows are scrolled beside a bare virtual
 * list of the same row height, and what a browser loads first.
 *
 * Run: `npm run bench -- dashboard [--properties 1000000] [--keep DIR] [--views 5] [--events 20] [--json]`; `--events 0` leaves the events out. `--keep` is the
 * folder of `npm run bench -- api`. Aims: first content below 1.5 s, list usable below 3 s, event below 200 ms, 50 frames a
 * second or 0.9 of the bare list, 250 kB of script.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import react from '@vitejs/plugin-react';
import pg from 'pg';
import type { Page } from 'puppeteer';
import { build } from 'vite';
import { buildDashboard } from '../scripts/dashboard.ts';
import { issueAccessToken } from '../src/api/auth/access-token.ts';
import { TEST_TOKEN_KEYS } from '../test/support/identity.ts';
import { openTestBrowser } from '../test/web/support/browser.ts';
import { initialScripts } from '../test/web/support/budget.ts';
import { openPlace, type Place } from './parts/api-place.ts';
import { SEED_TENANT } from './parts/api-seed.ts';

const { values } = parseArgs({
  options: {
    properties: { type: 'string', default: '1000000' },
    keep: { type: 'string' },
    views: { type: 'string', default: '5' },
    events: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const DASHBOARD = fileURLToPath(new URL('../dist/web', import.meta.url));
const USER = '00000000-0000-4000-8000-00000000000b';
const tell = (words: string) => void process.stderr.write(`${words}\n`);
const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

/** Scrolls by 12 rows each frame for 4 s and counts the frames. */
const SCROLL = `new Promise((resolve) => {
  const scroller = document.querySelector('#scroller, [role=grid]');
  const started = performance.now();
  let frames = 0;
  const step = () => {
    frames += 1;
    scroller.scrollTop += 528;
    const passed = performance.now() - started;
    if (passed >= 4000) resolve(frames / (passed / 1000));
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

await buildDashboard();
const scrolling = await measureRows();
const place = await openPlace({ properties: Number(values.properties), slim: false, keep: values.keep }, tell);
try {
  const views = await measureViews(place);
  const result = {
    properties: place.properties,
    initial_script_bytes: initialScripts(DASHBOARD),
    ...views,
    ...scrolling,
    load_average: loadavg()[0],
  };
  const lines = Object.entries(result).map(([name, value]) => `${name}: ${String(value)}`);
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
} finally {
  await place.close();
}

/** Medians over fresh browsers of the first content and the usable list; events on an open list. */
async function measureViews({ url, adminUrl }: Place) {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(
    `insert into user_accounts (tenant_id, id, email, name, password_hash, role, tokens_valid_from)
     values ($1, $2, 'dashboard@example.com', 'Bench', 'none', 'admin', now() - interval '1 day') on conflict do nothing`,
    [SEED_TENANT, USER],
  );
  const accessToken = await issueAccessToken(TEST_TOKEN_KEYS, { tenantId: SEED_TENANT, userId: USER }, new Date());
  const user = { id: USER, email: 'dashboard@example.com', name: 'Bench', role: 'admin', status: 'active' };
  const session = JSON.stringify({ accessToken, refreshToken: 'none', expiresAt: Date.now() + 1_500_000, user });
  const api = fork(fileURLToPath(new URL('./parts/dashboard-serve.ts', import.meta.url)), [url, DASHBOARD]);
  const [address] = (await once(api, 'message')) as [string];
  const browser = await openTestBrowser(address);
  const contents: number[] = [];
  const usables: number[] = [];
  try {
    let delays: number[] = [];
    for (let view = 0; view < Number(values.views); view += 1) {
      const person = await browser.person({ width: 1440, height: 900 });
      await person.page.goto(`${address}/theme.js`);
      await person.page.evaluate(`localStorage.setItem('reos.session', ${JSON.stringify(session)})`);
      await person.page.goto(`${address}/properties`, { waitUntil: 'domcontentloaded' });
      await person.page.waitForSelector('[role=row][aria-rowindex="2"], [role=grid] [role=row]:nth-of-type(2)');
      usables.push((await person.page.evaluate('performance.now()')) as number);
      contents.push(
        (await person.page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`)) as number,
      );
      if (view === Number(values.views) - 1) delays = await measureEvents(person.page, admin);
      await person.close();
    }
    return {
      first_content_ms: Math.round(median(contents)),
      list_usable_ms: Math.round(median(usables)),
      ...(delays.length > 0 && {
        event_p50_ms: Math.round(median(delays)),
        event_max_ms: Math.round(Math.max(...delays)),
      }),
    };
  } finally {
    await browser.close();
    api.disconnect();
    await once(api, 'exit');
    await admin.end();
  }
}

/** A new score of the first property of the list, committed; how long until its figure is on the screen. */
async function measureEvents(page: Page, admin: pg.Client): Promise<number[]> {
  await page.waitForFunction(`document.querySelector('header [data-status]')?.dataset.status === 'live'`);
  const { rows } = await admin.query<{ id: string; score: number }>(
    `select id, bird_dog_score as score from properties where tenant_id = $1 order by coalesce(bird_dog_score, -1) desc, id desc limit 1`,
    [SEED_TENANT],
  );
  const delays: number[] = [];
  for (let turn = 0; turn < Number(values.events); turn += 1) {
    // Another than before, also where a run was broken off.
    const score = (rows[0]!.score === 99 ? 98 : 99) + (turn % 2 === 0 ? 0 : rows[0]!.score === 99 ? 1 : -1);
    await page.evaluate(`{
      const wanted = ${score};
      window.seenAt = undefined;
      window.observer?.disconnect();
      const first = () => document.querySelector('[role=grid]')?.textContent ?? '';
      const before = first();
      window.observer = new MutationObserver(() => { if (first() !== before) window.seenAt ??= Date.now(); });
      window.observer.observe(document.querySelector('[role=grid]'), { childList: true, subtree: true, characterData: true });
    }`);
    await admin.query('begin');
    await admin.query('update properties set bird_dog_score = $3 where tenant_id = $1 and id = $2', [
      SEED_TENANT,
      rows[0]!.id,
      score,
    ]);
    await admin.query(
      `insert into event_log (tenant_id, event_type, subject, correlation_id, property_id, payload, metadata)
       values ($1, 'property.scored', 'event.scoring.calculated', 'bench', $2, '{}', '{}')`,
      [SEED_TENANT, rows[0]!.id],
    );
    await admin.query(`select pg_notify('event_log', $1)`, [SEED_TENANT]);
    await admin.query('commit');
    const committed = Date.now();
    await page.waitForFunction('window.seenAt !== undefined', { polling: 20, timeout: 20_000 });
    delays.push(((await page.evaluate('window.seenAt')) as number) - committed);
    // The next one is no burst: those are taken together.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  }
  return delays;
}

/** Frames a second of the product's table and of the bare list, scrolled alike for 4 s, in turn. */
async function measureRows() {
  const out = mkdtempSync(join(tmpdir(), 'reos rows-'));
  await build({
    configFile: false,
    plugins: [react()],
    root: fileURLToPath(new URL('./parts/rows', import.meta.url)),
    build: { outDir: out, emptyOutDir: true },
    logLevel: 'warn',
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };
    const file = join(out, path === '/' ? 'index.html' : path);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/html' }).end(readFileSync(file));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await openTestBrowser(address);
  const frames: Record<'table' | 'bare', number[]> = { table: [], bare: [] };
  try {
    for (let turn = 0; turn < 3; turn += 1) {
      for (const kind of ['bare', 'table'] as const) {
        const person = await browser.person({ width: 1280, height: 800 });
        await person.page.goto(`${address}/${kind === 'bare' ? '?bare' : ''}`);
        await person.page.waitForSelector(kind === 'bare' ? '#scroller' : '[role=grid]');
        frames[kind].push((await person.page.evaluate(SCROLL)) as number);
        await person.close();
      }
    }
  } finally {
    await browser.close();
    server.close();
    rmSync(out, { recursive: true, force: true });
  }
  const [table, bare] = [median(frames.table), median(frames.bare)];
  return {
    table_frames_per_second: Math.round(table * 10) / 10,
    bare_frames_per_second: Math.round(bare * 10) / 10,
    table_to_bare: Math.round((table / bare) * 100) / 100,
  };
}
