import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, serveApi } from '../../src/api/serve.ts';
import { findBrowser, launchOptions } from '../../src/runtime/browser.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { apiDeps, createApi } from '../api/setup.ts';

let server: RunningApi;
let elsewhere: Server;
let elsewhereUrl: string;
let browser: Browser;
let folder: string;
let page: Page;
const asked: string[] = [];

/** A page of the same server that frames the preview, as the dashboard does. */
const PARENT = '<!doctype html><title>Around</title><body></body>';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reos preview-'));
  const app = new Hono();
  app.get('/around', (c) => c.html(PARENT));
  app.route('/', createApi(apiDeps()) as unknown as Hono);
  server = await serveApi(app as unknown as ReturnType<typeof createApi>, { port: 0, host: '127.0.0.1' });
  elsewhere = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('Content-Type', 'text/html');
    response.end(PARENT);
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  const found = await findBrowser({ home: reosHome(folder), env: process.env });
  browser = await puppeteer.launch(launchOptions(found, process.env));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  elsewhere?.closeAllConnections();
  await new Promise((resolve) => elsewhere?.close(resolve));
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  asked.length = 0;
  page = await browser.newPage();
  await page.goto(`${server.url}/around`);
});
afterEach(() => page.close());

/** Opens the preview in the page, gives it the HTML and waits until it is shown. */
async function preview(html: string): Promise<Frame> {
  const script = `new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.style.width = '600px';
    frame.style.height = '400px';
    frame.setAttribute('sandbox', 'allow-scripts');
    addEventListener('message', ({ source, data }) => {
      if (source !== frame.contentWindow) { window.stranger = data; return; }
      (window.told ??= []).push(data);
      if (data.kind === 'mail-preview-ready') source.postMessage({ kind: 'mail-preview', html: ${JSON.stringify(html)} }, '*');
      if (data.kind === 'mail-preview-shown') setTimeout(resolve, 300);
    });
    frame.src = '/mail-preview';
    document.body.append(frame);
  })`;
  await page.evaluate(script);
  const frame = page.frames().find((one) => one.url().endsWith('/mail-preview'));
  if (frame === undefined) throw new Error('The preview is not there.');
  return frame;
}

