import { createPdfRenderer, type PdfRenderer, type PdfRendererOptions } from '../../../../src/activities/memo/pdf.ts';

/** The path of a real browser: the one named by the environment, else the one in the npm package; null without both. */
export async function findTestBrowser(): Promise<string | null> {
  const named = process.env['PUPPETEER_EXECUTABLE_PATH'];
  if (named !== undefined && named !== '') return named;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } catch {
    return null;
  }
}

/** A renderer on the real browser, quiet unless it has something to warn of. */
export function realRenderer(executablePath: string, options: Partial<PdfRendererOptions> = {}): PdfRenderer {
  return createPdfRenderer({
    executablePath,
    args: ['--no-sandbox'],
    logger: { info: () => undefined, warn: () => undefined },
    ...options,
  });
}
