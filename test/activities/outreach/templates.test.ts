import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../../src/activities/outreach/template-compile.ts';
import { type MessageKind, SAMPLE_VIEW, sampleFor } from '../../../src/activities/outreach/template-view.ts';
import { findFile, listFiles } from '../../../src/activities/outreach/templates.ts';
import { countSmsSegments } from '../../../src/domain/outreach/sms-segments.ts';

const FOLDER = join(process.cwd(), 'config/templates/outreach');
const FOOT = '{{senderName}} {{postalAddress}} <a href="{{unsubscribeUrl}}">Unsubscribe</a>';
const mjml = (text: string) =>
  `<mjml><mj-body><mj-section><mj-column>${text}</mj-column></mj-section></mj-body></mjml>`;
const email = (body: string, more: Record<string, string> = {}) => ({
  mjml: mjml(`<mj-text>${body} ${FOOT}</mj-text>`),
  txt: '{{senderName}} {{postalAddress}} {{unsubscribeUrl}}',
  'subject.txt': 'Hello {{recipientName}}',
  ...more,
});
const compile = (parts: Record<string, string>, kind: MessageKind = 'email') =>
  compileTemplate({ kind, name: 'mine', version: 3, parts });
const letter = (body: string) => ({ 'letter.html': `<html><body>${body} {{senderName}}</body></html>` });

