import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cssString, pageStyle } from '../../../src/activities/memo/page-style.ts';
import { previewInput } from '../../../src/activities/memo/preview.ts';
import { renderMemoHtml } from '../../../src/activities/memo/render-memo.ts';
import { TEMPLATE_DIRECTORY } from '../../../src/activities/memo/template.ts';
import { buildMemoModel } from '../../../src/domain/memo/model.ts';
import { MEMO_SECTION_KEYS } from '../../../src/domain/memo/sections.ts';
import { sampleInput } from '../../domain/memo/sample-input.ts';

/** A whole template of few words, with room for more. */
const small = (more = '', head = '') =>
  `<mjml><mj-head>${head}</mj-head><mj-body><mj-section><mj-column><mj-text>
${MEMO_SECTION_KEYS.map((key) => `<h2>{{titles.${key}}}</h2>`).join('\n')}
<p>{{header.address}} {{score.value}} {{simulatedNotice}} {{#disclaimer}}{{.}}{{/disclaimer}}</p>
${more}
</mj-text></mj-column></mj-section></mj-body></mjml>`;

const html = (mjml: string, css = '') =>
  renderMemoHtml({}, { ...sampleInput(), template: { name: 'short-memo', version: 3, parts: { mjml, css } } });

const refusal = (mjml: string, css = '') =>
  html(mjml, css).then(
    () => 'accepted',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );

let own: { mjml: string; css: string };
beforeAll(async () => {
  const [mjml, css] = await Promise.all(
    ['mjml', 'css'].map((part) => readFile(join(TEMPLATE_DIRECTORY, `investor-memo.${part}`), 'utf8')),
  );
  own = { mjml: mjml ?? '', css: css ?? '' };
});

