import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { covers, PERMISSIONS, ROLES } from '../../src/domain/policy.ts';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { DEEDS, namesOn } from './support/deeds.ts';
import { addColleague, registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { seedCampaign } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

/** Parts of the main navigation and the permission each asks for. */
const PARTS: ReadonlyArray<readonly [string, string, string | null]> = [
  ['Overview', '/', null],
  ['Properties', '/properties', 'properties:read'],
  ['Campaigns', '/campaigns', 'outreach:read'],
  ['Contacts', '/contacts', 'outreach:read'],
  ['Market', '/market', 'properties:read'],
  ['Scoreboard', '/scoreboard', 'properties:read'],
  ['Operations', '/operations', 'properties:read'],
  ['Upload', '/upload', 'properties:create'],
  ['Settings', '/settings', null],
];

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
const ids: Record<string, string> = {};

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  ids.campaign = (await seedCampaign(admin)).campaignId;
  const rows = await system.database.query<{ id: string; status: string }>(
    `insert into properties (tenant_id, id, county_fips, status, failed_stage, failure_reason, address, city, zip_code, apn,
       property_type, sqft, latitude, longitude, bird_dog_score)
     select $1, gen_random_uuid(), '53033', status, stage, 'the source was away', '1 ' || status || ' St', 'SEATTLE', '98103',
       status, 'Residential', 1700, 47.6, -122.3, 66
     from (values ('packet_ready', null), ('failed', 'enrich')) as two (status, stage) returning id, status`,
    [admin.tenantId],
  );
  ids.property = rows.find(({ status }) => status === 'packet_ready')!.id;
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

describe.each(ROLES)('the role %s', (role) => {
  it('sees what its permissions reach, and is told so where they do not', async () => {
    const who = role === 'admin' ? admin : await addColleague(system.url, admin, role);
    const person = await browser.person();
    try {
      await signInto(person, system.url, who);
      await person.page.goto(`${system.url}/`);
      await settle(person.page);
      const may = (needs: string | null) => needs === null || covers(PERMISSIONS[role], needs);
      const expected = PARTS.filter(([, , needs]) => may(needs)).map(([text]) => text);
      expect(await navigationOf(person)).toEqual(expected);
      for (const [text, path, needs] of PARTS) {
        await person.page.goto(system.url + path);
        await settle(person.page);
        const main = await person.page.$eval('main', (element) => element.textContent ?? '');
        expect(`${text}: ${/Your role may not/.test(main) ? 'refused' : 'shown'}`).toBe(
          `${text}: ${may(needs) ? 'shown' : 'refused'}`,
        );
      }
      expect(person.complaints).toEqual([]);
    } finally {
      await person.close();
    }
  });
});

describe.each(ROLES)('what the role %s', (role) => {
  it('finds to do on each screen is what its permissions allow', async () => {
    const who = role === 'admin' ? admin : await addColleague(system.url, admin, role);
    const person = await browser.person();
    const granted = PERMISSIONS[role];
    try {
      await signInto(person, system.url, who);
      for (const path of new Set(DEEDS.map((deed) => deed.path))) {
        await person.page.goto(system.url + path.replace(/\{(\w+)\}/g, (_, id: string) => ids[id]!));
        await settle(person.page);
        const names = await namesOn(person.page);
        const here = DEEDS.filter((deed) => deed.path === path);
        const offered = here.filter(({ name }) => names.some((one) => name.test(one)));
        const allowed = here.filter(({ needs }) => needs.some((one) => covers(granted, one)));
        expect({ path, offers: offered.map(({ name }) => `${name}`) }).toEqual({
          path,
          offers: allowed.map(({ name }) => `${name}`),
        });
      }
      expect(person.complaints).toEqual([]);
    } finally {
      await person.close();
    }
  });
});

function navigationOf({ page }: Person): Promise<string[]> {
  return page.$$eval('nav[aria-label=Main] li a', (links) => links.map((link) => link.textContent ?? ''));
}
