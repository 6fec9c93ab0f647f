import { messageOf, ReosError } from '../../domain/errors.ts';
import { createGate } from './gate.ts';
import { type PrintBrowser, type RendererLogger, startPrintBrowser } from './pdf-browser.ts';
import { countPages, isWholePdf, normalisePdf } from './pdf-bytes.ts';

export type { RendererLogger } from './pdf-browser.ts';

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
  /** A browser is replaced after this many memos. Default 100. */
  rendersPerBrowser?: number;
  /** Memos printed at the same time. Default 2. */
  concurrency?: number;
}

/** Prints HTML to PDF. `close` ends the browser; a later `render` starts a new one. */
export interface PdfRenderer {
  /** @throws ReosError `transient` when the browser crashed or took too long, `missing_part` when it does not start */
  render(html: string): Promise<{ pdf: Buffer; pages: number }>;
  close(): Promise<void>;
}

/** A browser and how much it has printed. */
interface Session {
  browser: PrintBrowser;
  started: number;
  open: number;
  /** True once a rendering failed: nobody gets this browser again, even before its end is noticed. */
  isSpent: boolean;
}

/**
 * A renderer with one browser: JavaScript off, every request but data: refused. The same HTML
 * gives the same bytes, whatever was printed before it.
 * The browser starts with the first rendering and is replaced after a crash, a time-out or `rendersPerBrowser` memos.
 */
export function createPdfRenderer(options: PdfRendererOptions): PdfRenderer {
  const { logger, timeoutMs = 30_000, rendersPerBrowser = 100 } = options;
  const { executablePath, args = [], env } = options;
  const gate = createGate(options.concurrency ?? 2);
  let current: Promise<Session> | null = null;
  let isProven = false;
  const ending = new Set<Promise<void>>();

  async function start(): Promise<Session> {
    const browser = await startPrintBrowser({ executablePath, args, env, logger, timeoutMs, isProven });
    isProven = true;
    return { browser, started: 0, open: 0, isSpent: false };
  }

  /** The browser for one more memo, which is counted already. */
  async function take(): Promise<Session> {
    for (;;) {
      current ??= start();
      const starting: Promise<Session> = current;
      try {
        const found = await starting;
        if (!found.isSpent && found.browser.isAlive() && found.started < rendersPerBrowser) {
          found.started += 1;
          found.open += 1;
          return found;
        }
      } catch (error) {
        if (current === starting) current = null;
        throw error;
      }
      if (current === starting) current = null;
    }
  }

  /** The last memo of a browser that has printed its number takes it away; the next one is not kept waiting. */
  function giveBack(used: Session): void {
    used.open -= 1;
    if (used.open > 0 || used.started < rendersPerBrowser || used.isSpent) return;
    const end = used.browser.close().finally(() => ending.delete(end));
    ending.add(end);
  }

  async function render(html: string): Promise<{ pdf: Buffer; pages: number }> {
    const used = await take();
    try {
      const printed = await withinTime(used.browser.print(html), timeoutMs);
      if (!isWholePdf(printed)) throw new Error(`it gave ${printed.byteLength} bytes that are no whole PDF`);
      const pdf = normalisePdf(printed);
      return { pdf, pages: countPages(pdf) };
    } catch (cause) {
      logger.warn({ error: messageOf(cause) }, 'memo browser failed; the next memo gets a new one');
      used.isSpent = true;
      used.browser.kill();
      throw new ReosError(
        'transient',
        `The browser failed while it printed a memo: ${messageOf(cause)}. It is tried again with a new browser.`,
        { cause },
      );
    } finally {
      giveBack(used);
    }
  }

  return {
    render: (html) => gate(() => render(html)),
    async close() {
      const last = current;
      current = null;
      const open = await last?.catch(() => null);
      await Promise.all([open?.browser.close(), ...ending]);
    },
  };
}

/** Gives up waiting for the work after the limit; what it ends with later is of no interest then. */
async function withinTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