describe('the preview of a message', () => {
  it('shows inline styles, style sheets and pictures that are in the message', async () => {
    const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==';
    const frame = await preview(`<html><head><style>.big { font-size: 40px }</style></head>
      <body><p id="text" class="big" style="color: rgb(1, 2, 3)">Hello <b>Jo</b></p><img id="dot" src="${dot}"></body></html>`);
    const seen = await frame.evaluate(`(() => {
      const text = document.getElementById('text');
      const { color, fontSize } = getComputedStyle(text);
      return { color, fontSize, text: text.textContent };
    })()`);
    expect(seen).toEqual({ color: 'rgb(1, 2, 3)', fontSize: '40px', text: 'Hello Jo' });
    expect(await frame.$eval('#dot', (image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(1);
  });

  it('runs no script, handler or address of a message', async () => {
    const mark = "parent.postMessage({ran:1},'*');document.title='ran'";
    const frame = await preview(`<body onload="${mark}">
      <script>${mark}</script><script src="${elsewhereUrl}/script.js"></script><script src="/theme.js"></script>
      <img src="x" onerror="${mark}"><svg onload="${mark}"><script>${mark}</script>
        <a xlink:href="javascript:${mark}"><text id="drawn" y="20">drawn</text></a><animate attributeName="href" values="javascript:${mark}"/></svg>
      <a id="link" href="javascript:${mark}">link</a><iframe srcdoc="<script>${mark}</script>"></iframe>
      <details open ontoggle="${mark}">x</details><object data="javascript:${mark}"></object>
      <math><mtext><table><mglyph><style><img src=x onerror="${mark}"></style></table></mtext></math>
      <template><img src=x onerror="${mark}"></template><div style="background:url(javascript:${mark})">y</div></body>`);
    await frame.$eval('#link', (link) => (link as unknown as { click(): void }).click());
    await frame.$eval('#drawn', (text) =>
      (text as never as EventTarget).dispatchEvent(new Event('click', { bubbles: true })),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const told = (await page.evaluate('window.told')) as Array<Record<string, unknown>>;
    expect(told.some((one) => 'ran' in one)).toBe(false);
    expect(await page.evaluate('window.stranger ?? null')).toBeNull();
    expect(await frame.evaluate('document.title')).not.toBe('ran');
    expect(await frame.$$eval('script, iframe, object, template', (all) => all.length)).toBe(0);
  });

  it('goes nowhere and asks nobody: links, refreshes, bases, forms, pictures, fonts, style sheets', async () => {
    const frame = await preview(`<html><head><meta http-equiv="refresh" content="0;url=${elsewhereUrl}/refreshed">
      <base href="${elsewhereUrl}/"><link rel="stylesheet" href="${elsewhereUrl}/sheet.css">
      <link rel="prefetch" href="${elsewhereUrl}/fetched"><style>@import url('${elsewhereUrl}/imported.css');
      @font-face { font-family: F; src: url('${elsewhereUrl}/font.woff2') } body { font-family: F; background: url('${elsewhereUrl}/back.png') }</style></head>
      <body background="${elsewhereUrl}/old.png"><img src="${elsewhereUrl}/pixel.png" srcset="${elsewhereUrl}/pixel2.png 2x" alt="pixel">
      <video poster="${elsewhereUrl}/poster.png" src="${elsewhereUrl}/film.mp4"></video>
      <a id="here" href="${elsewhereUrl}/linked">here</a><a id="top" target="_top" href="${elsewhereUrl}/top">top</a>
      <a id="new" target="_blank" ping="${elsewhereUrl}/ping" href="${elsewhereUrl}/new">new</a>
      <form id="form" action="${elsewhereUrl}/sent" method="post"><input name="a" value="b"><button id="send">send</button></form>
      <map name="m"><area id="area" href="${elsewhereUrl}/area" shape="default"></map></body></html>`);
    const tabs = (await browser.pages()).length;
    for (const id of ['here', 'top', 'new', 'send', 'area']) {
      await frame.$eval(`#${id}`, (element) => (element as unknown as { click(): void }).click());
    }
    // Past the script's own guard, the policy holds by itself.
    await frame.$eval(
      '#form',
      (form, address) => {
        (form as unknown as { action: string }).action = address as string;
        (form as unknown as { submit(): void }).submit();
      },
      `${elsewhereUrl}/sent`,
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(asked).toEqual([]);
    expect(page.url()).toBe(`${server.url}/around`);
    expect(frame.url()).toBe(`${server.url}/mail-preview`);
    expect((await browser.pages()).length).toBe(tabs);
    const told = (await page.evaluate('window.told')) as Array<Record<string, unknown>>;
    expect(told.find(({ kind }) => kind === 'mail-preview-shown')).toMatchObject({ hidden: 1 });
    expect(await frame.$eval('#here', (link) => (link as unknown as { title: string }).title)).toBe(
      `${elsewhereUrl}/linked`,
    );
  });

  it('has no part in the session: another origin, no storage, no API', async () => {
    const frame = await preview('<p>Hello</p>');
    expect(await frame.evaluate('self.origin')).toBe('null');
    const stored = '(() => { try { return localStorage.length } catch (error) { return error.name } })()';
    expect(await frame.evaluate(stored)).toBe('SecurityError');
    const fetched = "fetch('/api/v1/auth/me').then(() => 'answered', (error) => error.name)";
    expect(await frame.evaluate(fetched)).toBe('TypeError');
  });

  it('takes messages from the page around it alone, and can be framed by this server alone', async () => {
    const frame = await preview('<p id="first">first</p>');
    // A message of the frame's own window has another source.
    await frame.evaluate("postMessage({ kind: 'mail-preview', html: '<p id=second>second</p>' }, '*')");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await frame.$('#first')).not.toBeNull();
    expect(await frame.$('#second')).toBeNull();
    const answer = await fetch(`${server.url}/mail-preview`);
    expect(answer.headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
    const policy = answer.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toMatch(/sandbox allow-scripts$/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect((await fetch(`${server.url}/health`)).headers.get('X-Frame-Options')).toBe('DENY');
    await page.goto(`${elsewhereUrl}/`);
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.onload = resolve;
      frame.src = '${server.url}/mail-preview';
      document.body.append(frame);
    })`);
    expect(page.frames().some((one) => one.url() === `${server.url}/mail-preview`)).toBe(false);
  });
});
