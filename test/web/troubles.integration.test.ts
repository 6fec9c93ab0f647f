import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { fill, press, reads, textOf } from './support/hand.ts';
import { PASSWORD, registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

/** The main screens; what a screen needs no answer for is told at once. */
const SCREENS = [
  '/',
  '/properties',
  '/campaigns',
  '/contacts',
  '/market',
  '/scoreboard',
  '/operations',
  '/operations/quality',
  '/operations/costs',
  '/operations/audit',
  '/settings/users',
];

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let person: Person;

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});
beforeEach(async () => {
  person = await browser.person();
  await signInto(person, system.url, admin);
});
afterEach(() => person.close());

const nameOf = (page: Page) =>
  page.$eval('main form input', (input) => (input as unknown as { value: string }).value) as Promise<string>;
/** How many contacts there are; their names are sealed. */
const contacts = async () => {
  const [row] = await system.database.query<{ count: number }>('select count(*)::int as count from contacts');
  return row!.count;
};
/** Answers of the API as the test has them; everything else goes through. */
async function answerApi(page: Page, answer: 'broken' | 'slow'): Promise<void> {
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (!request.url().includes('/api/')) return void request.continue();
    if (answer === 'slow') return void setTimeout(() => void request.continue().catch(() => undefined), 5_000);
    const problem = { title: 'Internal', status: 500, detail: 'Something broke.', code: 'internal', request_id: 'r-1' };
    return void request.respond({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    });
  });
}

describe('every main screen', () => {
  it('says that it did not work, and offers to try again, when the API is broken', async () => {
    const said = await Promise.all(
      SCREENS.map(async (path) => {
        const page = await person.tab();
        await answerApi(page, 'broken');
        await page.goto(system.url + path);
        const found = await page
          .waitForFunction(
            `[...document.querySelectorAll('main [role=alert]')].some((one) => /did not work[\\s\\S]*Try again/.test(one.innerText))`,
            { timeout: 45_000 },
          )
          .then(
            () => 'told',
            async () => `said only: ${await textOf(page, 'body')}`,
          );
        await page.close();
        return `${path}: ${found}`;
      }),
    );
    expect(said).toEqual(SCREENS.map((path) => `${path}: told`));
  });

  it('says that it is loading while the API is slow, and nothing that may not be so', async () => {
    const page = await person.tab();
    await answerApi(page, 'slow');
    const said: string[] = [];
    for (const path of SCREENS) {
      await page.goto(system.url + path, { waitUntil: 'domcontentloaded' });
      const isLoading = await page.waitForSelector('main [class*="_loading"]', { timeout: 4_500 }).then(
        () => true,
        () => false,
      );
      const text = await textOf(page, 'main').catch(() => '');
      const wrong = /may not see|did not work|No property is here|There are no|Nothing waits|No contacts/.exec(text);
      said.push(`${path}: ${isLoading ? 'loading' : 'silent'}${wrong === null ? '' : `, ${wrong[0]}`}`);
    }
    expect(said).toEqual(SCREENS.map((path) => `${path}: loading`));
  });

  it('tells a new organisation what comes there', async () => {
    const { page } = person;
    for (const path of SCREENS) {
      await page.goto(system.url + path);
      await settle(page);
      const text = await textOf(page, 'main');
      expect(`${path}: ${text}`).not.toMatch(/did not work|may not see|undefined|NaN/);
      expect(text.length, path).toBeGreaterThan(60);
    }
    expect(person.complaints).toEqual([]);
  });
});

