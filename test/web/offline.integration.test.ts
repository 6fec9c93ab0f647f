import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { reads, textOf } from './support/hand.ts';
import { PASSWORD, registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { seedProperties } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let stranger: SignedUp;
let best: string;
let other: string;

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  best = await seedProperties(system, admin, 15);
  const [row] = await system.database.query<{ id: string }>(`select id from properties where id <> $1 limit 1`, [best]);
  other = row!.id;
  await system.database.query(`update properties set owner_name = 'Olive Onlyhere' where id = $1`, [best]);
  stranger = await registerOrganisation(system.url, 'Strangers');
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

/** Opens list, a property and the overview, and waits until the shell and the answers are kept on the device. */
async function read(person: Person): Promise<void> {
  const { page } = person;
  await page.goto(`${system.url}/properties`);
  await settle(page);
  await page.waitForSelector('[role=grid] [role=row][aria-rowindex="2"]');
  // Answers are written down every two seconds.
  await expect.poll(() => keptText(page), { timeout: 10_000 }).toContain('/api/v1/properties/search');
  await page.goto(`${system.url}/properties/${best}`);
  await settle(page);
  await reads(page, /Olive Onlyhere/);
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await page.waitForFunction('navigator.serviceWorker.controller !== null');
  await expect.poll(() => keptText(page), { timeout: 10_000 }).toContain('Olive Onlyhere');
}

/** Everything that is kept on the device: the answers, local and session storage, and the caches. */
function keptText(page: Page): Promise<string> {
  return page.evaluate(`(async () => {
    const parts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((done, fail) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
      for (const store of database.objectStoreNames) {
        const values = await new Promise((done) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => done(request.result);
        });
        parts.push(JSON.stringify(values));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) parts.push(request.url);
    }
    return parts.join('\\n');
  })()`) as Promise<string>;
}

describe('without a connection', { retry: 0 }, () => {
  let person: Person;
  beforeEach(async () => {
    person = await browser.person({ keepsShell: true });
    await signInto(person, system.url, admin);
    return () => person.close();
  });

  it('opens its shell when the network is gone for the page and the service worker', async () => {
    const { page } = person;
    await read(person);
    await setNetwork(page, true);
    await page.reload();
    await settle(page);
    await reads(page, /Olive Onlyhere/);
    await reads(page, /As of [\s\S]*(no connection|interrupted)/i);
    await setNetwork(page, false);
    await expect.poll(() => textOf(page, 'main'), { timeout: 30_000 }).not.toMatch(/no connection|interrupted/i);
  });

  it('leaves nothing of one organisation to the next person on the device, signed out with or without a connection', async () => {
    const { page } = person;
    for (const isOffline of [false, true]) {
      await signInto(person, system.url, { ...admin, session: await signedIn(admin.email) });
      await read(person);
      if (isOffline) await setNetwork(page, true);
      await page.click('button[aria-label="Sign out"]');
      await page.waitForFunction(`location.pathname === '/sign-in'`);
      await expect.poll(() => keptText(page), { timeout: 5_000 }).not.toContain('Olive Onlyhere');
      expect(await textOf(page, 'body')).not.toContain('Olive Onlyhere');
      if (isOffline) {
        // Nobody is signed in and nothing can be asked: the address says no more than the way in.
        await page.goto(`${system.url}/properties/${best}`);
        await page.waitForFunction(`location.pathname === '/sign-in'`);
        await setNetwork(page, false);
      }
      await page.type('input[type=email]', stranger.email);
      await page.type('input[type=password]', PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForFunction(`document.querySelector('main h1') !== null && location.pathname !== '/sign-in'`);
      await page.goto(`${system.url}/properties/${best}`);
      await settle(page);
      expect(await textOf(page, 'body')).not.toContain('Olive Onlyhere');
      await setNetwork(page, true);
      await page.reload();
      await settle(page);
      expect(await textOf(page, 'body')).not.toContain('Olive Onlyhere');
      await page.goto(`${system.url}/properties`);
      await settle(page);
      expect(await textOf(page, 'body')).not.toMatch(/15 properties/);
      // A write that was put off must not come after all.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      const kept = await keptText(page);
      expect(kept).not.toContain('Olive Onlyhere');
      expect(kept).not.toContain(admin.email);
      await setNetwork(page, false);
      await page.click('button[aria-label="Sign out"]');
      await page.waitForFunction(`location.pathname === '/sign-in'`);
    }
  });

  // Last, since it stops the API.
  it('shows what was opened, with its time and not as live; says so of what was not; and goes on by itself', async () => {
    const { page } = person;
    await read(person);
    await system.stopApi();
    try {
      await page.reload();
      await settle(page);
      await reads(page, /Olive Onlyhere/);
      await reads(page, /As of [\s\S]*(no connection|does not answer|interrupted)/i);
      expect(await live(page)).not.toBe('live');
      await page.goto(`${system.url}/properties`);
      await settle(page);
      await reads(page, /15 properties/);
      await reads(page, /As of [\s\S]*(no connection|does not answer|interrupted)/i);
      // Never opened: neither the property nor the screen, whose code is in the shell all the same.
      for (const path of [`/properties/${other}`, '/contacts', '/market']) {
        await page.goto(system.url + path);
        await settle(page);
        await reads(page, /no connection|does not answer/i);
        const main = await textOf(page, 'main');
        expect(main).not.toMatch(/There are no |No contacts|Nothing (fits|yet)/);
      }
      await page.goto(`${system.url}/properties/${best}`);
      await settle(page);
    } finally {
      await system.startApi();
    }
    await system.database.query(`update properties set owner_name = 'Nora Newer' where id = $1`, [best]);
    await reads(page, /Nora Newer/, 30_000);
    await expect
      .poll(() => textOf(page, 'main'), { timeout: 20_000 })
      .not.toMatch(/As of .*(no connection|not answer|interrupted)/i);
    await expect.poll(() => live(page), { timeout: 20_000 }).toBe('live');
    expect(person.complaints).toEqual([]);
    await system.database.query(`update properties set owner_name = 'Olive Onlyhere' where id = $1`, [best]);
  });
});

describe('as an application of its own', () => {
  it('has a manifest that a browser takes, and icons that load in the sizes it names', async () => {
    const person = await browser.person({ keepsShell: true });
    try {
      const { page } = person;
      await page.goto(`${system.url}/sign-in`);
      await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
      const client = await page.createCDPSession();
      const { url, errors, data } = await client.send('Page.getAppManifest');
      expect(errors).toEqual([]);
      const manifest = JSON.parse(data!) as { icons: Array<{ src: string; sizes: string; purpose: string }> } & Record<
        string,
        string
      >;
      expect(manifest).toMatchObject({ display: 'standalone', start_url: '/', scope: '/' });
      expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
      for (const { src, sizes } of manifest.icons) {
        const size = await page.evaluate(
          `new Promise((done, fail) => { const image = new Image(); image.onload = () => done(image.naturalWidth + 'x' + image.naturalHeight); image.onerror = () => fail(new Error('no image')); image.src = ${JSON.stringify(new URL(src, url).href)}; })`,
        );
        if (sizes !== 'any') expect(size).toBe(sizes);
      }
      const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
      // A window of its own profile, as tests have it, is never offered to be installed.
      expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
      expect(person.complaints).toEqual([]);
    } finally {
      await person.close();
    }
  });
});

const live = (page: Page) =>
  page.$eval('header [data-status]', (mark) => (mark as unknown as { dataset: { status?: string } }).dataset.status);

/** Takes the network from the page and from its service worker, or gives it back. */
async function setNetwork(page: Page, isOffline: boolean): Promise<void> {
  await page.setOfflineMode(isOffline);
  for (const target of page.browserContext().targets()) {
    if (target.type() !== 'service_worker') continue;
    const client = await target.createCDPSession();
    await client.send('Network.enable');
    await client.send('Network.emulateNetworkConditions', {
      offline: isOffline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  }
}

async function signedIn(email: string): Promise<SignedUp['session']> {
  const answer = await fetch(`${system.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  return (await answer.json()) as SignedUp['session'];
}
