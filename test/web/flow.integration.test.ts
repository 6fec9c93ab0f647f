import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { playDelivery } from './support/delivered-mail.ts';
import { comesInto, fill, press, reads, textOf } from './support/hand.ts';
import { oddFile } from './support/odd-file.ts';
import { PASSWORD, registerOrganisation } from './support/people.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

let system: DashboardSystem;
let browser: TestBrowser;
let person: Person;
let page: Page;
let folder: string;

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  person = await browser.person({ width: 1440, height: 900 });
  page = person.page;
  folder = await mkdtemp(join(tmpdir(), 'reos flow '));
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The way of a new organisation, each step on the page that the one before left. */
describe('from a file to an answered message', { retry: 0 }, () => {
  it('signs up', async () => {
    await page.goto(`${system.url}/register`);
    await fill(page, 'Organisation', 'Flow Homes');
    await fill(page, 'Your name', 'Flora Flow');
    await fill(page, 'E-mail address', 'flora@example.com');
    await fill(page, 'Password', PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForFunction(`location.pathname === '/start'`);
  });

  it('uploads a CSV with odd headers, corrects the mapping, and imports it', async () => {
    const file = join(folder, 'odd.csv');
    await writeFile(file, oddFile(80));
    await page.goto(`${system.url}/upload`);
    await settle(page);
    await page.select('main select', 'king-wa');
    const input = await page.waitForSelector('input[type=file]');
    await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
    await page.waitForFunction(`/^\\/upload\\/.+/.test(location.pathname)`, { timeout: 30_000 });
    await settle(page);
    // The one header that says nothing by itself: what it holds is said by hand, and stays so.
    await page.waitForSelector('select[aria-label], main select');
    const price = await page.waitForSelector('::-p-aria(What “Amt paid ($)” holds)');
    await price!.select('ClosePrice');
    const parcel = await page.waitForSelector('::-p-aria(What “Tax Lot Ref #” holds)');
    await parcel!.select('ParcelNumber');
    await reads(page, /Import 80 rows/);
    await press(page, /^Import 80 rows$/);
    await reads(page, /Imported/, 60_000);
  });

  it('watches the pipeline live until every property has a score', async () => {
    await page.goto(`${system.url}/`);
    await settle(page);
    // Without a reload: the figures come by events.
    await expect.poll(() => stageCounts(), { timeout: 120_000, interval: 500 }).toMatchObject({ waiting: 0 });
    await reads(page, /Scored[\s\S]*80/, 60_000);
  });

  it('opens the best property and leaves a comparable out, and the value follows', async () => {
    await page.goto(`${system.url}/properties`);
    await settle(page);
    await page.waitForSelector('[role=grid] [role=row][aria-rowindex="2"]');
    await page.focus('[role=grid]');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.waitForFunction(`new URLSearchParams(location.search).has('property')`);
    const id = (await page.evaluate(`new URLSearchParams(location.search).get('property')`)) as string;
    await page.goto(`${system.url}/properties/${id.replaceAll('"', '')}`);
    await settle(page);
    // Parts of the page are fetched when they come into sight.
    await press(page, /^Comparables$/, 'main');
    const boxes = await comesInto(
      page,
      '#property-comparables',
      'input[type=checkbox][aria-label^="Use the sale of"]:checked:not(:disabled)',
    );
    const before = await valueShown(page);
    await boxes.click();
    await expect.poll(() => valueShown(page), { timeout: 20_000 }).not.toBe(before);
    // The choice is in the address: it can be sent to a colleague, and taken back.
    expect(await page.evaluate('location.search')).toContain('comps');
  });

  it('reads the memo of the best property', async () => {
    await expect
      .poll(async () => (await system.database.query(`select 1 from action_packets limit 1`)).length, {
        timeout: 60_000,
      })
      .toBe(1);
    const [best] = await system.database.query<{ propertyId: string }>(
      `select property_id as "propertyId" from action_packets order by created_at limit 1`,
    );
    await page.goto(`${system.url}/properties/${best!.propertyId}`);
    await settle(page);
    await press(page, /^Memo$/, 'main');
    await press(page, /^Preview$/, 'main');
    const link = await page.waitForSelector('::-p-text(Open the PDF)', { timeout: 30_000 });
    const address = await link!.evaluate((element) => (element as unknown as { href: string }).href);
    const answer = await fetch(address);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('builds, previews and approves a campaign, and it runs', async () => {
    await addInvestor();
    await page.goto(`${system.url}/campaigns/new`);
    await settle(page);
    await fill(page, 'Name of the campaign', 'Flow deals');
    await fill(page, 'Lowest score', '40');
    await fill(page, 'Sender’s name', 'Flow Homes');
    await fill(page, 'Sender’s e-mail address', 'deals@example.com');
    await fill(page, 'Postal address', 'Flow Homes, 1 Example Way, Seattle, WA 98101');
    const hours = await page.$('::-p-aria(Send at certain hours only)');
    if (await hours!.evaluate((box) => (box as unknown as { checked: boolean }).checked)) await hours!.click();
    await press(page, /^Save draft and preview$/);
    await page.waitForFunction(`/^\\/campaigns\\/[0-9a-f-]{36}/.test(location.pathname)`, { timeout: 20_000 });
    await reads(page, /Messages of a run now\s*[1-9]/, 30_000);
    await press(page, /^Approve/);
    await page.waitForSelector('dialog[open]');
    await press(page, /^Approve$/, 'dialog[open]');
    await page.waitForFunction(`document.querySelector('dialog[open]') === null`);
    await press(page, /^Run now/);
    await page.waitForSelector('dialog[open]');
    await press(page, /^Run now$/, 'dialog[open]');
    await page.waitForFunction(`document.querySelector('dialog[open]') === null`);
    await expect.poll(() => sentCount(), { timeout: 90_000, interval: 500 }).toBeGreaterThan(0);
  });

  it('sees the event of a signed webhook appear', async () => {
    const sends = await system.database.query<{ sendId: string; sentAt: Date; campaignId: string }>(
      `select send_id as "sendId", sent_at as "sentAt", campaign_id as "campaignId" from outreach_messages where sent_at is not null limit 1`,
    );
    await page.goto(`${system.url}/campaigns/${sends[0]!.campaignId}`);
    await settle(page);
    await page.waitForFunction(`document.querySelector('header [data-status]')?.dataset.status === 'live'`);
    await playDelivery(system, sends[0]!);
    await reads(page, /Delivered\s*1\b/, 20_000);
    expect(person.complaints).toEqual([]);
    expect(system.faults).toEqual([]);
  });

  it('is met by nobody of another organisation', async () => {
    const stranger = await registerOrganisation(system.url, 'Strangers');
    const [property] = await system.database.query<{ id: string }>(`select id from properties limit 1`);
    const answer = await stranger.api
      .GET('/api/v1/properties/{id}', { params: { path: { id: property!.id } } })
      .catch((error: { status: number }) => error.status);
    expect(answer).toBe(404);
  });
});

async function addInvestor(): Promise<void> {
  await page.goto(`${system.url}/contacts`);
  await settle(page);
  const token = (await page.evaluate(`JSON.parse(localStorage.getItem('reos.session')).accessToken`)) as string;
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${system.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { contact: { id: string } };
  };
  const { contact } = await post('/api/v1/contacts', {
    kind: 'investor',
    name: 'Ina Investor',
    email: 'ina@example.com',
    state: 'WA',
    zip_code: '98101',
  });
  await post('/api/v1/buy-boxes', { contact_id: contact.id, name: 'Anything', min_score: 40 });
}

async function stageCounts() {
  const [row] = await system.database.query<{ waiting: number; total: number }>(
    `select count(*) filter (where status in ('new', 'ready', 'enriched'))::int as waiting, count(*)::int as total from properties`,
  );
  return row!;
}

async function sentCount(): Promise<number> {
  const [row] = await system.database.query<{ n: number }>(
    `select count(*)::int as n from outreach_messages where sent_at is not null`,
  );
  return row!.n;
}

/** The value under the present choice of comparables. */
async function valueShown(of: Page): Promise<string> {
  return textOf(of, 'dl[aria-live=polite] [data-main]');
}
