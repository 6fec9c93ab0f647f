import puppeteer, { type Browser, type Page } from 'puppeteer';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { createGate } from './gate.ts';
import { countPages, normalisePdf } from './pdf-bytes.ts';

/** What the renderer says about its browser. A pino logger fits. */
export interface RendererLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Which browser prints, and its limits. */
export interface PdfRendererOptions {
  executablePath: string;
  /** Arguments the browser needs on this machine, such as `--no-sandbox` for root. */
  args?: readonly string[];
  /** The browser's whole environment (fonts, libraries); default this process's. */
  env?: Record<string, string | undefined>;
  logger: RendererLogger;
  /** One rendering takes at most this long; then the browser is killed. Default 30,000. */
  timeoutMs?: number;
  /** A browser is replaced after this many pages. Default 100. */
  rendersPerBrowser?: number;
  /** Pages open at the same time. Default 2. */
  concurrency?: number;
}

/** Prints HTML to PDF. `close` ends the browser; a later `render` starts a new one. */
export interface PdfRenderer {
  /** @throws ReosError `transient` when the browser crashed or took too long, `missing_part` when it does not start */
  render(html: string): Promise<{ pdf: Buffer; pages: number }>;
  close(): Promise<void>;
}

interface Session {
  browser: Browser;
  started: number;
  open: number;
  /** True once a rendering failed: nobody gets this browser again, even before its end is noticed. */
  isSpent: boolean;
}

/** Nothing the page could ask for resolves, whatever the request filter misses. */
const ARGUMENTS = ['--host-resolver-rules=MAP * ~NOTFOUND', '--disable-background-networking', '--no-first-run'];

/**
 * A renderer with one browser: JavaScript off, every request but data: refused, one page per rendering.
 * The browser starts with the first rendering and is replaced after a crash, a time-out or `rendersPerBrowser` pages.
 */
export function createPdfRenderer(options: PdfRendererOptions): PdfRenderer {
  const { logger, timeoutMs = 30_000, rendersPerBrowser = 100 } = options;
  const gate = createGate(options.concurrency ?? 2);
  let current: Promise<Session> | null = null;

  async function session(): Promise<Session> {
    current ??= start();
    const starting = current;
    try {
      const found = await starting;
      if (!found.isSpent && found.browser.connected && found.started < rendersPerBrowser) return found;
      if (current === starting) {
        current = null;
        if (found.open === 0 && !found.isSpent) await end(found);
      }
      return session();
    } catch (error) {
      if (current === starting) current = null;
      throw error;
    }
  }

  async function start(): Promise<Session> {
    const { executablePath, args = [], env } = options;
    try {
      const browser = await puppeteer.launch({
        executablePath,
        headless: 'shell',
        args: [...args, ...ARGUMENTS],
        timeout: timeoutMs,
        ...(env === undefined ? {} : { env }),
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      const version = await browser.version();
      logger.info({ executablePath, version, pid: browser.process()?.pid }, 'memo browser started');
      return { browser, started: 0, open: 0, isSpent: false };
    } catch (cause) {
      throw new ReosError(
        'missing_part',
        `The browser ${executablePath} does not start: ${messageOf(cause)}. Run "reos doctor" to see what it lacks.`,
        { cause, details: { executablePath } },
      );
    }
  }

  async function end(old: Session): Promise<void> {
    try {
      await old.browser.close();
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'memo browser did not close by itself and was killed');
      old.browser.process()?.kill('SIGKILL');
    }
  }

  async function render(html: string): Promise<{ pdf: Buffer; pages: number }> {
    const used = await session();
    used.started += 1;
    used.open += 1;
    try {
      const pdf = normalisePdf(await withinTime(used.browser, (page) => print(page, html, timeoutMs), timeoutMs));
      return { pdf, pages: countPages(pdf) };
    } catch (cause) {
      logger.warn({ error: messageOf(cause) }, 'memo browser failed; the next memo gets a new one');
      used.isSpent = true;
      used.browser.process()?.kill('SIGKILL');
      throw new ReosError(
        'transient',
        `The browser failed while it printed a memo: ${messageOf(cause)}. It is tried again with a new browser.`,
        { cause },
      );
    } finally {
      used.open -= 1;
      if (used.open === 0 && used.started >= rendersPerBrowser && !used.isSpent) await end(used);
    }
  }

  return {
    render: (html) => gate(() => render(html)),
    async close() {
      const last = current;
      current = null;
      const ending = await last?.catch(() => null);
      if (ending?.browser.connected) await end(ending);
    },
  };
}

/** Opens a page for the work, closes it after, and gives up when both take longer than the limit. */
async function withinTime<T>(browser: Browser, work: (page: Page) => Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  const done = (async () => {
    const page = await browser.newPage();
    const result = await work(page);
    await page.close();
    return result;
  })();
  try {
    return await Promise.race([done, limit]);
  } finally {
    clearTimeout(timer);
    done.catch(() => undefined);
  }
}

async function print(page: Page, html: string, timeoutMs: number): Promise<Buffer> {
  await page.setJavaScriptEnabled(false);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const answer = request.url().startsWith('data:')
      ? request.continue()
      : request.isNavigationRequest()
        ? // An aborted navigation shows an error page in place of the memo; "no content" leaves the memo where it is.
          request.respond({ status: 204 })
        : request.abort('blockedbyclient');
    // The page may be gone by now; then there is nobody left to answer.
    answer.catch(() => undefined);
  });
  await page.emulateMediaType('screen');
  await page.setContent(html, { waitUntil: 'load', timeout: timeoutMs });
  const pdf = await page.pdf({
    format: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    tagged: true,
    outline: true,
    waitForFonts: true,
    timeout: timeoutMs,
  });
  return Buffer.from(pdf);
}
