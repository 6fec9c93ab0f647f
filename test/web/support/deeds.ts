import type { Page } from 'puppeteer';

/** What stands on a screen for whoever has the permission: a button, a link or a tab, by its name. */
export interface Deed {
  path: string;
  name: RegExp;
  /** Any of these is enough. */
  needs: readonly string[];
}

const on = (path: string, deeds: ReadonlyArray<readonly [RegExp, ...string[]]>): Deed[] =>
  deeds.map(([name, ...needs]) => ({ path, name, needs }));

/** What each screen offers, and to whom. A property that is ready for outreach, one that failed, a campaign in draft. */
export const DEEDS: readonly Deed[] = [
  ...on('/properties/{property}', [
    [/^Approve outreach$/, 'outreach:approve'],
    [/^Pause$/, 'properties:update'],
    [/^Ask sources again/, 'properties:update'],
    [/^Record outcome/, 'properties:update'],
    [/^Suppress/, 'properties:update'],
    [/^Score$/, 'properties:read'],
    [/^Memo$/, 'memos:read'],
    [/^Outreach$/, 'outreach:read'],
    [/^Timeline$/, 'timeline:read'],
  ]),
  ...on('/properties', [
    [/^Export .*all that fit$/, 'properties:export'],
    [/^Saved searches$/, 'properties:read'],
  ]),
  ...on('/campaigns', [[/^New campaign$/, 'outreach:update']]),
  ...on('/campaigns/{campaign}', [
    [/^Approve…$/, 'outreach:approve'],
    [/^Change$/, 'outreach:update'],
    [/^Delete…$/, 'outreach:delete'],
    [/^Messages$/, 'outreach:read'],
  ]),
  ...on('/contacts', [
    [/^Add a contact$/, 'outreach:update'],
    [/^Import a file$/, 'outreach:update'],
  ]),
  ...on('/operations', [
    [/^Runs$/, 'properties:read'],
    [/^Costs$/, 'properties:read'],
    [/^Audit log$/, 'audit:read'],
  ]),
  ...on('/operations/failures', [[/^Resume/, 'properties:update']]),
  ...on('/operations/costs', [[/^Set a budget$/, 'tenant:update']]),
  ...on('/settings', [
    [/^Profile$/, 'properties:read'],
    [/^Organisation$/, 'tenant:read', 'outreach:read'],
    [/^Users$/, 'users:read'],
    [/^API keys$/, 'keys:read'],
    [/^Webhooks$/, 'webhooks:read'],
    [/^Templates$/, 'outreach:read'],
    [/^Weights$/, 'properties:read'],
  ]),
  ...on('/settings/users', [[/^Make invitation$/, 'users:update']]),
  ...on('/settings/webhooks', [[/^New webhook$/, 'webhooks:update']]),
];

/** Names of everything on the screen that can be pressed, menus opened. */
export async function namesOn(page: Page): Promise<string[]> {
  const names = `[...document.querySelectorAll('main button, main a, main [role=tab], main [role=menuitem]')]
    .map((one) => (one.getAttribute('aria-label') || one.innerText || '').trim())`;
  await page.evaluate(
    `[...document.querySelectorAll('main button')].find((one) => one.innerText.trim() === 'More')?.click()`,
  );
  return (await page.evaluate(`new Promise((done) => setTimeout(() => done(${names}), 200))`)) as string[];
}
