import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { HttpClient } from '../../http/types.ts';

const PAGE_TIMEOUT_MS = 30_000;
/** What a page's text does not need: left out, to be light on the site. */
const SKIPPED = new Set(['image', 'media', 'font', 'websocket', 'eventsource', 'ping']);

/**
 * Renders a page that needs JavaScript. The browser never touches the network itself: each request it makes is answered
 * through the guarded client, so that a page cannot reach private addresses.
 * @throws ReosError `transient` when the page does not come in time or the browser fails
 */
export async function renderPage(
  http: HttpClient,
  launch: LaunchOptions,
  url: string,
  userAgent: string,
): Promise<{ status: number; html: string }> {
  let browser: Browser | undefined;
  try {
    browser = await puppeteer.launch(launch);
    const page = await browser.newPage();
    await page.setUserAgent({ userAgent });
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const method = request.method();
      if (
        SKIPPED.has(request.resourceType()) ||
        !/^https?:/.test(request.url()) ||
        (method !== 'GET' && method !== 'POST')
      ) {
        void request.abort();
        return;
      }
      void http
        .fetch({
          url: request.url(),
          method,
          body: request.postData(),
          headers: pick(request.headers()),
          timeoutMs: PAGE_TIMEOUT_MS,
        })
        .then((answer) => request.respond({ status: answer.status, headers: plain(answer.headers), body: answer.body }))
        .catch(() => request.abort('failed'));
    });
    const response = await page.goto(url, { waitUntil: 'networkidle2', timeout: PAGE_TIMEOUT_MS });
    return { status: response?.status() ?? 0, html: await page.content() };
  } catch (error) {
    throw new ReosError('transient', `${url} could not be rendered: ${messageOf(error)}`, { cause: error });
  } finally {
    await browser?.close();
  }
}

function pick(headers: Record<string, string>): Record<string, string> {
  const wanted = ['accept', 'accept-language', 'content-type', 'user-agent', 'referer'];
  return Object.fromEntries(wanted.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

/** The body is decoded by now, so its encoding and length must not be claimed. */
function plain(headers: Record<string, string>): Record<string, string> {
  const { 'content-encoding': _encoding, 'content-length': _length, 'transfer-encoding': _transfer, ...rest } = headers;
  return rest;
}
