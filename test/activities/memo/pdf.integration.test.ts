import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFonts, type MemoFonts } from '../../../src/activities/memo/fonts.ts';
import { createPdfRenderer, type PdfRenderer } from '../../../src/activities/memo/pdf.ts';
import { renderMemo } from '../../../src/activities/memo/render-memo.ts';
import type { MemoInput } from '../../../src/domain/memo/input.ts';
import { MEMO_SECTIONS } from '../../../src/domain/memo/sections.ts';
import { PROPERTY_FIELDS } from '../../../src/domain/property.ts';
import { sampleInput } from '../../domain/memo/sample-input.ts';
import { readPdf } from '../../support/read-pdf.ts';
import { findTestBrowser, realRenderer } from './support/real-renderer.ts';

const browser = await findTestBrowser();
const title = browser === null ? 'memo PDF (skipped: no browser; set PUPPETEER_EXECUTABLE_PATH)' : 'memo PDF';

/** An input of which nothing is known but the property's address. */
function emptyInput(): MemoInput {
  const input = sampleInput();
  const property = { ...input.property, fieldSources: {} };
  for (const field of PROPERTY_FIELDS) if (field !== 'address') Object.assign(property, { [field]: null });
  const unknown = { investmentScore: null, riskScore: null, roiEstimate: null, confidence: null, weightsVersion: null };
  return {
    ...input,
    property,
    score: {
      ...input.score,
      ...unknown,
      birdDogScore: null,
      estimatedValueCents: null,
      valueLowCents: null,
      valueHighCents: null,
      referencePriceCents: null,
      referencePriceKind: 'none',
      components: [],
      reasons: [],
      modelVersion: null,
      scoredAt: null,
    },
    comparables: [],
    financials: input.financials.map((metric) => ({ ...metric, value: null })),
  };
}

