import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, serveApi } from '../../src/api/serve.ts';
import { findBrowser, launchOptions } from '../../src/runtime/browser.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { apiDeps, createApi } from './setup.ts';

// On by less than a screen; from the top again when the end is reached.
const SCROLL = '{ const before = scrollY; scrollBy(0, 600); if (scrollY === before) scrollTo(0, 0); }';
const IDS = "[...document.querySelectorAll('.opblock')].map(({ id }) => id)";

let server: RunningApi;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reos docs-'));
  server = await serveApi(createApi(apiDeps()), { port: 0, host: '127.0.0.1' });
  const found = await findBrowser({ home: reosHome(folder), env: process.env });
  browser = await puppeteer.launch(launchOptions(found, process.env));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('/docs in a browser', () => {
  it('shows every operation, asks no other machine, and keeps to its policy', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || /Content.Security/i.test(message.text())) complaints.push(message.text());
    });
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(`${server.url}/docs`);
    await page.waitForSelector('.opblock', { timeout: 30_000 });
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const operations = Object.values(document.paths).flatMap((path) => Object.keys(path));
    // The page draws what is scrolled to.
    const shown = new Set<string>();
    const look = async () => {
      for (const one of (await page.evaluate(IDS)) as string[]) shown.add(one);
      await page.evaluate(SCROLL);
      return shown.size;
    };
    await expect.poll(look, { timeout: 60_000, interval: 50 }).toBe(operations.length);
    // One opened: its parameters and answers are drawn too.
    await page.evaluate('scrollTo(0, 0)');
    // Rows are still drawn while it scrolls up: what is pressed is looked for again until it stays.
    await page.locator('.opblock-summary-control').click();
    await page.waitForSelector('.opblock.is-open .responses-wrapper');
    const strangers = asked.filter((url) => !url.startsWith(`${server.url}/`) && !url.startsWith('data:'));
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
