import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { press, reads, textOf } from './support/hand.ts';
import { addColleague, registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { uploadSample } from './support/seed.ts';
import { startStreamProxy } from './support/stream-proxy.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

const ROWS = 40;
const ERRORS = /This did not work|does not answer|More than \d+ requests|no connection|could be asked for/;

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let best: string;
let person: Person;

beforeAll(async () => {
  // The limits of the product; heartbeats come often, so that a silence is short.
  system = await startDashboardSystem({}, { limits: undefined, streams: { heartbeatMs: 500 } });
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});
beforeEach(async () => {
  person = await browser.person();
});
afterEach(() => person.close());

const live = (page: Page) =>
  page.$eval('header [data-status]', (mark) => (mark as unknown as { dataset: { status?: string } }).dataset.status);

const scoredCount = async () => {
  const [row] = await system.database.query<{ scored: number }>(
    'select count(*)::int as scored from properties where bird_dog_score is not null',
  );
  return row!.scored;
};

/** Makes a time of the page's code shorter. */
const shorten = (page: Page, kind: 'setTimeout' | 'setInterval', from: number, to: number) =>
  page.evaluateOnNewDocument(`{
    const real = window.${kind};
    window.${kind} = (work, ms, ...more) => real(work, ms === ${from} ? ${to} : ms, ...more);
  }`);

describe('a burst of events under the free plan', { retry: 0 }, () => {
  it('stays within its requests a minute, with no error on the overview or the list, and every figure arrives', async () => {
    const { page } = person;
    const answers: Array<{ at: number; status: number }> = [];
    const list = await person.tab();
    for (const one of [page, list]) {
      one.on('response', (answer) => {
        if (answer.url().includes('/api/')) answers.push({ at: Date.now(), status: answer.status() });
      });
    }
    await signInto(person, system.url, admin);
    await page.goto(`${system.url}/`);
    await list.goto(`${system.url}/properties`);
    await settle(list);
    const seen: string[] = [];
    const look = setInterval(() => {
      for (const one of [page, list]) {
        textOf(one, 'main').then(
          (text) => {
            const wrong = ERRORS.exec(text);
            if (wrong !== null) seen.push(wrong[0]);
          },
          () => undefined,
        );
      }
    }, 250);
    try {
      await uploadSample(admin, ROWS);
      await reads(list, new RegExp(`${ROWS} properties`), 90_000);
      await reads(page, new RegExp(`properties\\s+${ROWS}\\b`, 'i'), 30_000);
      // A while of what happens to each of them.
      const until = Date.now() + 20_000;
      while (Date.now() < until && (await scoredCount()) < ROWS)
        await new Promise((resolve) => setTimeout(resolve, 500));
      if ((await scoredCount()) === ROWS) await reads(page, new RegExp(`scored\\s+${ROWS}\\b`, 'i'), 30_000);
    } finally {
      clearInterval(look);
    }
    expect(seen).toEqual([]);
    expect(answers.filter(({ status }) => status === 429)).toEqual([]);
    const inMinute = answers.map(({ at }) => answers.filter((one) => one.at >= at && one.at < at + 60_000).length);
    expect(Math.max(...inMinute)).toBeLessThan(240);
    expect(person.complaints).toEqual([]);
  });

  it('waits where the plan is used up, says until when, and goes on by itself', async () => {
    const { page } = person;
    await signInto(person, system.url, admin);
    await page.setRequestInterception(true);
    const end = Date.now() + 4_000;
    page.on('request', (request) => {
      const isRead = request.method() === 'GET' && /\/api\/v1\/(analytics|properties)/.test(request.url());
      if (!isRead || Date.now() > end) void request.continue();
      else {
        const headers = { 'Retry-After': '4' };
        void request.respond({ status: 429, headers, contentType: 'application/problem+json', body: '{}' });
      }
    });
    await page.goto(`${system.url}/properties`);
    await reads(page, /requests of your organisation’s plan are used up\. It goes on by itself at \d/, 3_500);
    expect(await page.$('main [role=alert]')).toBeNull();
    await reads(page, new RegExp(`${ROWS} properties`), 15_000);
  });
});

describe('a stream that is open but dead', () => {
  beforeAll(async () => {
    const [row] = await system.database.query<{ id: string }>('select id from properties order by id limit 1');
    best = row!.id;
  });
  it('is noticed, marked, and opened anew; what came meanwhile is shown', async () => {
    const proxy = await startStreamProxy(system.url);
    const other = await openTestBrowser(proxy.url);
    try {
      const there = await other.person();
      const { page } = there;
      await shorten(page, 'setTimeout', 45_000, 2_500);
      await signInto(there, proxy.url, admin);
      await page.goto(`${proxy.url}/properties/${best}`);
      await settle(page);
      await press(page, /^Timeline$/, 'main');
      await page.waitForSelector('textarea');
      await expect.poll(() => live(page), { timeout: 10_000 }).toBe('live');
      const before = proxy.streams();
      await page.evaluate(`{
        window.seen = new Set();
        const mark = document.querySelector('header [data-status]');
        new MutationObserver(() => window.seen.add(mark.dataset.status)).observe(mark, { attributes: true });
      }`);
      proxy.silence();
      await admin.api.POST('/api/v1/properties/{id}/comments', {
        params: { path: { id: best } },
        body: { body: 'Said into the silence' },
      });
      await reads(page, /Said into the silence/, 15_000);
      await expect.poll(() => live(page), { timeout: 5_000 }).toBe('live');
      expect(await page.evaluate('[...window.seen]')).toContain('cut');
      expect(proxy.streams()).toBeGreaterThan(before);
      expect(there.complaints).toEqual([]);
    } finally {
      await other.close();
      await proxy.close();
    }
  });
});

describe('a role that hears no events', { retry: 0 }, () => {
  it('has its figures asked for again now and then, and is told so', async () => {
    const { page } = person;
    const ops = await addColleague(system.url, admin, 'ops');
    await shorten(page, 'setInterval', 20_000, 1_500);
    await signInto(person, system.url, ops);
    await page.goto(`${system.url}/`);
    await settle(page);
    expect(await live(page)).toBe('off');
    expect(await page.$eval('header [data-status]', (mark) => mark.getAttribute('title'))).toMatch(/every 20 seconds/);
    expect(await textOf(page, 'main')).not.toMatch(/left alone/);
    const { response } = await admin.api.POST('/api/v1/properties/{id}/suppress', {
      params: { path: { id: best } },
      body: { reason: 'Sold already' },
    });
    expect(response.status).toBe(202);
    // The pipeline counts it: whether it is among the best properties depends on its score.
    await reads(page, /1 left alone/, 15_000);
    expect(await textOf(page, 'main')).not.toMatch(ERRORS);
  });
});
