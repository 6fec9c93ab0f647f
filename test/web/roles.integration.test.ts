import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { covers, PERMISSIONS, ROLES } from '../../src/domain/policy.ts';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { addColleague, registerOrganisation, type SignedUp, signInto } from './support/people.ts';
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

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
}, 180_000);
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

function navigationOf({ page }: Person): Promise<string[]> {
  return page.$$eval('nav[aria-label=Main] li a', (links) => links.map((link) => link.textContent ?? ''));
}
