import { describe, expect, it } from 'vitest';
import { loadFonts } from '../../src/activities/memo/fonts.ts';
import { renderMemoHtml } from '../../src/activities/memo/render-memo.ts';
import { findTestBrowser, realRenderer } from '../activities/memo/support/real-renderer.ts';
import { sampleInput } from '../domain/memo/sample-input.ts';
import { readPdf } from '../support/read-pdf.ts';
import { renderUnderKills } from './memo-kills.ts';

const browser = await findTestBrowser();
const title =
  browser === null
    ? 'SIGKILL of the browser (skipped: no browser; set PUPPETEER_EXECUTABLE_PATH)'
    : 'SIGKILL of the browser';

// No second try: one torn memo is one too many.
describe.skipIf(browser === null)(title, { retry: 0 }, () => {
  it('while memos are printed: every memo is whole and the same as an undisturbed one', async () => {
    const { html } = await renderMemoHtml({ fonts: await loadFonts() }, sampleInput());
    const calm = realRenderer(browser ?? '');
    const { pdf: expected, pages } = await calm.render(html);
    const started = performance.now();
    await calm.render(html).finally(() => calm.close());
    // A fast machine would be done before the second kill.
    const pauseMs = 1.5 * (performance.now() - started);
    const { pdfs, kills, broken, left } = await renderUnderKills(
      { executablePath: browser ?? '', args: ['--no-sandbox'], timeoutMs: 5_000 },
      { htmls: [html], memos: 12, seed: 5, pauseMs, kills: 6 },
    );
    expect(pdfs.filter((pdf) => !pdf.equals(expected))).toEqual([]);
    expect(pdfs).toHaveLength(12);
    expect(await readPdf(pdfs[11]!)).toMatchObject({ pages, text: expect.stringContaining('418 Larkspur Lane') });
    // Faults that never struck prove nothing.
    expect(kills).toBeGreaterThan(1);
    expect(broken).toBeGreaterThan(0);
    expect(left).toBe(0);
  });
});
