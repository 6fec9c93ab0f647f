import type { Page } from 'puppeteer';
import type { Screen } from './screens.ts';

/** A part of a screen that its address alone does not show: a dialog, a tab, what is further down. */
export interface View extends Screen {
  /** Names of buttons, links and tabs, pressed one after another. Inside a dialog once one is open. */
  press?: readonly RegExp[];
  /** Each part of the page comes into sight once, as for somebody who scrolls: parts are fetched then. */
  scrolls?: boolean;
  /** A menu lies over what can be pressed: how much of that is left to press is not judged. */
  covers?: boolean;
}

const property = '/properties/{property}';

/** Dialogs, forms, tabs and lazy parts of every screen; each is opened in both themes and at phone width. */
export const VIEWS: readonly View[] = [
  { name: 'properties-filters', path: '/properties?view=list', press: [/^Filters/] },
  { name: 'properties-map', path: '/properties?view=map', press: [/in sight as a list/] },
  { name: 'properties-saved', path: '/properties', press: [/^Saved searches/] },
  { name: 'properties-keys', path: '/properties', press: [/^Keys of this screen/] },
  { name: 'properties-bulk', path: '/properties?view=list', press: [/^Select /] },
  { name: 'properties-save', path: '/properties?min_score=50', press: [/^Save search/] },
  { name: 'property-all', path: property, scrolls: true },
  { name: 'property-approve', path: property, press: [/^(Approve outreach|Record outcome)/] },
  { name: 'property-more', path: property, press: [/^More$/], covers: true },
  { name: 'property-chart-table', path: property, press: [/^Show as table: What moves/] },
  { name: 'campaign-results', path: '/campaigns/{campaign}?tab=results' },
  { name: 'campaign-preview', path: '/campaigns/{draft}?tab=preview' },
  {
    name: 'campaign-messages',
    path: '/campaigns/{campaign}?tab=messages',
    press: [/@|Okafor|Ibarra|Lindqvist|Whitfield|Nakamura|Investor/],
  },
  { name: 'campaign-definition', path: '/campaigns/{campaign}?tab=definition' },
  { name: 'campaign-run', path: '/campaigns/{campaign}', press: [/^Run now/] },
  { name: 'campaign-pause', path: '/campaigns/{campaign}', press: [/^Pause/] },
  { name: 'campaign-approve', path: '/campaigns/{draft}', press: [/^Approve…/] },
  { name: 'campaign-delete', path: '/campaigns/{draft}', press: [/^Delete/] },
  { name: 'unknown-settle', path: '/campaigns/unknowns', press: [/^Settle the message/] },
  { name: 'contact-new', path: '/contacts', press: [/^Add a contact/] },
  { name: 'contact-import', path: '/contacts', press: [/^Import a file/] },
  { name: 'contact-drawer', path: '/contacts?contact={contact}' },
  { name: 'contact-erase', path: '/contacts?contact={contact}', press: [/^Erase/] },
  { name: 'suppressions', path: '/contacts', press: [/^Suppressed addresses/] },
  { name: 'market-explain', path: '/market', press: [/^Explain/] },
  { name: 'market-packet', path: '/market/packets?packet={packet}' },
  { name: 'market-decided', path: '/market/packets?status=accepted' },
  { name: 'market-briefing-run', path: '/market/briefings', press: [/^Make today/] },
  { name: 'market-channels', path: '/market/briefings', press: [/^Where it goes/] },
  { name: 'scoreboard-model', path: '/scoreboard', press: [/^Details of/] },
  { name: 'scoreboard-drift', path: '/scoreboard', press: [/^Drift of/] },
  { name: 'scoreboard-retire', path: '/scoreboard', press: [/^Retire/] },
  { name: 'operations-run', path: '/operations/runs', press: [/open its tasks/] },
  { name: 'operations-budget', path: '/operations/costs', press: [/^Set a budget/] },
  { name: 'settings-role', path: '/settings/users', press: [/^Change the role/] },
  { name: 'settings-key-new', path: '/settings/api-keys', press: [/^New API key|^New key/] },
  { name: 'settings-webhook', path: '/settings/webhooks', press: [/hooks\.example\.com/] },
  { name: 'settings-webhook-new', path: '/settings/webhooks', press: [/^New webhook/] },
  { name: 'settings-template', path: '/settings/templates', press: [/^investor-email/] },
];

/**
 * Does what the view says, in the page as it stands.
 * @throws Error naming the button that is not there, and those that are
 */
export async function openView(page: Page, { press = [], scrolls }: View): Promise<void> {
  for (const name of press) {
    const pressing = `(() => {
      const scope = document.querySelector('dialog[open]') ?? document.querySelector('main');
      const all = [...scope.querySelectorAll('button, a, summary, [role=tab], [role=row][aria-rowindex], input[type=checkbox]')];
      const nameOf = (one) => (one.getAttribute('aria-label') || one.innerText || '').trim();
      const found = all.find((one) => ${name}.test(nameOf(one)) && one.getClientRects().length > 0);
      found?.click();
      return found ? '' : all.map(nameOf).filter(Boolean).slice(0, 40).join(' | ');
    })()`;
    let there = 'nothing';
    for (let left = 40; left > 0 && there !== ''; left -= 1) {
      there = (await page.evaluate(pressing)) as string;
      if (there !== '') await page.evaluate('new Promise((done) => setTimeout(done, 250))');
    }
    if (there !== '') throw new Error(`nothing to press is called ${name}; there is: ${there}`);
  }
  if (!scrolls) return;
  await page.evaluate(`(async () => {
    const main = document.querySelector('main');
    for (let at = 0; at < main.scrollHeight; at += main.clientHeight / 2) {
      main.scrollTo(0, at);
      await new Promise((done) => setTimeout(done, 150));
    }
    main.scrollTo(0, 0);
  })()`);
}
