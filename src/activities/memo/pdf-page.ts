import type { Browser, CDPSession, HTTPRequest, Page } from 'puppeteer';

/** A page that prints one HTML after the other, each as if it were the page's first. */
export interface PrintPage {
  /**
   * The HTML as a tagged A4 PDF with an outline, as the browser gives it. One at a time.
   * Rejects when page or browser are gone; the page is of no more use then.
   */
  print(html: string): Promise<Buffer>;
}

/** A4 in inches, without margins: the style sheet's own page size and margins come first. */
const PAPER = { paperWidth: 210 / 25.4, paperHeight: 297 / 25.4 };
const NO_MARGINS = { marginTop: 0, marginBottom: 0, marginLeft: 0, marginRight: 0 };

/** Opens a page that runs no script, asks nobody for anything and goes nowhere. */
export async function openPrintPage(browser: Browser): Promise<PrintPage> {
  const page = await browser.newPage();
  const { session, frameId } = await unlessItCrashes(page, prepare(page));
  let declared: string | null = '';
  async function print(html: string): Promise<Buffer> {
    const declares = declarations(html);
    if (declared === null || (declared !== '' && declared !== declares))
      await untilLoaded(session, () => session.send('Page.navigate', { url: 'about:blank' }));
    declared = declares;
    await untilLoaded(session, () => session.send('Page.setDocumentContent', { frameId, html }));
    await untilFontsAreThere(session, frameId);
    const { data } = await session.send('Page.printToPDF', {
      ...PAPER,
      ...NO_MARGINS,
      preferCSSPageSize: true,
      printBackground: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    });
    return Buffer.from(data, 'base64');
  }
  return { print: (html) => unlessItCrashes(page, print(html)) };
}

/**
 * Waits for the work, or for the page's process to die: whoever waits for an answer of a dead page waits for ever. The
 * listener goes with the work; a promise that lived as long as the page would keep every PDF in memory.
 */
async function unlessItCrashes<T>(page: Page, work: Promise<T>): Promise<T> {
  let onCrash: (error: Error) => void = () => undefined;
  const crashed = new Promise<never>((_resolve, reject) => {
    onCrash = reject;
  });
  page.on('error', onCrash);
  try {
    return await Promise.race([work, crashed]);
  } finally {
    page.off('error', onCrash);
    work.catch(() => undefined);
  }
}

async function prepare(page: Page): Promise<{ session: CDPSession; frameId: string }> {
  await page.setJavaScriptEnabled(false);
  await page.emulateMediaType('screen');
  await page.setRequestInterception(true);
  page.on('request', refuse);
  const session = await page.createCDPSession();
  await session.send('Page.enable');
  const { frameTree } = await session.send('Page.getFrameTree');
  return { session, frameId: frameTree.frame.id };
}

/**
 * What an HTML says to its document rather than in it: a content policy, a language or a refresh in a meta tag outlasts
 * the HTML. One that says the same may follow in the same document, which saves a third of the time; any other gets a
 * new one. Null when a tag is not written plainly enough to be sure what it says.
 */
function declarations(html: string): string | null {
  const plain = html.match(/<meta(?:\s+[a-z-]+="[^"<>]*")*\s*\/?>/gi) ?? [];
  const all = html.match(/<meta/gi) ?? [];
  return plain.length === all.length ? plain.join('') : null;
}

/** Lets what stands in the page itself pass and nothing else. */
function refuse(request: HTTPRequest): void {
  const answer = request.url().startsWith('data:')
    ? request.continue()
    : request.isNavigationRequest()
      ? // An aborted navigation shows an error page in place of the memo; "no content" leaves the memo where it is.
        request.respond({ status: 204 })
      : request.abort('blockedbyclient');
  // The page may be gone by now; then there is nobody left to answer.
  answer.catch(() => undefined);
}

/** Does what brings a new document and waits for that document's load event. */
async function untilLoaded(session: CDPSession, work: () => Promise<unknown>): Promise<void> {
  const loaded = new Promise<void>((resolve) => session.once('Page.loadEventFired', () => resolve()));
  await work();
  await loaded;
}

/** A font is fetched from its data: URI when the layout first needs it; printed before that, its text has another. */
async function untilFontsAreThere(session: CDPSession, frameId: string): Promise<void> {
  // Scripts of the page are off; the browser's own, in a world beside it, run.
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId });
  const { exceptionDetails } = await session.send('Runtime.evaluate', {
    contextId: executionContextId,
    expression: 'document.fonts.ready.then(() => true)',
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) throw new Error(`the page's fonts could not be read: ${exceptionDetails.text}`);
}
