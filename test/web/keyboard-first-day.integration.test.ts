import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { playDelivery } from './support/delivered-mail.ts';
import { reads, textOf } from './support/hand.ts';
import { keysOf } from './support/keys.ts';
import { oddFile } from './support/odd-file.ts';
import { addColleague, apiOfPage, PASSWORD } from './support/people.ts';
import { seedInvestor } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

const ROWS = 60;
const IMPORT = new RegExp(`Import ${ROWS} rows`);

let system: DashboardSystem;
let browser: TestBrowser;
let person: Person;
let page: Page;
let folder: string;
const { confirm, focused, press, tabBack, tabTo } = keysOf(() => page);

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  person = await browser.person({ width: 1440, height: 900 });
  page = person.page;
  folder = await mkdtemp(join(tmpdir(), 'reos first day '));
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The first day of somebody without a mouse: every key is pressed, and each step looks at where the focus is. */
describe('the first day, without a mouse', { retry: 0, timeout: 300_000 }, () => {
  it('signs up, and is in the guide', async () => {
    await page.goto(`${system.url}/register`);
    await page.waitForSelector('input[type=password]');
    for (const [name, text] of [
      [/^Organisation/, 'Key Homes'],
      [/^Your name/, 'Kay Keys'],
      [/^E-mail address/, 'kay@example.com'],
      [/^Password/, PASSWORD],
    ] as const) {
      await tabTo(name, 30, 'input');
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await page.waitForFunction(`location.pathname === '/start'`);
    await settle(page);
  });

  it('chooses a file, says what two of its columns hold, and imports it', async () => {
    const file = join(folder, 'sales.csv');
    await writeFile(file, oddFile(ROWS));
    await tabTo(/^County of the rows/, 40, 'select');
    await page.keyboard.type('King');
    expect(await page.evaluate('document.activeElement.value')).toBe('king-wa');
    await tabTo(/^Choose a file$/, 10);
    const chooser = page.waitForFileChooser();
    // The browser hears of the wait before the key: else it would open the system's own dialog.
    await settle(page);
    await page.keyboard.press('Enter');
    await (await chooser).accept([file]);
    await page.waitForFunction(`new URLSearchParams(location.search).has('import')`);
    await page.waitForSelector('::-p-aria(What “Amt paid ($)” holds)');
    await settle(page);
    for (const [column, words, field] of [
      [/^What “Tax Lot Ref/, 'Parcel number', 'ParcelNumber'],
      [/^What “Amt paid/, 'Sale price', 'ClosePrice'],
    ] as const) {
      await tabTo(column, 120, 'select');
      await page.keyboard.type(words);
      expect(await page.evaluate('document.activeElement.value')).toBe(field);
      await settle(page);
    }
    await reads(page, IMPORT);
    await tabTo(IMPORT, 160, 'button');
    await page.keyboard.press('Enter');
    await reads(page, /The pipeline, as it happens|All properties are through/, 60_000);
  });

  it('watches the pipeline to its end, which comes by itself', async () => {
    await reads(page, /Property [0-9a-f]{8} (is scored|has its memo)|All properties are through/, 120_000);
    await reads(page, /All properties are through/, 240_000);
    expect(await textOf(page, 'ol[aria-label="Properties by stage"]')).toMatch(/Waiting\s*0\b/);
  });

  it('reads the memo of the best property in the guide, and opens the property', async () => {
    await page.waitForSelector('canvas[data-drawn]', { timeout: 60_000 });
    await settle(page);
    await readMemo();
    await tabBack(/^Open the property/, 15, 'a');
    await page.keyboard.press('Enter');
    await page.waitForFunction(`location.pathname.startsWith('/properties/')`);
    await settle(page);
  });

  it('names a colleague in a comment by the list that @ opens', async () => {
    await addColleague(system.url, { api: await apiOfPage(page, system.url) }, 'analyst');
    await tabTo(/^Timeline$/, 60, 'a');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#property-timeline textarea');
    await settle(page);
    await tabTo(/^Comment/, 20, 'textarea');
    await page.keyboard.type('Please look, @Una');
    await page.waitForFunction(
      `/^Una analyst$/.test(document.querySelector('[role=listbox][aria-label=Colleagues]')?.innerText.trim())`,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(`/, @Una analyst $/.test(document.activeElement.value)`);
    await press('Tab');
    expect((await focused()).name).toBe('Comment');
    await page.keyboard.press('Enter');
    const mentions = async () => (await system.database.query('select 1 from mentions')).length;
    await expect.poll(mentions, { timeout: 10_000 }).toBe(1);
  });

  it('selects some of the list and tags them together, and takes that back', async () => {
    await openList();
    await tabTo(/^Properties$/, 80, '[role=grid]');
    await page.keyboard.press('Home');
    for (const key of ['x', 'j', 'x'] as const) await press(key);
    await reads(page, /2 selected/);
    await tabTo(/^Tag$/, 80, 'button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    await tabTo(/^Name of the new tag/, 10, 'input');
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    const tagged = async () => (await system.database.query('select 1 from property_tags')).length;
    await expect.poll(tagged, { timeout: 20_000 }).toBe(2);
    await reads(page, /2 properties tagged/);
    await page.keyboard.press('u');
    await expect.poll(tagged, { timeout: 20_000 }).toBe(0);
  });

  it('reads the memo of a property of the list by one key', async () => {
    await openList();
    await page.keyboard.press('j');
    await page.keyboard.press('m');
    await page.waitForSelector('#property-memo canvas[data-drawn]');
    await page.waitForFunction(`document.activeElement.id === 'property-memo'`);
    await readMemo();
  });

  it('builds a campaign, reads what would be sent, approves it, and has it run', async () => {
    await seedInvestor({ api: await apiOfPage(page, system.url) });
    await page.goto(`${system.url}/campaigns/new`);
    await settle(page);
    for (const [label, text] of [
      [/^Name of the campaign/, 'Without a mouse'],
      [/^Lowest score/, '40'],
      [/^Sender’s name/, 'Key Homes'],
      [/^Sender’s e-mail/, 'deals@example.com'],
      [/^Postal address/, 'Key Homes, 1 Example Way, Seattle, WA 98101'],
    ] as const) {
      await tabTo(label, 90, 'input, textarea');
      await page.keyboard.type(text);
    }
    await tabTo(/^Send at certain hours only/, 40, 'input');
    await page.keyboard.press('Space');
    expect(await page.evaluate('document.activeElement.checked')).toBe(false);
    await tabTo(/^Save draft and preview$/, 40);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`/^\\/campaigns\\/[0-9a-f-]{36}/.test(location.pathname)`, { timeout: 20_000 });
    await reads(page, /Messages of a run now\s*[1-9]/, 30_000);
    await settle(page);
    await tabTo(/^As text alone$/, 120);
    await page.keyboard.press('Enter');
    await page.waitForSelector('main pre');
    expect(await textOf(page, 'main pre')).toMatch(/Key Homes/);
    await tabBack(/^Approve…$/, 120);
    await confirm(/^Approve$/);
    await reads(page, /Run now…/);
    await tabTo(/^Run now…$/, 60);
    await confirm(/^Run now$/);
    await expect.poll(async () => (await sentMessages()).length, { timeout: 90_000, interval: 500 }).toBeGreaterThan(0);
  });

  it('sees the event of a signed webhook appear', async () => {
    await tabTo(/^Preview$/, 60, '[role=tab]');
    await press('ArrowLeft');
    expect((await focused()).name).toBe('Results');
    await page.waitForFunction(`document.querySelector('header [data-status]')?.dataset.status === 'live'`);
    await playDelivery(system, (await sentMessages())[0]!);
    await reads(page, /Delivered\s*1\b/, 20_000);
    expect((await focused()).name).toBe('Results');
    expect(person.complaints).toEqual([]);
    expect(system.faults).toEqual([]);
  });
});

async function openList(): Promise<void> {
  await page.goto(`${system.url}/properties`);
  await page.waitForSelector('[role=grid] [role=row][aria-rowindex="2"]');
  await settle(page);
}

/** Goes to the pages of the memo, and on in them. */
async function readMemo(): Promise<void> {
  await tabTo(/^Pages of the memo$/, 60);
  await page.keyboard.press('PageDown');
  await expect.poll(() => page.evaluate('document.activeElement.scrollTop'), { timeout: 5_000 }).toBeGreaterThan(100);
}

function sentMessages(): Promise<Array<{ sendId: string; sentAt: Date }>> {
  return system.database.query(
    `select send_id as "sendId", sent_at as "sentAt" from outreach_messages where sent_at is not null`,
  );
}