describe.skipIf(browser === null)(title, () => {
  let renderer: PdfRenderer;
  let fonts: MemoFonts;
  let server: Server;
  const asked: string[] = [];
  beforeAll(async () => {
    renderer = realRenderer(browser ?? '');
    fonts = await loadFonts();
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await renderer?.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['a well-known property', sampleInput()],
    ['a property of which nothing is known but its address', emptyInput()],
  ])('has the 14 titles in order and no unfilled placeholder: %s', async (_name, input) => {
    const memo = await renderMemo({ renderer, fonts }, input);
    const { text, pages, info, marked, outline } = await readPdf(memo.pdf);
    const places = MEMO_SECTIONS.map((section) => text.indexOf(section));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).not.toMatch(/undefined|NaN|null|\{\{|\}\}/);
    expect(pages).toBe(memo.pages);
    expect(info).toMatchObject({ Title: expect.stringMatching(/^Investor memo: /), Language: 'en' });
    expect(marked).toMatchObject({ Marked: true });
    expect(outline?.length).toBeGreaterThan(0);
  });

  it('gives the same bytes for the same input, a second later and with another browser', async () => {
    const first = await renderMemo({ renderer, fonts }, sampleInput());
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const second = await renderMemo({ renderer, fonts }, sampleInput());
    const other = realRenderer(browser ?? '');
    const third = await renderMemo({ renderer: other, fonts }, sampleInput()).finally(() => other.close());
    expect([second.sha256, third.sha256]).toEqual([first.sha256, first.sha256]);
  });

  it('embeds every font it uses', async () => {
    const { pdf } = await renderMemo({ renderer, fonts }, sampleInput());
    const text = pdf.toString('latin1');
    const names = [...text.matchAll(/\/FontName\s*\/([\w+-]+)/g)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(0);
    expect(names.every((name) => /^[A-Z]{6}\+Inter/.test(name))).toBe(true);
    const objects = new Map(
      [...text.matchAll(/^(\d+) 0 obj\n(<<[\s\S]*?)endobj/gm)].map(([, id, body]) => [id, body ?? '']),
    );
    // A Type 3 font has its glyphs, as drawings, in itself; any other brings a file.
    const drawn = [...objects.values()].filter((body) => /\/Subtype \/Type3\b/.test(body));
    const without = [...objects].filter(([, body]) => /\/FontName\b/.test(body) && !/\/FontFile2 \d/.test(body));
    expect(without.filter(([id]) => !drawn.some((font) => font.includes(`/FontDescriptor ${id} 0 R`)))).toEqual([]);
  });

  it('prints hostile text as text', async () => {
    const input = sampleInput();
    const publicRemarks = `<script>document.title='x'</script> {{x}} \u202etxet \u05e9\u05dc\u05d5\u05dd \ud83c\udfe0 ${'word '.repeat(2_000)}`;
    const memo = await renderMemo(
      { renderer, fonts },
      { ...input, property: { ...input.property, publicRemarks, ownerName: '{{{a}}} <b>' } },
    );
    const { text, info } = await readPdf(memo.pdf);
    expect(text).toContain("<script>document.title='x'</script>");
    expect(text).not.toMatch(/\{\{|\}\}/);
    expect(info['Title']).toBe('Investor memo: 418 Larkspur Lane');
  });

  it('runs no script and asks no server, whatever the page says', async () => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const { pdf } = await renderer.render(
      `<html><head><link rel="stylesheet" href="${url}/a.css"></head>
       <body>plain<img src="${url}/c.png"><iframe src="${url}/d"></iframe><script src="${url}/e.js"></script>
       <script>document.body.append('scripted')</script><noscript>unscripted</noscript></body></html>`,
    );
    const { text } = await readPdf(pdf);
    expect(text).toContain('unscripted');
    expect(text).not.toContain(' scripted');
    expect(asked).toEqual([]);
  });

  it('stays with the memo when the page wants to move on', async () => {
    const { port } = server.address() as AddressInfo;
    for (let count = 0; count < 10; count += 1) {
      const { pdf } = await renderer.render(
        `<meta http-equiv="refresh" content="0;url=http://127.0.0.1:${port}/b"><p>here to stay</p>`,
      );
      expect((await readPdf(pdf)).text).toContain('here to stay');
    }
    expect(asked).toEqual([]);
  });

  it('goes on with a new browser when the old one was killed, between memos and during one', async () => {
    const pids: number[] = [];
    const logger = { info: (fields: object) => pids.push(Number(Reflect.get(fields, 'pid'))), warn: () => undefined };
    const own = realRenderer(browser ?? '', { logger });
    await own.render('<p>one</p>');
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(own.render('<p>two</p>')).resolves.toMatchObject({ pages: 1 });
    const long = expect(own.render('<p>long</p>'.repeat(100_000))).rejects.toMatchObject({ code: 'transient' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    process.kill(pids[1] ?? 0, 'SIGKILL');
    await long;
    await expect(own.render('<p>three</p>')).resolves.toMatchObject({ pages: 1 });
    expect(new Set(pids).size).toBe(3);
    await own.close();
  });

  it('starts a new browser after its number of pages and after being closed', async () => {
    const versions: string[] = [];
    const logger = { info: (_fields: object, message: string) => versions.push(message), warn: () => undefined };
    const short = realRenderer(browser ?? '', { rendersPerBrowser: 2, logger });
    for (let count = 0; count < 5; count += 1) await short.render('<p>page</p>');
    expect(versions).toHaveLength(3);
    await short.close();
    await expect(short.render('<p>again</p>')).resolves.toMatchObject({ pages: 1 });
    await short.close();
    expect(versions).toHaveLength(4);
  });

  it('kills a browser that takes too long, says that it is worth another try, and goes on', async () => {
    const slow = realRenderer(browser ?? '', { timeoutMs: 2_500 });
    const rows = '<div style="display:grid"><table><tr><td>x</td></tr></table></div>'.repeat(400_000);
    await expect(slow.render(rows)).rejects.toMatchObject({ code: 'transient' });
    await expect(slow.render('<p>next</p>')).resolves.toMatchObject({ pages: 1 });
    await slow.close();
  });

  it('says which browser does not start', async () => {
    const logger = { info: () => undefined, warn: () => undefined };
    const none = createPdfRenderer({ executablePath: '/nowhere/chromium', logger });
    await expect(none.render('<p></p>')).rejects.toMatchObject({
      code: 'missing_part',
      message: expect.stringContaining('/nowhere/chromium'),
    });
    await none.close();
  });
});
