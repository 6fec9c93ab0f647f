import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { press } from './support/hand.ts';
import { PASSWORD, registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { seedProperties } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let best: string;
let person: Person;

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  best = await seedProperties(system, admin, 30);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await system?.close();
});
beforeEach(async () => {
  person = await browser.person();
  // Each test a session of its own: some of them end it.
  const answer = await fetch(`${system.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: admin.email, password: PASSWORD }),
  });
  await signInto(person, system.url, { ...admin, session: (await answer.json()) as SignedUp['session'] });
});
afterEach(() => person.close());

const textOf = ({ page }: Person) => page.$eval('body', (body) => body.innerText);
const live = ({ page }: Person) =>
  page.$eval('header [data-status]', (mark) => (mark as unknown as { dataset: { status?: string } }).dataset.status);

describe('what happens elsewhere', () => {
  it('is on the screen without a reload', async () => {
    const { page } = person;
    await page.goto(`${system.url}/properties/${best}`);
    await settle(page);
    await press(page, /^Timeline$/, 'main');
    await page.waitForSelector('textarea');
    await expect.poll(() => live(person), { timeout: 10_000 }).toBe('live');
    await admin.api.POST('/api/v1/properties/{id}/comments', {
      params: { path: { id: best } },
      body: { body: 'Seen by a colleague' },
    });
    await expect.poll(() => textOf(person), { timeout: 10_000 }).toContain('Seen by a colleague');
  });
});

describe('a server that goes away', () => {
  it('leaves what is on the screen, marks it as old, keeps what is typed, and goes on by itself', async () => {
    const { page } = person;
    await page.goto(`${system.url}/properties/${best}`);
    await settle(page);
    await press(page, /^Timeline$/, 'main');
    await expect.poll(() => live(person), { timeout: 10_000 }).toBe('live');
    const comment = await page.waitForSelector('textarea');
    await comment!.type('Ask about the roof');
    await system.stopApi();
    try {
      await expect.poll(() => live(person), { timeout: 20_000 }).toBe('cut');
      expect(await textOf(person)).toMatch(/As of .*(interrupted|no connection|does not answer)/i);
      expect(await page.$eval('textarea', (area) => area.value)).toBe('Ask about the roof');
    } finally {
      await system.startApi();
    }
    await expect.poll(() => live(person), { timeout: 30_000 }).toBe('live');
    expect(await page.$eval('textarea', (area) => area.value)).toBe('Ask about the roof');
    await expect.poll(() => textOf(person), { timeout: 10_000 }).not.toMatch(/Live updates are interrupted/);
  });
});

describe('a session', () => {
  it('that ends in the middle asks for the password over the screen, and loses nothing', async () => {
    const { page } = person;
    await page.goto(`${system.url}/properties/${best}`);
    await settle(page);
    await press(page, /^Timeline$/, 'main');
    const comment = await page.waitForSelector('textarea');
    await comment!.type('Call on Monday');
    // Signed out everywhere: neither token works any more.
    await page.evaluate(`{
      const kept = JSON.parse(localStorage.getItem('reos.session'));
      fetch('/api/v1/auth/logout', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ refresh_token: kept.refreshToken }) });
    }`);
    await system.database.query(`update user_accounts set tokens_valid_from = now() + interval '1 second'`);
    await page.waitForSelector('dialog[open] input[type=password]', { timeout: 30_000 });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await page.type('dialog[open] input[type=password]', PASSWORD);
    await page.click('dialog[open] button[type=submit]');
    await page.waitForFunction(`document.querySelector('dialog[open]') === null`);
    expect(await page.$eval('textarea', (area) => area.value)).toBe('Call on Monday');
  });

  it('is one in two tabs: both renew at once, and both go on', async () => {
    const { page } = person;
    await page.goto(`${system.url}/`);
    await settle(page);
    const second = await person.tab();
    await second.goto(`${system.url}/properties`);
    await settle(second);
    const expire = `{
      const kept = JSON.parse(localStorage.getItem('reos.session'));
      localStorage.setItem('reos.session', JSON.stringify({ ...kept, expiresAt: 0 }));
    }`;
    await page.evaluate(expire);
    await Promise.all([page.reload(), second.reload()]);
    await Promise.all([settle(page), settle(second)]);
    for (const tab of [page, second]) {
      expect(await tab.$('dialog[open]')).toBeNull();
      expect(new URL(tab.url()).pathname).not.toBe('/sign-in');
    }
  });

  it('that is left in one tab is left in the other, with nothing kept on the device', async () => {
    const { page } = person;
    await page.goto(`${system.url}/`);
    await settle(page);
    const second = await person.tab();
    await second.goto(`${system.url}/properties`);
    await settle(second);
    await page.bringToFront();
    await page.click('button[aria-label="Sign out"]');
    for (const tab of [page, second]) {
      await tab.waitForFunction(`location.pathname === '/sign-in'`);
    }
    expect(await page.evaluate(`localStorage.getItem('reos.session')`)).toBeNull();
  });
});