describe('the default templates', () => {
  it.each([
    ['email', 'investor-email'],
    ['email', 'investor-follow-up'],
    ['email', 'owner-email'],
    ['email', 'owner-follow-up'],
    ['sms', 'owner-sms'],
    ['letter', 'owner-letter'],
    ['postcard', 'owner-postcard'],
  ] as const)('%s %s is whole, says who writes, and presses nobody', async (kind, name) => {
    const template = await findFile(FOLDER, [kind], name);
    const view = sampleFor(name.startsWith('owner') ? 'owner' : 'investor');
    const filled = template.fill(view);
    const all = Object.values(filled).join('\n');
    expect(all).not.toMatch(/\{\{|undefined|NaN|\bnull\b|<script|https?:\/\/fonts\./);
    expect(all).toContain('Example Homes');
    expect(all.replace(/<[^>]*>/g, '')).not.toMatch(/urgent|act now|limited time|last chance|guarantee/i);
    if (kind === 'email') {
      for (const part of [filled['mjml'], filled['txt']]) {
        expect(part).toContain('1 Example Way, Seattle, WA 98101');
        expect(part).toContain('https://deals.example.com/unsubscribe/sample');
      }
    }
    if (kind === 'sms') expect(countSmsSegments(all)).toMatchObject({ encoding: 'gsm7', segments: 1 });
    if (kind === 'letter' || kind === 'postcard') expect(all).not.toMatch(/src=|url\(|@import/);
  });

  it('are all there is in the folder, and none for owners asks for a valuation', async () => {
    const files = await listFiles(FOLDER);
    expect(files).toHaveLength(7);
    for (const { kind, name } of files.filter((file) => file.name.startsWith('owner'))) {
      const { fields } = await findFile(FOLDER, [kind], name);
      expect([...fields].filter((field) => ['score', 'memoUrl', 'hasAttachment', 'facts'].includes(field))).toEqual([]);
    }
  });

  it('for investors fail for an owner, and without a memo, naming template, part and field', async () => {
    const template = await findFile(FOLDER, ['email'], 'investor-email');
    expect(() => template.fill(sampleFor('owner'))).toThrow(
      /email template 'investor-email', part mjml: it uses \{\{score\}\}, but a message to an owner carries no score/,
    );
    const { memoUrl: _none, ...rest } = SAMPLE_VIEW;
    expect(() => template.fill({ ...rest, why: { memoUrl: 'the property has no memo' } })).toThrow(
      expect.objectContaining({
        code: 'template',
        details: expect.objectContaining({ template: 'investor-email', field: 'memoUrl' }),
      }),
    );
    expect(() => template.fill({ ...SAMPLE_VIEW, postalAddress: ' ' })).toThrow(/\{\{postalAddress\}\}/);
  });

  it('stay as they are whatever the texts are', async () => {
    const hostile = `<script>alert(1)</script>\r\nBcc: v@example.com \u202E{{senderName}} ${'🏠א'.repeat(5_000)}`;
    const view = { ...SAMPLE_VIEW, recipientName: hostile, propertyLabel: hostile, senderName: hostile };
    const {
      mjml: html = '',
      txt = '',
      'subject.txt': subject = '',
    } = (await findFile(FOLDER, ['email'], 'investor-email')).fill(view);
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<script|\u202E|\{\{/);
    expect(subject.trim().length).toBeLessThan(200);
    expect(subject.trim()).not.toMatch(/[\r\n\u202E]/);
    expect(txt.split('\n')).toHaveLength(
      (await findFile(FOLDER, ['email'], 'investor-email')).fill(SAMPLE_VIEW)['txt']!.split('\n').length,
    );
    const mail = (await findFile(FOLDER, ['letter'], 'owner-letter')).fill({
      ...sampleFor('owner'),
      recipientName: hostile,
    });
    expect(mail['letter.html']!.length).toBeLessThan(5_000);
  });
});

describe('a template that is set', () => {
  it.each<[string, Record<string, string>, MessageKind, RegExp]>([
    [
      'an unknown field',
      email('{{recipientNmae}}'),
      'email',
      /version 3\), part mjml: \{\{recipientNmae\}\} is no field.*recipientName/,
    ],
    ['an unknown block', email('{{#nobody}}x{{/nobody}}'), 'email', /\{\{nobody\}\} is no field/],
    ['a field of facts outside', email('{{label}}'), 'email', /\{\{label\}\} is no field/],
    ['an unescaped value', email('{{{recipientName}}}'), 'email', /unescaped/],
    ['another template', email('{{> secret}}'), 'email', /another template/],
    ['other delimiters', email('{{=<% %>=}}'), 'email', /delimiters/],
    ['an open block', email('{{#facts}}'), 'email', /tags are not right/],
    [
      'no unsubscribe link',
      { ...email(''), txt: '{{senderName}} {{postalAddress}}' },
      'email',
      /part txt: .*\{\{unsubscribeUrl\}\}/,
    ],
    [
      'no postal address',
      { ...email(''), mjml: mjml('<mj-text>{{senderName}} {{unsubscribeUrl}}</mj-text>') },
      'email',
      /\{\{postalAddress\}\}/,
    ],
    ['no subject', { mjml: email('').mjml, txt: email('').txt }, 'email', /subject\.txt: it is missing/],
    ['a strange part', { ...email(''), css: 'a{}' }, 'email', /part css: .*mjml, txt, subject\.txt/],
    [
      'mj-include',
      email('', { mjml: mjml(`<mj-include path="/etc/passwd" /><mj-text>${FOOT}</mj-text>`) }),
      'email',
      /mj-include/,
    ],
    ['wrong MJML', email('', { mjml: mjml(`<mj-nothing /><mj-text>${FOOT}</mj-text>`) }), 'email', /not valid MJML/],
    ['a script', email('<script>x()</script>'), 'email', /<script> is not allowed/],
    [
      'a script in mj-raw',
      email('', { mjml: mjml(`<mj-raw><script>x</script></mj-raw><mj-text>${FOOT}</mj-text>`) }),
      'email',
      /<script>/,
    ],
    ['a script in a comment', email('<!--[if IE]><script>x</script><![endif]-->'), 'email', /script/],
    ['a form', email('<form action="https://x.example"></form>'), 'email', /<form>/],
    ['an event handler', email('<p onclick="x()">a</p>'), 'email', /onclick of <p>/],
    ['a file', email('<img src="file:///etc/passwd">'), 'email', /src of <img>/],
    ['an image by http', email('<img src="http://example.com/a.png">'), 'email', /https/],
    ['javascript', email('<a href="java\tscript:x()">a</a>'), 'email', /href of <a>/],
    ['a text as an address', email('<a href="{{recipientName}}">a</a>'), 'email', /href of <a>.*\{\{recipientName\}\}/],
    [
      'a field in an image',
      email('<img src="https://t.example/{{recipientName}}">'),
      'email',
      /takes a field: \{\{recipientName\}\}/,
    ],
    [
      'a field in a style',
      email('<p style="color:{{recipientName}}">a</p>'),
      'email',
      /style takes a field: \{\{recipientName\}\}/,
    ],
    ['an import', email('<style>@import url(https://x.example/a.css)</style>'), 'email', /@import/],
    ['a field without quotes', email('<p title={{recipientName}}>a</p>'), 'email', /quoted attributes/],
    ['a field as an element', email('<{{recipientName}}>a'), 'email', /not allowed|part of a tag/],
    ['10,001 characters in a letter', letter('x'.repeat(10_001)), 'letter', /9900 are the most/],
    ['an image of the web in a letter', letter('<img src="https://example.com/a.png">'), 'letter', /data: image/],
    ['a web font in a letter', letter('<style>@font-face{src:url(https://x.example)}</style>'), 'letter', /@font-face/],
    ['a style sheet in a letter', letter('<link rel="stylesheet" href="https://x.example">'), 'letter', /<link>/],
    ['no STOP', { 'sms.txt': 'Hello from {{senderName}}' }, 'sms', /opt out/],
    ['no sender', { 'sms.txt': 'Hello. Reply STOP to opt out' }, 'sms', /\{\{senderName\}\}/],
    ['eleven segments', { 'sms.txt': `{{senderName}} STOP ${'x'.repeat(1_600)}` }, 'sms', /11 segments/],
    ['a huge part', email('', { txt: 'x'.repeat(50_001) }), 'email', /50000 are the most/],
  ])('is refused with %s', async (_what, parts, kind, message) => {
    await expect(compile(parts, kind)).rejects.toMatchObject({
      code: 'template',
      message: expect.stringMatching(message),
    });
  });

  it('may show images by https or inside, quoted fields, blocks and its own texts', async () => {
    const body =
      '<img src="https://example.com/logo.png" alt="{{senderName}}"><img src="data:image/png;base64,AAAA"> ' +
      '{{#facts}}<b title="{{label}}">{{value}}</b>{{/facts}}{{#senderPhone}}Call {{senderPhone}}{{/senderPhone}}';
    const template = await compile(email(body));
    expect(template).toMatchObject({ version: 3, kind: 'email' });
    const { senderPhone: _none, ...without } = SAMPLE_VIEW;
    expect(template.fill(without)['mjml']).not.toContain('Call');
    expect(template.fill(SAMPLE_VIEW)['mjml']).toContain('<b title="Bedrooms">3</b>');
  });
});

describe('finding a template', () => {
  it('takes the first kind that has the name, and says what is missing', async () => {
    expect((await findFile(FOLDER, ['letter', 'postcard'], 'owner-postcard')).kind).toBe('postcard');
    await expect(findFile(FOLDER, ['letter', 'postcard'], 'no-such')).rejects.toMatchObject({
      code: 'template',
      message: expect.stringMatching(/no letter or postcard template 'no-such'.*no-such\.letter\.html/),
    });
    await expect(findFile(FOLDER, ['email'], '../secrets')).rejects.toThrow(/not a template name/);
  });

  it('reads a changed file anew', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reos templates-'));
    const fill = async () => (await findFile(folder, ['sms'], 'note')).fill(SAMPLE_VIEW)['sms.txt'];
    await writeFile(join(folder, 'note.sms.txt'), 'One from {{senderName}}. STOP ends it.');
    expect(await fill()).toContain('One from Example Homes');
    await writeFile(join(folder, 'note.sms.txt'), 'Two from {{senderName}}. STOP ends it.');
    expect(await fill()).toContain('Two from Example Homes');
    await rm(folder, { recursive: true });
  });
});
