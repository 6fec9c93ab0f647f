import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { HTTPRequest, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { fill, press, reads, textOf } from './support/hand.ts';
import { addressParam, firstRow, HELD, INK, requestsDuring, scrollTo } from './support/list.ts';
import { registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { quietEvents, seedProperties } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let person: Person;
let page: Page;

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  await seedProperties(system, admin, 40);
  await quietEvents(system);
  person = await browser.person({ width: 1440, height: 900 });
  page = person.page;
  await signInto(person, system.url, admin);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

/** A morning's work: a long list, gone through with the detail open. */
describe('the list, one property after the other', { retry: 0 }, () => {
  it('shows the next property at once, with at most three requests a step', async () => {
    await page.goto(`${system.url}/properties`);
    await settle(page);
    await firstRow(page);
    await page.keyboard.press('Enter');
    await page.waitForSelector('aside[aria-label="Detail of the property"] article');
    await settle(page);
    await new Promise((done) => setTimeout(done, 1_000));
    const counts: string[][] = [];
    for (let step = 0; step < 5; step += 1) {
      const before = await addressParam(page, 'property');
      const asked = await requestsDuring(page, async () => {
        await page.keyboard.press('j');
        await page.waitForFunction(`new URLSearchParams(location.search).get('property') !== '${before}'`);
        // Not a moment without a property: the next was asked for ahead.
        expect(await page.evaluate(`document.querySelector('aside article') !== null`)).toBe(true);
        await settle(page);
        await new Promise((done) => setTimeout(done, 700));
      });
      counts.push(asked);
    }
    // An event of the pipeline in between asks for more: the step in the middle tells what a step costs.
    const [, , middle = 99] = counts.map(({ length }) => length).sort((a, b) => a - b);
    expect(middle, JSON.stringify(counts, null, 1)).toBeLessThanOrEqual(3);
  });

  it('asks about none of those that are only passed', async () => {
    const asked = await requestsDuring(page, async () => {
      await page.evaluate(HELD);
      await new Promise((done) => setTimeout(done, 1_500));
      await settle(page);
    });
    const details = asked.filter((path) => /^\/api\/v1\/properties\/[0-9a-f-]{36}$/.test(path));
    // The first step, where it ends, and the neighbours of that.
    expect(details.length, asked.join('\n')).toBeLessThanOrEqual(5);
  });

  it('stays at the part that is looked at', async () => {
    await scrollTo(page, 'comparables');
    await page.keyboard.press('k');
    await page.waitForFunction(`new URLSearchParams(location.search).get('at') === 'comparables'`);
    await settle(page);
    await new Promise((done) => setTimeout(done, 2_500));
    expect(Math.abs(await topOf('comparables'))).toBeLessThan(90);
    await page.keyboard.press('k');
    await settle(page);
    await new Promise((done) => setTimeout(done, 2_500));
    expect(Math.abs(await topOf('comparables'))).toBeLessThan(90);
  });

  it('shows the pages of the memo with one key, and those of the next property after a step', async () => {
    await page.goto(`${system.url}/properties`);
    await settle(page);
    await firstRow(page);
    await page.keyboard.press('m');
    await page.waitForSelector('#property-memo canvas[data-drawn]');
    expect(await page.evaluate(INK)).toBeGreaterThan(500);
    expect(await page.$eval('#property-memo [aria-label="Pages of the memo"]', (one) => one.textContent)).toMatch(
      /score/i,
    );
    await page.keyboard.press('j');
    await page.waitForFunction(`new URLSearchParams(location.search).get('at') === 'memo'`);
    await page.waitForSelector('#property-memo canvas[data-drawn]');
    expect(person.complaints).toEqual([]);
  });

  it('decides by one key: takes it, has done it, and takes that back', async () => {
    await page.goto(`${system.url}/properties`);
    await settle(page);
    await firstRow(page);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('aside article');
    const id = await addressParam(page, 'property');
    const mine = () =>
      system.database.query<{ done: boolean }>(
        `select completed_at is not null as done from assignments where property_id = '${id}'`,
      );
    await page.keyboard.press('a');
    await expect.poll(mine).toEqual([{ done: false }]);
    await reads(page, /is yours now/);
    await page.keyboard.press('d');
    await expect.poll(mine).toEqual([{ done: true }]);
    await reads(page, /is done/);
    await page.keyboard.press('u');
    await expect.poll(mine).toEqual([{ done: false }]);
  });

  it('asks before it asks sources that can cost money', async () => {
    const asked = await requestsDuring(page, async () => {
      await page.keyboard.press('e');
      await page.waitForSelector('dialog[open]');
      expect(await textOf(page, 'dialog[open]')).toMatch(/charged within your budgets/);
      await page.keyboard.press('Escape');
      await page.waitForFunction(`document.querySelector('dialog[open]') === null`);
    });
    expect(asked.filter((path) => path.endsWith('/re-enrich'))).toEqual([]);
  });

  it('passes on one and goes to the next; what is undone was never done', async () => {
    const first = await addressParam(page, 'property');
    const statusOf = async (id: string | null) =>
      (await system.database.query<{ status: string }>(`select status from properties where id = '${id}'`))[0]?.status;
    await page.keyboard.press('p');
    await page.waitForFunction(`new URLSearchParams(location.search).get('property') !== '${first}'`);
    await reads(page, /Passed on/);
    await page.keyboard.press('u');
    await reads(page, /Undone/).catch(() => undefined);
    const second = await addressParam(page, 'property');
    await page.keyboard.press('p');
    await expect.poll(() => statusOf(second), { timeout: 40_000, interval: 500 }).toBe('suppressed');
    expect(await statusOf(first)).not.toBe('suppressed');
  });

  it('keeps what was typed about a deal over a step and back, and over a reload', async () => {
    await page.goto(`${system.url}/properties`);
    await settle(page);
    await firstRow(page);
    await page.keyboard.press('Enter');
    await page.waitForSelector('aside article');
    await scrollTo(page, 'deal');
    await fill(page, 'Bought for, $', '123000');
    await page.evaluate(`document.querySelector('[role=grid]').focus()`);
    const typed = `[...document.querySelectorAll('#property-deal input')].some((one) => one.value === '123000')`;
    expect(await page.evaluate(typed)).toBe(true);
    await page.keyboard.press('j');
    await page.waitForFunction(`document.querySelector('#property-deal input') !== null && !${typed}`);
    await page.keyboard.press('k');
    await page.waitForFunction(typed);
    await page.reload();
    await page.waitForFunction(typed);
  });

  it('exports all that fits the filters, in the order of the list, as a file; one that breaks off leaves none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reos downloads '));
    try {
      const downloads = await page.createCDPSession();
      await downloads.send('Browser.setDownloadBehavior', {
        behavior: 'allow',
        downloadPath: folder,
        browserContextId: page.browserContext().id!,
      });
      await page.goto(`${system.url}/properties?min_sqft=1500`);
      await settle(page);
      const wanted = await system.database.query<{ id: string }>(
        `select id from properties where sqft >= 1500 order by coalesce(bird_dog_score, -1) desc, id desc`,
      );
      expect(wanted.length).toBeGreaterThan(2);
      const exportAll = 'button[aria-label$=", all that fit"]';
      expect(await textOf(page, exportAll)).toBe(`Export ${wanted.length}`);
      await page.click(exportAll);
      await reads(page, new RegExp(`${wanted.length} properties exported, [\\d.]+ KB`));
      const read = () => readFile(join(folder, 'properties.csv'), 'utf8').catch(() => '');
      await expect.poll(async () => (await read()).split('\r\n').length).toBe(wanted.length + 2);
      const ids = (parse(await read(), { columns: true }) as { id: string }[]).map(({ id }) => id);
      expect(ids).toEqual(wanted.map(({ id }) => id));
      await rm(join(folder, 'properties.csv'));
      await page.setRequestInterception(true);
      const cut = (request: HTTPRequest) =>
        void (/\/export\?/.test(request.url()) ? request.abort('failed') : request.continue());
      page.on('request', cut);
      try {
        await page.click(exportAll);
        await reads(page, /The export broke off, and no file was made/);
      } finally {
        page.off('request', cut);
        await page.setRequestInterception(false);
      }
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('opens the queue of what was not looked at, and narrows by it', async () => {
    await page.goto(`${system.url}/properties`);
    await settle(page);
    await press(page, /^Not looked at yet$/, 'aside');
    await page.waitForFunction(`new URLSearchParams(location.search).has('unseen_by')`);
    await settle(page);
    const [{ seen = 0, all = 0 } = {}] = await system.database.query<{ seen: number; all: number }>(
      `select (select count(*)::int from property_views) as seen, (select count(*)::int from properties) as all`,
    );
    expect(seen).toBeGreaterThan(2);
    await reads(page, new RegExp(`\\b${all - seen} properties`));
    await press(page, /^Clear all$/, 'main');
    await page.waitForFunction(`!new URLSearchParams(location.search).has('unseen_by')`);
    await page.waitForFunction(`document.activeElement !== document.body`);
  });

  it('opens a saved search by its id alone, as its alerts do', async () => {
    const { data } = await admin.api.POST('/api/v1/saved-searches', {
      body: { name: 'Large ones', filter: { min_sqft: 2_500, sort: '-updated_at' }, shared: false },
    });
    await page.goto(`${system.url}/properties?saved=${data!.id}`);
    await page.waitForFunction(`new URLSearchParams(location.search).get('min_sqft') === '2500'`);
    expect(await addressParam(page, 'sort')).toBe('-updated_at');
    expect(await addressParam(page, 'saved')).toBe(data!.id);
    await settle(page);
    const [{ count = -1 } = {}] = await system.database.query<{ count: number }>(
      `select count(*)::int as count from properties where sqft >= 2500`,
    );
    await reads(page, new RegExp(`\\b${count} propert`));
    await page.goto(`${system.url}/properties?saved=0195b9a0-0000-4000-8000-000000000001`);
    await reads(page, /That saved search is gone/);
    expect(person.complaints).toEqual([]);
  });
});

function topOf(part: string): Promise<number> {
  return page.evaluate(
    `document.getElementById('property-${part}').getBoundingClientRect().top - document.querySelector('aside[aria-label^="Detail"]').getBoundingClientRect().top`,
  ) as Promise<number>;
}
