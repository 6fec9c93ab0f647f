import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { findBrowser, launchOptions } from '../../../src/runtime/browser.ts';
import { reosHome } from '../../../src/runtime/home.ts';

/** A browser with a profile of its own per person. */
export interface TestBrowser {
  browser: Browser;
  /** A window of somebody who has never been here; windows of one person share what is stored. */
  /** `keepsShell`: with the service worker, which fetches every file of the dashboard once. */
  person(options?: PersonOptions): Promise<Person>;
  close(): Promise<void>;
}

interface PersonOptions {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  keepsShell?: boolean;
}

/** Somebody at a browser. */
export interface Person {
  page: Page;
  /** What the browser complained of: errors of scripts, refusals by the policy, requests to other machines. */
  complaints: string[];
  /** Another tab of the same person. */
  tab(): Promise<Page>;
  close(): Promise<void>;
}

/** Opens the browser that the product itself would use. */
export async function openTestBrowser(origin: string): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'reos browser '));
  const found = await findBrowser({ home: reosHome(folder), env: process.env });
  const browser = await puppeteer.launch(launchOptions(found, process.env));
  return {
    browser,
    async person({ width = 1280, height = 860, theme = 'light', keepsShell = false } = {}) {
      const context = await browser.createBrowserContext();
      const complaints: string[] = [];
      const tab = async () => {
        const page = await context.newPage();
        watch(page, origin, complaints);
        page.setDefaultTimeout(30_000);
        if (!keepsShell) await page.evaluateOnNewDocument('delete Navigator.prototype.serviceWorker');
        await page.setViewport({ width, height });
        await page.emulateMediaFeatures([
          { name: 'prefers-color-scheme', value: theme },
          { name: 'prefers-reduced-motion', value: 'reduce' },
        ]);
        return page;
      };
      return { page: await tab(), complaints, tab, close: () => context.close() };
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function watch(page: Page, origin: string, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A refused or broken request is the page's to tell in words; the browser's own line about it is no defect.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob|about):/.test(url) && !url.startsWith(`${origin}/`)) complaints.push(`asked ${url}`);
  });
}

const WHOLE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Breaches of WCAG 2.2 AA on the page, one line each; empty when there are none. `rules`: of those alone. */
export async function breachesOn(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const runOnly = rules === undefined ? { type: 'tag', values: WHOLE } : { type: 'rule', values: rules };
  const results = (await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(runOnly)} })`)) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** Waits until the screen is there, no line stands for text to come, and nothing has changed for a moment. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(`document.querySelector('main h1, main h2') !== null`, { timeout: 30_000 });
  await page.waitForFunction(`document.querySelector('[class*="_loading"]') === null`, { timeout: 30_000 });
  await page.evaluate(STILL);
}

/** Resolves when the page has stayed as it is for 400 ms; after 5 s in any case, since some screens are live. */
const STILL = `new Promise((resolve) => {
  const end = setTimeout(done, 5000);
  let timer = setTimeout(done, 400);
  const watch = new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(done, 400);
  });
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  function done() {
    clearTimeout(end);
    clearTimeout(timer);
    watch.disconnect();
    resolve();
  }
})`;
