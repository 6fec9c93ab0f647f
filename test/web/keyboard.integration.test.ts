import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { comesInto, reads, textOf } from './support/hand.ts';
import { keysOf } from './support/keys.ts';
import { PASSWORD, registerOrganisation, type SignedUp } from './support/people.ts';
import { seedProperties } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let best: string;
let person: Person;
let page: Page;
const { expectSeen, focused, press, tabBack, tabTo } = keysOf(() => page);

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  best = await seedProperties(system, admin, 72);
  person = await browser.person();
  page = person.page;
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

/** One day's work of somebody without a mouse, each step where the one before left the focus. */
describe('without a mouse', { retry: 0 }, () => {
  it('signs in', async () => {
    await page.goto(`${system.url}/sign-in`);
    await page.waitForSelector('input[type=email]');
    await tabTo(/E-mail address/);
    await page.keyboard.type(admin.email);
    await tabTo(/^Password/);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`location.pathname !== '/sign-in'`);
    await settle(page);
  });

  it('skips to the content, and goes to another screen by the main navigation', async () => {
    await page.goto(`${system.url}/`);
    await settle(page);
    await press('Tab');
    expect((await focused()).name).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await press('Tab');
    expect(await page.evaluate(`document.activeElement.closest('main') !== null`)).toBe(true);
    await page.goto(`${system.url}/`);
    await settle(page);
    await tabTo(/^Properties$/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`location.pathname === '/properties'`);
    await settle(page);
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
  });

  it('goes through the list by j and k, opens, asks again, reads the memo, closes, and is where it was', async () => {
    await page.waitForSelector('[role=grid] [role=row][aria-rowindex="2"]');
    await tabTo(/^Properties$/, 60, '[role=grid]');
    await page.keyboard.press('Home');
    await press('j');
    await press('j');
    await press('k');
    expect(await activeRow()).toMatch(/-1$/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`new URLSearchParams(location.search).has('property')`);
    const opened = await openedProperty();
    await press('j');
    await page.waitForFunction(`new URLSearchParams(location.search).get('property') !== ${JSON.stringify(opened)}`);
    await press('k');
    await page.waitForFunction(`new URLSearchParams(location.search).get('property') === ${JSON.stringify(opened)}`);
    await press('e');
    await page.waitForSelector('dialog[open]');
    await tabTo(/^Ask again$/, 10);
    await page.keyboard.press('Enter');
    await reads(page, /data sources are asked again about/);
    await press('m');
    await page.waitForFunction(`document.activeElement.id === 'property-memo'`);
    // What is above it still grows; it is gone to again.
    await expect.poll(async () => (await focused()).fault).toBe('');
    await press('Escape');
    await page.waitForFunction(`!new URLSearchParams(location.search).has('property')`);
    await page.waitForFunction(`document.activeElement.getAttribute('role') === 'grid'`);
    // What was asked again may have moved it in the list: the active row is that house still.
    await page.keyboard.press('Enter');
    await page.waitForFunction(`new URLSearchParams(location.search).has('property')`);
    expect(await openedProperty()).toBe(opened);
    await press('Escape');
    await page.waitForFunction(`!new URLSearchParams(location.search).has('property')`);
    await page.waitForFunction(`document.activeElement.getAttribute('role') === 'grid'`);
    const row = await activeRow();
    await page.keyboard.press('ArrowDown');
    await expect.poll(activeRow).not.toBe(row);
  });

  it('narrows the list by a filter, and takes it back', async () => {
    await tabBack(/^ZIP code/, 60, 'input');
    await page.keyboard.type('98115');
    await page.keyboard.press('Enter');
    await page.waitForFunction(`new URLSearchParams(location.search).toString().includes('98115')`);
    await settle(page);
    // The field keeps the focus: the next key goes on from there.
    expect((await focused()).name).toMatch(/^ZIP code/);
    await tabBack(/^Clear all$/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`!new URLSearchParams(location.search).toString().includes('98115')`);
  });

  it('opens the keys in a dialog that keeps the focus, leaves by Escape, and is where it was', async () => {
    await tabTo(/^Properties$/, 80, '[role=grid]');
    await page.keyboard.type('?');
    await page.waitForSelector('dialog[open]');
    for (let count = 0; count < 6; count += 1) {
      await press('Tab');
      // The browser's own bars take a turn: then nothing of the page has the focus.
      expect(
        await page.evaluate(
          `document.activeElement === document.body || document.activeElement.closest('dialog[open]') !== null`,
        ),
      ).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.waitForFunction(`document.querySelector('dialog[open]') === null`);
    await expect.poll(() => page.evaluate(`document.activeElement.getAttribute('role')`)).toBe('grid');
  });

  it('leaves a comparable out by the space bar, and the value follows', async () => {
    // The best of the moment may be a house like no other.
    const [compared] = await system.database.query<{ id: string }>(
      `select property_id as id from property_scores where json_array_length(comparables) >= 5
       order by bird_dog_score desc, property_id limit 1`,
    );
    await page.goto(`${system.url}/properties/${compared!.id}`);
    await settle(page);
    await tabTo(/^Comparables$/, 80);
    await page.keyboard.press('Enter');
    await comesInto(
      page,
      '#property-comparables',
      'input[type=checkbox][aria-label^="Use the sale of"]:checked:not(:disabled)',
    );
    await tabTo(/^Use the sale of/, 80);
    const before = await textOf(page, 'dl[aria-live=polite] [data-main]');
    const name = (await focused()).name;
    await page.keyboard.press('Space');
    await expect.poll(() => textOf(page, 'dl[aria-live=polite] [data-main]'), { timeout: 20_000 }).not.toBe(before);
    expect((await focused()).name).toBe(name);
  });

  it('writes a comment and sends it', async () => {
    await tabBack(/^Timeline$/, 80, 'a');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#property-timeline textarea');
    await settle(page);
    await tabTo(/^Comment/, 20);
    await page.keyboard.type('Written without a mouse');
    await press('Tab');
    expect((await focused()).name).toBe('Comment');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await system.database.query(`select 1 from comments where body like 'Written%'`)).length)
      .toBe(1);
    await page.waitForFunction(`document.querySelector('#property-timeline textarea').value === ''`);
    await expect.poll(() => page.evaluate(`document.activeElement !== document.body`)).toBe(true);
  });

  it('stores a campaign', async () => {
    await page.goto(`${system.url}/campaigns/new`);
    await settle(page);
    for (const [label, text] of [
      [/^Name of the campaign/, 'By keys'],
      [/^Sender’s name/, 'Example Homes'],
      [/^Sender’s e-mail/, 'deals@example.com'],
      [/^Postal address/, 'Example Homes, 1 Example Way, Seattle, WA 98101'],
    ] as const) {
      await tabTo(label, 80);
      await page.keyboard.type(text);
    }
    await tabTo(/^Save draft and preview$/, 80);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`/^\\/campaigns\\/[0-9a-f-]{36}/.test(location.pathname)`, { timeout: 20_000 });
  });

  it('switches the theme, and the focus is seen in both', async () => {
    await page.goto(`${system.url}/settings`);
    await settle(page);
    const background = () => page.evaluate(`getComputedStyle(document.body.parentElement).backgroundColor`);
    const before = await background();
    await tabTo(/^Use the dark theme$/);
    await page.keyboard.press('Enter');
    await expect.poll(background).not.toBe(before);
    await expectSeen();
    await page.keyboard.press('Enter');
    await expect.poll(background).toBe(before);
    expect(person.complaints).toEqual([]);
  });

  it.each([
    ['overview', '/', 1280],
    ['list', '/properties', 1280],
    ['property', '/properties/{property}', 1280],
    ['campaign builder', '/campaigns/new', 1280],
    ['contacts', '/contacts', 1280],
    ['operations', '/operations', 1280],
    ['settings', '/settings', 1280],
    ['overview on a phone', '/', 390],
    ['property on a phone', '/properties/{property}', 390],
  ])('sees where the focus is, all the way through: %s', async (_, path, width) => {
    await page.setViewport({ width, height: 860 });
    await page.goto(system.url + path.replace('{property}', best));
    await settle(page);
    const missing = new Set<string>();
    for (let count = 0; count < 70; count += 1) {
      await page.keyboard.press('Tab');
      const at = await focused();
      if (at.isBody) break;
      if (at.fault !== '') missing.add(`${at.what}: ${at.fault}`);
    }
    expect([...missing]).toEqual([]);
  });
});

function activeRow(): Promise<string | null> {
  return page.evaluate(`document.querySelector('[role=grid]').getAttribute('aria-activedescendant')`) as Promise<
    string | null
  >;
}

function openedProperty(): Promise<string> {
  return page.evaluate(`new URLSearchParams(location.search).get('property')`) as Promise<string>;
}
