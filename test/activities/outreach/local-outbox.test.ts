import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutboundEmail } from '../../../src/activities/outreach/channel.ts';
import { createEmailRenderer } from '../../../src/activities/outreach/email-template.ts';
import { createLocalOutbox } from '../../../src/activities/outreach/local-outbox.ts';

const pdf = Buffer.from('%PDF-1.7 sample memo');
const message: OutboundEmail = {
  kind: 'email',
  sendId: '11111111-1111-5111-8111-111111111111',
  tenantId: '22222222-2222-4222-8222-222222222222',
  to: { name: 'Zoë "Z" Investor', email: 'investor-1@example.com' },
  from: { name: 'Example Homes', email: 'deals@example.com' },
  replyTo: { name: 'Desk', email: 'desk@example.com' },
  subject: 'Rue des Érables 12: score 80 of 100',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: {
    'List-Unsubscribe': '<https://deals.example.com/unsubscribe/t>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
  attachment: { filename: 'memo.pdf', content: pdf, contentType: 'application/pdf' },
  plannedAt: new Date('2026-06-10T12:00:00Z'),
};
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reos outbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the local outbox', () => {
  it('writes one mail file that carries headers, both parts and the memo', async () => {
    const outcome = await createLocalOutbox({ outboxDir: folder }).send(message);
    expect(outcome).toMatchObject({ outcome: 'sent', providerMessageId: `<${message.sendId}@outbox.local>` });
    const mail = await readFile(join(folder, message.tenantId, `2026-06-10-${message.sendId}.eml`), 'utf8');
    expect(mail).toContain('To: =?UTF-8?');
    expect(mail).toContain('<investor-1@example.com>');
    expect(mail).toMatch(/List-Unsubscribe: <https:\/\/deals\.example\.com\/unsubscribe\/t>/);
    expect(mail).toMatch(/List-Unsubscribe-Post: List-Unsubscribe=One-Click/);
    expect(mail).toContain('Date: Wed, 10 Jun 2026');
    expect(mail).toContain('Content-Type: application/pdf; name=memo.pdf');
    expect(mail.replace(/\r?\n/g, '')).toContain(pdf.toString('base64'));
  });

  it('sends the same id into the same file, listed once', async () => {
    const outbox = createLocalOutbox({ outboxDir: folder });
    await outbox.send(message);
    await outbox.send(message);
    await outbox.send({ ...message, sendId: '33333333-3333-5333-8333-333333333333' });
    const files = await readdir(join(folder, message.tenantId));
    expect(files.filter((name) => name.endsWith('.eml'))).toHaveLength(2);
    expect(files.filter((name) => name.endsWith('.part'))).toHaveLength(0);
    const index = (await readFile(join(folder, message.tenantId, 'index.jsonl'), 'utf8')).trim().split('\n');
    expect(index.map((line) => JSON.parse(line).to)).toEqual(['investor-1@example.com', 'investor-1@example.com']);
  });
});

describe('the investor e-mail', () => {
  const render = createEmailRenderer(join(process.cwd(), 'config/templates/outreach'));
  const view = {
    recipientName: 'A <script>alert(1)</script>',
    propertyLabel: '12 Sample St\r\nBcc: victim@example.com',
    score: '80',
    facts: [{ label: 'Asking price', value: '$500,000' }],
    memoUrl: 'https://deals.example.com/files/m.pdf?expires=1&signature=a',
    callToActionLabel: 'Talk to us',
    callToActionUrl: 'https://deals.example.com/talk',
    unsubscribeUrl: 'https://deals.example.com/unsubscribe/token',
    senderName: 'Example Homes',
    postalAddress: '1 Example Way, Seattle WA 98101',
    hasAttachment: true,
  };

  it('has the links, the postal address and the unsubscribe link in both parts', async () => {
    const { html, text, subject } = await render('investor-email', view);
    for (const link of [view.unsubscribeUrl, view.callToActionUrl, view.postalAddress, '$500,000']) {
      expect(html).toContain(link);
      expect(text).toContain(link);
    }
    expect(text).toContain(view.memoUrl);
    expect(html).toContain(view.memoUrl.replace('&', '&amp;'));
    expect(`${html}${text}${subject}`).not.toMatch(/\{\{|undefined|NaN|\bnull\b/);
    expect(html).not.toMatch(/https?:\/\/fonts\./);
  });

  it('escapes what comes from data and keeps the subject on one line', async () => {
    const { html, subject } = await render('investor-email', view);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;');
    expect(subject).not.toMatch(/[\r\n]/);
  });

  it('refuses a template that is not there, or whose name leaves the folder', async () => {
    await expect(render('no-such', view)).rejects.toMatchObject({
      code: 'template',
      message: expect.stringContaining('no-such'),
    });
    await expect(render('../secrets', view)).rejects.toMatchObject({ code: 'template' });
  });
});