describe('a tenant’s memo template', () => {
  it('is filled like the product’s own, with a version of its content', async () => {
    const made = await html(small('<p>{{brand.name}}</p>'), 'p { color: red }');
    expect(made.html).toContain('418 Larkspur Lane');
    expect(made.html).toContain('Harbor Street Capital');
    expect(made.html).toContain('p { color: red }');
    expect(made.templateVersion).toMatch(/^[0-9a-f]{12}$/);
    expect((await html(small(), 'p { color: blue }')).templateVersion).not.toBe(made.templateVersion);
  });

  it('may be a copy of the product’s', async () => {
    const [copy, product] = [await html(own.mjml, own.css), await renderMemoHtml({}, sampleInput())];
    expect(copy.html === product.html).toBe(true);
  });

  it.each([
    [
      'a field that no memo has',
      '<p>{{header.adress}}</p>',
      /line 17: it names \{\{header\.adress\}\}.*mean \{\{header\.address\}\}/,
    ],
    [
      'markup from a listing',
      '<p>{{{description}}}</p>',
      /line 17: \{\{\{description\}\}\} would put text into the page as markup/,
    ],
    ['an unescaped field by ampersand', '<p>{{&description}}</p>', /would put text into the page as markup/],
    ['a partial', '<p>{{> other}}</p>', /would include another file/],
    ['other delimiters', '{{=<% %>=}}<% description %>', /changing the delimiters/],
    ['an open section', '{{#metrics}}', /Unclosed section "metrics"/],
    ['a script', '<script>fetch("http://x.example")</script>', /line 17: .<script.: <script> never runs/],
    ['an include', '<mj-include path="/etc/passwd" />', /<mj-include> reads other files/],
    ['an include in capitals', '<MJ-INCLUDE path="file:///etc/passwd" />', /<mj-include> reads other files/],
    ['a file address', '<a href="file:///etc/passwd">x</a>', /file: addresses are not allowed/],
    ['a picture from a server', '<img src="https://tracker.example/a.png">', /asks no server for pictures/],
    ['an event', '<p onclick="x()">x</p>', /event attributes/],
    ['a frame', '<iframe></iframe>', /loads, moves or replaces/],
    ['a refresh', '<meta content="0;url=http://x.example">', /loads, moves or replaces/],
    ['a style that loads', '<p style="background:url(http://x.example/a)">x</p>', /asks no server/],
    ['a listing’s text as an address', '<a href="{{description}}">x</a>', /\{\{description\}\} is no address/],
    ['a drawing that loads', '<svg><use href="http://x.example#a"/></svg>', /own parts alone/],
    ['10,000 elements too many', '<p>x</p>'.repeat(30_000), /characters, at most 200000 are allowed/],
  ])('is refused for %s, naming template, version and place', async (_name, more, message) => {
    const text = await refusal(small(more));
    expect(text).toMatch(message);
    expect(text).toMatch(/^template: The memo template 'short-memo' \(version 3\)/);
  });

  it.each([
    ['a way out of the styles', '</style><script>', /style sheet, line 1: .<\/style.: styles cannot end/],
    ['an import', 'p {}\n@import "http://x.example/a.css";', /style sheet, line 2: .@import/],
    ['a picture from a server', 'p { background: url( "https://x.example/a" ) }', /asks no server/],
    [
      'an escaped picture',
      'p { background: \\75 rl(https://x.example/a) }',
      /style sheet, line 1: .url\(.: a memo asks no server/,
    ],
  ])('is refused for styles with %s', async (_name, css, message) => {
    expect(await refusal(small(), css)).toMatch(message);
  });

  it('is refused when a section’s title or the address is missing, naming the field', async () => {
    expect(await refusal(small().replace('{{titles.owner}}', 'Owner'))).toMatch(
      /the required field \{\{titles\.owner\}\} is missing/,
    );
    expect(await refusal(small().replace('{{header.address}}', ''))).toMatch(/\{\{header\.address\}\} is missing/);
    expect(await refusal('')).toMatch(/^template: /);
    expect(await refusal('hello')).toMatch(/template: /);
  });

  it('may demand facts of the property, and fails naming template and field when one is missing', async () => {
    const mjml = small('{{! requires: header.street, header.image }}');
    expect(await refusal(mjml)).toMatch(
      /^template: The memo template 'short-memo' \(version 3\) requires \{\{header\.image\}\}, which property 5b5d9f57/,
    );
    expect(await refusal(small('{{! requires: header.photo }}'))).toMatch(
      /it requires \{\{header\.photo\}\}, which no memo has/,
    );
    const input = { ...sampleInput(), template: { name: 'short-memo', version: 3, parts: { mjml, css: '' } } };
    const picture = 'data:image/png;base64,AAAA';
    await expect(renderMemoHtml({}, { ...input, images: [picture] })).resolves.toMatchObject({});
  });

  it('prints hostile text of 10,000 characters as text, cut to its room', async () => {
    const hostile = `</style></p><script>alert(1)</script>{{{titles}}} \r\nBcc: x \u202e${'\u05d0\u{1f3e0}x'.repeat(2_500)}`;
    const input = sampleInput();
    const made = await renderMemoHtml(
      {},
      {
        ...input,
        property: { ...input.property, address: hostile, ownerName: hostile, publicRemarks: hostile },
        tenant: {
          name: hostile,
          callToAction: { text: hostile },
          brand: {
            tagline: hostile,
            accentColor: hostile,
            logo: hostile,
            contactName: hostile,
            email: hostile,
            phone: hostile,
            website: hostile,
            disclaimer: hostile,
          },
        },
        outlines: { state: { name: hostile, rings: [] }, county: { name: hostile, rings: [] } },
        salesSources: [hostile],
      },
    );
    expect(/<script|\{\{|\}\}|\u202e/.exec(made.html)?.[0]).toBeUndefined();
    expect(made.html.length).toBeLessThan(200_000);
  });
});

describe('the style of a page', () => {
  it('cannot be left by the text at its foot', () => {
    const input = sampleInput();
    const address = '1 "Main" St</style><script>\\" } @import url(x)';
    const css = pageStyle(buildMemoModel({ ...input, property: { ...input.property, address } }));
    expect(css).not.toMatch(/<|@import|url\(/);
    expect(cssString('a"b\\é')).toBe('"a\\22 b\\5c \\e9 "');
  });

  it('carries the colours of score and brand', () => {
    const css = pageStyle(buildMemoModel(sampleInput()));
    expect(css).toContain('--tone: #1d6f5c;');
    expect(css).toContain('--accent: #1c3c5e;');
  });
});

describe('a preview', () => {
  it('is of the project’s invented property, and says so', async () => {
    const input = await previewInput({ companyName: 'Own Name' });
    expect(input.property.address).toBe('418 Larkspur Lane (sample)');
    expect(input.tenant.name).toBe('Own Name');
    expect(input.outlines?.state.name).toBe('Washington');
  });
});
