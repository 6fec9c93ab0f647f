import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import puppeteer from 'puppeteer';
import { afterAll, describe, expect, it } from 'vitest';
import { findBrowser, launchOptions } from '../../src/runtime/browser.ts';
import { isUnpacked, locateChromiumPackage } from '../../src/runtime/browser-unpack.ts';
import { temporaryHome } from './support.ts';

const { home, remove } = temporaryHome();
afterAll(() => remove());

async function pdfText(env: NodeJS.ProcessEnv): Promise<{ source: string; text: string }> {
  const found = await findBrowser({ home, env });
  const browser = await puppeteer.launch(launchOptions(found, env));
  try {
    const page = await browser.newPage();
    await page.setContent('<h1>Three bedrooms</h1><p style="font-family: Open Sans">in Seattle, é</p>');
    const pdf = await page.pdf({ format: 'A4' });
    const content = await (await (await getDocument({ data: pdf }).promise).getPage(1)).getTextContent();
    return { source: found.source, text: content.items.map((item) => ('str' in item ? item.str : '')).join(' ') };
  } finally {
    await browser.close();
  }
}

describe('the browser that is found', () => {
  it('renders a PDF whose text can be read', async () => {
    const { text } = await pdfText(process.env);
    expect(text).toContain('Three bedrooms');
    expect(text).toContain('in Seattle, é');
  });

  it.skipIf(!locateChromiumPackage())(
    'goes past a broken one to the npm package, unpacked once (needs @sparticuz/chromium)',
    { timeout: 120_000 },
    async () => {
      const env = { PATH: '/nowhere', HOME: home.root, PUPPETEER_EXECUTABLE_PATH: '/bin/false' };
      expect(await pdfText(env)).toMatchObject({ text: expect.stringContaining('Three bedrooms') });
      const again = await findBrowser({ home, env });
      expect(again.version).toMatch(/^Chrome\/\d+/);
      if (again.source === '@sparticuz/chromium') expect(isUnpacked(home)).toBe(true);
    },
  );
});
