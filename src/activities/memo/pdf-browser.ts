import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import puppeteer, { type Browser } from 'puppeteer';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { openPrintPage, type PrintPage } from './pdf-page.ts';

/** What the renderer says about its browser. A pino logger fits. */
export interface RendererLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Which browser, and how long its start may take. */
export interface PrintBrowserOptions {
  executablePath: string;
  args: readonly string[];
  env: Record<string, string | undefined> | undefined;
  logger: RendererLogger;
  timeoutMs: number;
  /** True when it has run before: that it does not start is a passing trouble then. */
  isProven: boolean;
}

/** A running browser. */
export interface PrintBrowser {
  /** False once it crashed, was killed or closed. */
  isAlive(): boolean;
  /** Prints, each memo on a page of its own meanwhile. Rejects when the browser fails; it is of no more use then. */
  print(html: string): Promise<Buffer>;
  /** Ends it at once; work in progress fails. */
  kill(): void;
  /** Ends it in good order, by force when it does not obey. Does not throw. */
  close(): Promise<void>;
}

/** Nothing the page could ask for resolves, whatever the request filter misses. */
const ARGUMENTS = ['--host-resolver-rules=MAP * ~NOTFOUND', '--disable-background-networking', '--no-first-run'];

/** @throws ReosError `missing_part` when the browser does not start, `transient` when it is known to run */
export async function startPrintBrowser(options: PrintBrowserOptions): Promise<PrintBrowser> {
  const { executablePath, logger } = options;
  const browser = await launch(options);
  const print = createPages(browser);
  const kill = () => void browser.process()?.kill('SIGKILL');
  logger.info({ executablePath, pid: browser.process()?.pid }, 'memo browser started');
  return {
    isAlive: () => browser.connected,
    print,
    kill,
    close: async () => {
      if (!browser.connected) return;
      try {
        await browser.close();
      } catch (error) {
        logger.warn({ error: messageOf(error) }, 'memo browser did not close by itself and was killed');
        kill();
      }
    },
  };
}

async function launch(options: PrintBrowserOptions): Promise<Browser> {
  const { executablePath, isProven } = options;
  try {
    // A file that cannot be run at all would end this process: puppeteer does not listen for that.
    await access(executablePath, constants.X_OK);
    // One that was killed in its first moments looks like one that cannot run: a second start tells.
    return await launchOnce(options).catch(() => launchOnce(options));
  } catch (cause) {
    const details = { executablePath };
    if (isProven)
      throw new ReosError(
        'transient',
        `The browser ${executablePath}, which ran before, did not start: ${messageOf(cause)}. It is tried again.`,
        { cause, details },
      );
    throw new ReosError(
      'missing_part',
      `The browser ${executablePath} does not start: ${messageOf(cause)}. Run "reos doctor" to see what it lacks.`,
      { cause, details },
    );
  }
}

async function launchOnce({ executablePath, args, env, timeoutMs }: PrintBrowserOptions): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath,
    headless: 'shell',
    args: [...args, ...ARGUMENTS],
    timeout: timeoutMs,
    // The pipe closes with this process, however that ends, and the browser with the pipe.
    pipe: true,
    ...(env === undefined ? {} : { env }),
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  // A killed browser resets its pipes. Whoever prints is told by the closed connection; without a listener the same
  // news, a moment later, would end this process.
  for (const stream of browser.process()?.stdio ?? []) stream?.on('error', () => undefined);
  return browser;
}

/** Prints on pages that are opened as they are needed and used again, the warmest first. */
function createPages(browser: Browser): PrintBrowser['print'] {
  const free: PrintPage[] = [];
  return async (html) => {
    const page = free.pop() ?? (await openPrintPage(browser));
    const pdf = await page.print(html);
    free.push(page);
    return pdf;
  };
}
