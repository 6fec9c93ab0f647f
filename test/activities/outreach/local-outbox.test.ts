import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutboundEmail, OutboundMail, OutboundSms } from '../../../src/activities/outreach/channel.ts';
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

describe('the other kinds', () => {
  const { sendId, tenantId, plannedAt } = message;
  const sms: OutboundSms = {
    ...{ sendId, tenantId, plannedAt, kind: 'sms' },
    to: '+12065550123',
    body: 'Hello Ann. Reply STOP to opt out',
    statusCallbackUrl: 'https://deals.example.com/webhook/twilio?send_id=1',
  };
  const address = { line1: '12 Sample St', line2: 'Unit <2>', city: 'Seattle', state: 'WA', zipCode: '98103' };
  const letter: OutboundMail = {
    ...{ sendId, tenantId, plannedAt, kind: 'mail' },
    to: { name: 'Ann <script>', address },
    from: { name: 'Example Homes', address: { ...address, line1: '1 Example Way', line2: null } },
    piece: { format: 'letter', html: '<html><body><p>Dear Ann</p></body></html>' },
    description: 'Spring letters',
  };
  const postcard: OutboundMail = {
    ...letter,
    piece: { format: 'postcard', front: '<p>Front</p>', back: '<p>Back</p>' },
  };
  const base = `2026-06-10-${sendId}`;
  const listed = async () =>
    (await readFile(join(folder, tenantId, 'index.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('files a text message as .txt, once', async () => {
    const outbox = createLocalOutbox({ outboxDir: folder });
    expect(await outbox.send(sms)).toEqual({ outcome: 'sent', providerMessageId: `<${sendId}@outbox.local>` });
    await outbox.send(sms);
    const text = await readFile(join(folder, tenantId, `${base}.txt`), 'utf8');
    expect(text).toContain('To: +12065550123\n');
    expect(text.endsWith('\n\nHello Ann. Reply STOP to opt out\n')).toBe(true);
    expect(await listed()).toMatchObject([{ send_id: sendId, kind: 'sms', to: '+12065550123', file: `${base}.txt` }]);
  });

  it('files a letter as .html with both addresses laid over it as text', async () => {
    await createLocalOutbox({ outboxDir: folder }).send(letter);
    const html = await readFile(join(folder, tenantId, `${base}.html`), 'utf8');
    expect(html).toContain('Ann &lt;script&gt;<br>12 Sample St<br>Unit &lt;2&gt;<br>Seattle, WA 98103</div></body>');
    expect(html).toContain('Example Homes<br>1 Example Way<br>Seattle, WA 98103');
    expect(await listed()).toMatchObject([{ kind: 'letter', file: `${base}.html`, subject: 'Spring letters' }]);
  });

  it('files both sides of a postcard, and finishes what was interrupted between them', async () => {
    const outbox = createLocalOutbox({ outboxDir: folder });
    await outbox.send(postcard);
    await rm(join(folder, tenantId, `${base}-back.html`));
    await outbox.send(postcard);
    expect((await readdir(join(folder, tenantId))).sort()).toEqual([
      `${base}-back.html`,
      `${base}-front.html`,
      'index.jsonl',
    ]);
    expect(await listed()).toMatchObject([
      { kind: 'postcard', file: `${base}-front.html`, back_file: `${base}-back.html` },
    ]);
  });
});
