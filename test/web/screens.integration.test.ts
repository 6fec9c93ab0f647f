import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { take } from '../../src/sdk/client.ts';
import { breachesOn, openTestBrowser, settle, type TestBrowser } from './support/browser.ts';
import { registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { routesOf, SCREENS, shapeOf } from './support/screens.ts';
import { seedCampaign, seedProperties } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

/** A folder for pictures: `npm run screenshots` sets it. */
const PICTURES = process.env.REOS_SCREENSHOTS;
const LOOKS = [
  { look: 'light', theme: 'light', width: 1440, height: 900 },
  { look: 'dark', theme: 'dark', width: 1440, height: 900 },
  { look: 'phone', theme: 'light', width: 390, height: 844 },
] as const;

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
const ids: Record<string, string> = {};

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  ids.campaign = (await seedCampaign(admin)).campaignId;
  ids.property = await seedProperties(system, admin, 120);
  const imports = await take<{ items: Array<{ id: string }> }>(admin.api.GET('/api/v1/imports'));
  ids.import = imports.items[0]!.id;
  if (PICTURES !== undefined) await mkdir(PICTURES, { recursive: true });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

it('names every route of the dashboard, so that no screen goes unseen', async () => {
  const routes = routesOf(await readFile('src/web/routes.tsx', 'utf8'));
  expect([...new Set(SCREENS.map(({ path }) => shapeOf(path)))].sort()).toEqual(routes);
});

describe.each(LOOKS)('every screen, $look', ({ look, theme, width, height }) => {
  it.each(SCREENS)(
    '$name: no breach of WCAG, nothing refused, nothing wider than the window',
    async ({ name, path, isOutside }) => {
      const person = await browser.person({ theme, width, height });
      try {
        if (!isOutside) await signInto(person, system.url, admin);
        await person.page.goto(system.url + path.replace(/\{(\w+)\}/g, (_, id: string) => ids[id]!));
        await settle(person.page);
        if (PICTURES !== undefined) await person.page.screenshot({ path: join(PICTURES, `${name}.${look}.png`) });
        expect(await breachesOn(person.page)).toEqual([]);
        const overflow = await person.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow).toBeLessThanOrEqual(0);
        expect(person.complaints).toEqual([]);
      } finally {
        await person.close();
      }
    },
  );
});