describe('a write whose session ends on the way', () => {
  const open = async (page: Page, name: string) => {
    await page.goto(`${system.url}/contacts?add=yes`);
    await page.waitForSelector('dialog[open] form');
    await fill(page, 'Name', name);
    await fill(page, 'E-mail address', `${name.split(' ')[0]!.toLowerCase()}@example.com`);
    await fill(page, 'ZIP code', '98101');
  };
  const save = (page: Page) => page.click('dialog[open] button[type=submit]');

  it('is done by itself, once, after the token was renewed', async () => {
    const { page } = person;
    await open(page, 'Rena Renewed');
    const before = await contacts();
    await page.setRequestInterception(true);
    let refused = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/v1/contacts') && refused === 0) {
        refused += 1;
        const body = { title: '', status: 401, detail: 'ended', code: 'unauthorised', request_id: null };
        void request.respond({ status: 401, contentType: 'application/problem+json', body: JSON.stringify(body) });
      } else void request.continue();
    });
    await save(page);
    await reads(page, /Rena Renewed/);
    await page.waitForFunction(`document.querySelector('#contact-form') === null`);
    expect([refused, await contacts()]).toEqual([1, before + 1]);
  });

  it('asks for the password over the open dialog, keeps what it holds, and does it then', async () => {
    const { page } = person;
    // The other tests have sessions of their own.
    const own = await registerOrganisation(system.url, 'Brief Homes');
    await signInto(person, system.url, own);
    await open(page, 'Sina Signedin');
    const before = await contacts();
    await system.database.query(
      `update user_accounts set tokens_valid_from = now() + interval '1 second' where email = $1`,
      [own.email],
    );
    await page.evaluate(
      `{
      const kept = JSON.parse(localStorage.getItem('reos.session'));
      return fetch('/api/v1/auth/logout', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ refresh_token: kept.refreshToken }) }).then(() => true);
    }`
        .replace(/^\{/, '(() => {')
        .concat(')()'),
    );
    await save(page);
    await page.waitForSelector('dialog[open] input[type=password]', { timeout: 30_000 });
    expect(await contacts()).toBe(before);
    expect(
      await page.$$eval('dialog[open] form input', (all) => all.map((one) => one.getAttribute('value') ?? '')),
    ).toContain('Sina Signedin');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await page.type('dialog[open] input[type=password]', PASSWORD);
    await page.keyboard.press('Enter');
    await expect.poll(contacts, { timeout: 20_000 }).toBe(before + 1);
    await page.waitForFunction(`document.querySelector('#contact-form') === null`);
  });
});

describe('a draft of a campaign', () => {
  it('is one for each tab, can be taken back by a key and taken up elsewhere, and is nobody else’s', async () => {
    const { page } = person;
    const address = `${system.url}/campaigns/new`;
    await page.goto(address);
    await fill(page, 'Name of the campaign', 'Spring homes');
    await page.reload();
    await reads(page, /Your draft from before is back/);
    expect(await nameOf(page)).toBe('Spring homes');
    await press(page, /^Begin anew$/, 'main');
    await reads(page, /The draft is cleared/);
    expect(await nameOf(page)).toBe('');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('u');
    await expect.poll(() => nameOf(page), { timeout: 5_000 }).toBe('Spring homes');
    expect(await textOf(page, '[aria-label=Messages]')).toMatch(/Undone: The draft is cleared/);

    const second = await person.tab();
    await second.goto(address);
    await reads(second, /Another draft, “Spring homes”, was begun in another tab/);
    expect(await nameOf(second)).toBe('');
    await fill(second, 'Name of the campaign', 'Autumn homes');
    await page.bringToFront();
    await page.reload();
    await reads(page, /Another draft, “Autumn homes”/);
    expect(await nameOf(page)).toBe('Spring homes');
    await press(page, /^Go on with it here$/, 'main');
    await expect.poll(() => nameOf(page), { timeout: 5_000 }).toBe('Autumn homes');

    await page.click('button[aria-label="Sign out"]');
    await page.waitForFunction(`location.pathname === '/sign-in'`);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/homes|draft/i);
    const stranger = await registerOrganisation(system.url, 'Strangers');
    await signInto(person, system.url, stranger);
    await page.goto(address);
    await settle(page);
    expect(await nameOf(page)).toBe('');
    expect(await textOf(page, 'main')).not.toMatch(/homes|another tab/i);
  });
});
