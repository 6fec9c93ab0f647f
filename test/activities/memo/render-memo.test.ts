import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFonts } from '../../../src/activities/memo/fonts.ts';
import { renderMemo, renderMemoHtml } from '../../../src/activities/memo/render-memo.ts';
import { loadMemoTemplate, TEMPLATE_DIRECTORY } from '../../../src/activities/memo/template.ts';
import { sampleInput } from '../../domain/memo/sample-input.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'memo templates '));
  await cp(join(TEMPLATE_DIRECTORY, 'investor-memo.mjml'), join(directory, 'investor-memo.mjml'));
  await writeFile(join(directory, 'investor-memo.css'), 'p { margin: 0 }');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const hostile =
  '<script>alert(1)</script> {{x}} {{{y}}} "><img src=x onerror=alert(1)> \u05e9\u05dc\u05d5\u05dd \ud83c\udfe0';

describe('renderMemoHtml', () => {
  it('escapes hostile text wherever it can come in', async () => {
    const input = sampleInput();
    const property = { ...input.property, address: hostile, city: hostile, ownerName: hostile, publicRemarks: hostile };
    const { html } = await renderMemoHtml(
      {},
      {
        ...input,
        property,
        county: { ...input.county, name: hostile, medianPriceSource: hostile },
        tenant: { name: hostile, callToAction: { text: hostile } },
        comparables: input.comparables.map((sale) => ({ ...sale, address: hostile })),
        financials: input.financials.map((metric) => ({ ...metric, label: hostile, basis: hostile })),
        score: {
          ...input.score,
          reasons: [{ code: hostile, label: hostile, contribution: 1, sources: [hostile] }],
          modelVersion: hostile,
        },
      },
    );
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
    expect(html).not.toMatch(/\{\{|\}\}/);
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).toContain('\u05e9\u05dc\u05d5\u05dd');
  });

  it('asks nobody for anything: no address but data: and links', async () => {
    const { html } = await renderMemoHtml({ fonts: await loadFonts() }, sampleInput());
    expect(html).toContain("default-src 'none'");
    const sources = [...html.matchAll(/(?:src=|url\(|@import\s+)["']?([^"')\s]+)/g)].map((match) => match[1] ?? '');
    expect(sources.filter((source) => !source.startsWith('data:'))).toEqual([]);
  });

  it('names its language and title, and carries the version of the template it was made with', async () => {
    const own = await renderMemoHtml({}, sampleInput());
    const other = await renderMemoHtml({ templateDirectory: directory }, sampleInput());
    expect(own.html).toMatch(/<html[^>]* lang="en"/);
    expect(own.html).toContain('<title>Investor memo: 418 Larkspur Lane</title>');
    expect(own.templateVersion).toMatch(/^[0-9a-f]{12}$/);
    expect(other.templateVersion).not.toBe(own.templateVersion);
  });

  it('names the file and line of a template that does not compile, and of one that is missing', async () => {
    await writeFile(
      join(directory, 'broken.mjml'),
      '<mjml><mj-body>\n<mj-section wrong="1"></mj-section></mj-body></mjml>',
    );
    await writeFile(join(directory, 'broken.css'), '');
    await expect(loadMemoTemplate('broken', directory)).rejects.toMatchObject({
      code: 'template',
      message: expect.stringMatching(/broken\.mjml.*Line 2/s),
    });
    await expect(loadMemoTemplate('absent', directory)).rejects.toMatchObject({ code: 'template' });
  });
});

describe('renderMemo', () => {
  it('hands the HTML to the renderer and hashes the bytes that come back', async () => {
    const renderer = {
      render: async (html: string) => ({ pdf: Buffer.from(html.includes('418 Larkspur') ? 'pdf' : ''), pages: 4 }),
    };
    const memo = await renderMemo({ renderer }, sampleInput());
    expect(memo.pages).toBe(4);
    expect(memo.sha256).toBe('c35b21d6ca39aa7cc3b79a705d989f1a6e88b99ab43988d74048799e3db926a3');
  });
});
