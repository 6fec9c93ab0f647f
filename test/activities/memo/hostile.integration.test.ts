import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFonts, type MemoFonts } from '../../../src/activities/memo/fonts.ts';
import { readOutlines } from '../../../src/activities/memo/outlines.ts';
import type { PdfRenderer } from '../../../src/activities/memo/pdf.ts';
import { previewMemo } from '../../../src/activities/memo/preview.ts';
import { renderMemo } from '../../../src/activities/memo/render-memo.ts';
import type { MemoInput } from '../../../src/domain/memo/input.ts';
import { MEMO_SECTIONS } from '../../../src/domain/memo/sections.ts';
import { pngOf } from '../../domain/memo/sample-images.ts';
import { sampleInput } from '../../domain/memo/sample-input.ts';
import { readPdf } from '../../support/read-pdf.ts';
import { findTestBrowser, realRenderer } from './support/real-renderer.ts';

const browser = await findTestBrowser();
const title = browser === null ? 'hostile memos (skipped: no browser; set PUPPETEER_EXECUTABLE_PATH)' : 'hostile memos';

/** The input with this text wherever text comes in from outside. */
function withText(text: string): MemoInput {
  const input = sampleInput();
  const { property } = input;
  return {
    ...input,
    property: {
      ...property,
      address: text,
      unit: text,
      city: text,
      ownerName: text,
      publicRemarks: text,
      apn: text,
      propertySubType: text,
      censusTract: text,
      fieldSources: { ...property.fieldSources, ownerName: { ...property.fieldSources.ownerName!, source: text } },
    },
    county: { ...input.county, name: text, medianPriceSource: text },
    comparables: input.comparables.map((sale) => ({ ...sale, address: text })),
    financials: input.financials.map((metric) => ({ ...metric, basis: text })),
    score: {
      ...input.score,
      modelVersion: text,
      weightsVersion: text,
      components: input.score.components.map((part) => ({ ...part, name: text })),
      reasons: input.score.reasons.map((reason) => ({ ...reason, label: text, sources: [text] })),
    },
    tenant: {
      name: text,
      callToAction: { text },
      brand: {
        tagline: text,
        accentColor: text,
        logo: text,
        contactName: text,
        email: text,
        phone: text,
        website: text,
        disclaimer: text,
      },
    },
    salesSources: [text],
  };
}

/** Texts that lie beyond the paper's edges, by page; the margins hold the foot alone. */
async function textsOffPaper(pdf: Buffer): Promise<string[]> {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const off: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [x = 0, y = 0] = item.transform.slice(4) as number[];
      const isInside = x >= 0 && x + item.width <= width + 1 && y >= 0 && y <= height;
      if (!isInside) off.push(`page ${number}: ${item.str.slice(0, 40)} at ${Math.round(x)}+${Math.round(item.width)}`);
    }
  }
  await document.destroy();
  return off;
}

describe.skipIf(browser === null)(title, () => {
  let renderer: PdfRenderer;
  let fonts: MemoFonts;
  let server: Server;
  let url: string;
  const asked: string[] = [];
  beforeAll(async () => {
    renderer = realRenderer(browser ?? '');
    fonts = await loadFonts();
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await renderer?.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const render = (input: MemoInput) => renderMemo({ renderer, fonts }, input);

  it.each([
    [
      'markup that loads',
      () => `<img src="${url}/a.png"><script src="${url}/b.js"></script><style>@import url(${url}/c)</style>`,
    ],
    [
      'file addresses and includes',
      () => 'file:///etc/passwd <mj-include path="file:///etc/passwd" /> {{> x}} {{{titles}}}',
    ],
    ['line ends', () => 'one\r\nBcc: everybody@example.com\r\n\r\ntwo\u2028three\u0000four'],
    [
      'right-to-left text and overrides',
      () => '\u202egnp.exe \u05d3\u05d9\u05e8\u05d4 \u0628\u064a\u062a \u2067x\u2069 \u200f\u200e',
    ],
    [
      'emoji, flags and piled accents',
      () =>
        `\u{1f3e0}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u{1f1fa}\u{1f1f8} Z${'\u0301'.repeat(200)} \ufdfd \u{12031}`,
    ],
    ['10,000 letters without a blank', () => 'W'.repeat(10_000)],
    ['10,000 characters of everything', () => '<b>\u05d0\u{1f3e0}{{x}} \r\n"\'&\\'.repeat(600)],
  ])('%s: no request, all titles, nothing beyond the paper', async (_name, text) => {
    const { pdf, pages } = await render(withText(text()));
    const read = await readPdf(pdf);
    const places = MEMO_SECTIONS.map((section) => read.text.indexOf(section));
    expect(places.filter((place) => place < 0)).toEqual([]);
    expect(read.info['Title']).toMatch(/^Investor memo: /);
    expect(await textsOffPaper(pdf)).toEqual([]);
    expect(pages).toBeLessThanOrEqual(9);
    expect(asked).toEqual([]);
  });

  it('names property and page at the foot of each page, in text', async () => {
    const { pdf, pages } = await render(sampleInput());
    const { text } = await readPdf(pdf);
    for (let page = 1; page <= pages; page += 1) expect(text).toContain(`Page ${page} of ${pages}`);
    expect(text.split('Harbor Street Capital \u00b7 418 Larkspur Lane').length - 1).toBe(pages);
  });

  it('keeps to four pages with map, trend, logo and four pictures, all fonts embedded', async () => {
    const picture = `data:image/png;base64,${pngOf(320, 200).toString('base64')}`;
    const outlines = await readOutlines('53033');
    const input = sampleInput();
    const brand = {
      tagline: 'Small houses, honest numbers',
      accentColor: '#f2c230',
      logo: picture,
      contactName: 'Dana Whitfield',
      email: 'dana@harborstreet.example',
      phone: '(206) 555-0142',
      website: 'https://harborstreet.example',
      disclaimer: 'Licensed in Washington.',
    };
    const { pdf, pages } = await render({
      ...input,
      outlines,
      images: [picture, picture, picture, picture],
      tenant: { ...input.tenant, brand },
    });
    expect(pages).toBe(4);
    const raw = pdf.toString('latin1');
    expect([...raw.matchAll(/\/Subtype\s*\/Type3/g)]).toEqual([]);
    expect(raw.match(/\/Subtype\s*\/Image/g)?.length).toBeGreaterThan(0);
    const { text } = await readPdf(pdf);
    expect(text).toContain('Washington');
    expect(text).toContain('Licensed in Washington.');
  });

  it('previews a candidate template without storing it, and refuses one with its line', async () => {
    const deps = { renderMemo: (input: MemoInput) => render(input) };
    const preview = await previewMemo(deps, {
      companyName: 'Own Name',
      brand: { ...withText('x').tenant.brand!, accentColor: '#aa0000' },
    });
    expect((await readPdf(preview.pdf)).text).toContain('418 Larkspur Lane (sample)');
    const again = await previewMemo(deps, {
      companyName: 'Own Name',
      brand: { ...withText('x').tenant.brand!, accentColor: '#aa0000' },
    });
    expect(again.sha256).toBe(preview.sha256);
    await expect(
      previewMemo(deps, {
        template: { name: 'mine', version: 1, parts: { mjml: `<mjml>\n<script src="${url}"/></mjml>`, css: '' } },
      }),
    ).rejects.toMatchObject({ code: 'template', message: expect.stringMatching(/'mine' \(version 1\).*line 2/) });
    expect(asked).toEqual([]);
  });
});
