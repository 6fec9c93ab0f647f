import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Viewport } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breachesOn, openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { type FilledIds, fillOrganisation } from './support/filled.ts';
import { registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { routesOf, SCREENS, shapeOf } from './support/screens.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';
import { openView, VIEWS } from './support/views.ts';

/** A folder for pictures: `npm run screenshots` sets it. */
const PICTURES = process.env.REOS_SCREENSHOTS;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const HIGHEST = 4_000;
type Look = 'light' | 'dark' | 'phone' | 'phone-dark';

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let ids: FilledIds;
/** One who is signed in and one who is not; their window is used for one screen after another. */
let inside: Person;
let outside: Person;

beforeAll(async () => {
  // A busy machine takes its time; nothing here is about providers that do not answer.
  system = await startDashboardSystem({ REOS_RETRY_WINDOW_SECONDS: '90' });
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  ids = await fillOrganisation(system, admin);
  inside = await browser.person(WIDE);
  outside = await browser.person(WIDE);
  await signInto(inside, system.url, admin);
  if (PICTURES !== undefined) await mkdir(PICTURES, { recursive: true });
}, 480_000);
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

it('names every route of the dashboard, so that no screen goes unseen', async () => {
  const routes = routesOf(await readFile('src/web/routes.tsx', 'utf8'));
  expect([...new Set(SCREENS.map(({ path }) => shapeOf(path)))].sort()).toEqual(routes);
});

describe('every screen', () => {
  it.each(SCREENS)(
    '$name: no breach of WCAG in either theme and at phone width, nothing refused, nothing wider than the window',
    async ({ name, path, isOutside }) => {
      const person = isOutside ? outside : inside;
      const { page } = person;
      person.complaints.length = 0;
      await open(page, path, WIDE);
      await look(page, name, 'light');
      await look(page, name, 'dark');
      await open(page, path, PHONE);
      await look(page, name, 'phone');
      await look(page, name, 'phone-dark');
      expect(person.complaints).toEqual([]);
    },
  );
});

describe('every dialog, tab and part further down', () => {
  it.each(VIEWS)('$name: no breach of WCAG in either theme and at phone width', async (view) => {
    const { page, complaints } = inside;
    complaints.length = 0;
    await open(page, view.path, WIDE);
    await openView(page, view);
    await settle(page);
    await look(page, view.name, 'light', view.covers);
    await look(page, view.name, 'dark');
    await page.setViewport(PHONE);
    await settle(page);
    await look(page, view.name, 'phone', view.covers);
    expect(complaints).toEqual([]);
  });
});

it.skipIf(PICTURES === undefined)('draws the picture of the README: filters, list and map', async () => {
  const { page } = inside;
  // Open again, whatever was pressed before.
  await page.evaluate(`localStorage.removeItem('reos.properties.filters')`);
  // Drawn at three quarters of its size, so that it is small to load.
  await open(page, '/properties?view=both', { width: 1440, height: 790, deviceScaleFactor: 0.75 });
  await page.screenshot({ path: join(PICTURES!, 'readme.png') as `${string}.png` });
});

async function open(page: Page, path: string, size: Viewport): Promise<void> {
  await page.setViewport(size);
  await theme(page, 'light');
  await page.goto(system.url + path.replace(/\{(\w+)\}/g, (_, id: string) => ids[id]!));
  await settle(page);
}

const theme = (page: Page, value: 'light' | 'dark') =>
  page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);

/** Looks at what is there: as it is in the light; in the dark at its colours, since all else is the same. */
async function look(page: Page, name: string, as: Look, isCovered = false): Promise<void> {
  const isDark = as.endsWith('dark');
  await theme(page, isDark ? 'dark' : 'light');
  // What is painted on a canvas takes the colours with the next frame.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  if (PICTURES !== undefined) await picture(page, join(PICTURES, `${name}.${as}.png`));
  const breaches = await breachesOn(page, isDark ? ['color-contrast', 'link-in-text-block'] : undefined);
  expect(
    breaches.filter((one) => !isCovered || !one.startsWith('target-size')),
    as,
  ).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), as).toBeLessThanOrEqual(0);
}

/** A picture of the whole height: the screen scrolls inside its frame, so the window grows for it. */
async function picture(page: Page, path: string): Promise<void> {
  const size = page.viewport()!;
  const isDialog = (await page.$('dialog[open]')) !== null;
  if (!isDialog) {
    const more = (await page.evaluate(
      `(() => { const main = document.querySelector('main'); return main ? main.scrollHeight - main.clientHeight : 0; })()`,
    )) as number;
    await page.setViewport({ width: size.width, height: Math.min(HIGHEST, size.height + Math.max(0, more)) });
    await settle(page);
  }
  await page.screenshot({ path: path as `${string}.png` });
  if (!isDialog) await page.setViewport(size);
}
