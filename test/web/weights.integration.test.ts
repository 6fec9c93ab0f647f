import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breachesOn, openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { fill, press, reads, textOf } from './support/hand.ts';
import { addColleague, registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { quietEvents, seedProperties } from './support/seed.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

let system: DashboardSystem;
let browser: TestBrowser;
let admin: SignedUp;
let person: Person;

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  admin = await registerOrganisation(system.url, 'Example Homes');
  await seedProperties(system, admin, 12);
  await quietEvents(system, 2_000);
  person = await browser.person();
  await signInto(person, system.url, admin);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

/** The versions of the weights that made the newest scores. */
async function versions(): Promise<string[]> {
  const rows = await system.database.query<{ version: string }>(
    `select distinct weights_version as version from (
       select distinct on (property_id) weights_version from property_scores order by property_id, scored_at desc) newest`,
  );
  return rows.map(({ version }) => version).sort();
}

describe('the weights of the score', { retry: 0 }, () => {
  it('are tried, applied for everybody with the reason, scored by, and taken back', async () => {
    const { page } = person;
    const [configured = ''] = await versions();
    await page.goto(`${system.url}/settings/weights?w=flip_roi:0.5,flood_risk:0`);
    await settle(page);
    expect(await textOf(page, 'main')).toMatch(/Return of a flip 50\.0%, flood risk left out/);
    await fill(page, 'Why (optional)', 'no rivers here');
    await press(page, /^Apply these weights$/, 'main');
    await reads(page, /The weights \S+-own\.1 count now/);
    await reads(page, /Done: .* scored/, 60_000);
    await expect.poll(versions, { timeout: 60_000 }).toEqual([`${configured}-own.1`]);
    // What was tried is what counts: nothing is left to apply, and the sliders stand at it.
    await page.waitForFunction(`!new URLSearchParams(location.search).has('w')`);
    await page.waitForFunction(
      `document.querySelector('input[aria-label="Share of Flood risk in percent"]')?.value === '0'`,
    );
    expect(await textOf(page, 'main')).not.toMatch(/Scores of other weights/);
    expect(await textOf(page, 'section[aria-label="Weights so far"]')).toMatch(/no rivers here[\s\S]*In use/);
    expect(await breachesOn(page)).toEqual([]);
    await press(page, /^Go back$/, 'section[aria-label="Weights so far"]');
    await reads(page, new RegExp(`The weights ${configured.replaceAll('.', '\\.')} count again`));
    await expect.poll(versions, { timeout: 60_000 }).toEqual([configured]);
    await reads(page, /Back to those of the configuration/);
    expect(person.complaints).toEqual([]);
  });

  it('are tried by who may not change the organisation, and not applied', async () => {
    const other = await browser.person();
    try {
      await signInto(other, system.url, await addColleague(system.url, admin, 'analyst'));
      await other.page.goto(`${system.url}/settings/weights?w=flip_roi:0.5`);
      await settle(other.page);
      const says = await textOf(other.page, 'main');
      expect(says).toMatch(/Somebody who may change the organisation can apply them/);
      expect(says).not.toMatch(/Apply these weights/);
      const buttons = `[...document.querySelectorAll('main button')].map((one) => one.innerText.trim())`;
      expect(await other.page.evaluate(buttons)).not.toContain('Go back');
    } finally {
      await other.close();
    }
  });
});
