import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutboundEmail } from '../../../src/activities/outreach/channel.ts';
import { safeHeaders } from '../../../src/activities/outreach/channel-http.ts';
import { createLocalOutbox } from '../../../src/activities/outreach/local-outbox.ts';
import { createSendGrid } from '../../../src/activities/outreach/sendgrid.ts';
import { type FakeSendGrid, startFakeSendGrid } from '../../support/fake-sendgrid.ts';

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      '\0',
      '\u2028',
      '\u0085',
      '\u000b',
      '\u202E',
      '"',
      '<',
      '>',
      ',',
      ';',
      ':',
      '\\',
    ),
    fc.constantFrom('Bcc: victim@example.com', 'Subject: other', '\r\n\r\n<html>', '=?UTF-8?B?DQo=?=', '👋', 'א', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
  ),
  maxLength: 60,
});

const message = (name: string, subject: string, header: string, n: number): OutboundEmail => ({
  kind: 'email',
  sendId: `11111111-1111-5111-8111-${String(n).padStart(12, '0')}`,
  tenantId: '22222222-2222-4222-8222-222222222222',
  to: { name, email: 'investor-1@example.com' },
  from: { name, email: 'deals@example.com' },
  replyTo: { name, email: 'reply+abc@reply.example.com' },
  subject,
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: { 'List-Unsubscribe': `<https://deals.example.com/unsubscribe/${header}>` },
  attachment: null,
  plannedAt: new Date('2026-06-10T12:00:00Z'),
});

/** Header names of a mail file, continuation lines folded in. */
function headerNames(eml: string): string[] {
  const head = eml.slice(0, eml.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  return head.split('\r\n').map((line) => line.slice(0, line.indexOf(':')));
}

let folder: string;
let fake: FakeSendGrid;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reos headers-'));
  fake = await startFakeSendGrid();
});
afterAll(async () => {
  await fake.close();
  await rm(folder, { recursive: true });
});

describe('headers of an e-mail, whatever the texts are', () => {
  it('are the same lines in the .eml file', async () => {
    const outbox = createLocalOutbox({ outboxDir: folder });
    const read = async (mail: OutboundEmail) => {
      expect(await outbox.send(mail)).toMatchObject({ outcome: 'sent' });
      return readFile(join(folder, mail.tenantId, `2026-06-10-${mail.sendId}.eml`), 'utf8');
    };
    const usual = headerNames(await read(message('Jo', 'Hello', 'token', 0)));
    expect(usual).toEqual(
      expect.arrayContaining(['From', 'To', 'Reply-To', 'Subject', 'List-Unsubscribe', 'X-Send-ID']),
    );
    let n = 0;
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (name, subject, header) => {
        n += 1;
        const eml = await read(message(name, subject, header, n));
        // An empty subject has no line.
        const names = headerNames(eml);
        if (names.includes('Subject')) expect(names).toEqual(usual);
        else expect(names).toEqual(usual.filter((known) => known !== 'Subject'));
        expect(eml.slice(0, eml.indexOf('\r\n\r\n'))).not.toMatch(/(^|[^\r])\n|\r[^\n]|\0/);
        expect(eml.replace(/\r\n[ \t]+/g, ' ')).toMatch(/^To: .*<?investor-1@example\.com>?\r$/m);
      }),
      { numRuns: 20 },
    );
  });

  it('are one line each in what SendGrid gets', async () => {
    const channel = createSendGrid({ sendgrid: { apiKey: 'SG.test-key', baseUrl: fake.url, timeoutMs: 2_000 } });
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (name, subject, header) => {
        await channel.send(message(name, `S ${subject}`, header, 1));
        const { from, reply_to, subject: sent, headers, personalizations } = fake.posts.at(-1)!.body;
        const texts = [
          from.name,
          sent,
          ...Object.values(headers ?? {}),
          ...personalizations[0]!.to.map((to) => JSON.stringify(to)),
        ];
        for (const text of texts) expect(text ?? '').not.toMatch(/[\r\n\0\u2028\u0085]/);
        expect([from.email, reply_to?.email, personalizations[0]!.to[0]!.email]).toEqual([
          'deals@example.com',
          'reply+abc@reply.example.com',
          'investor-1@example.com',
        ]);
      }),
      { numRuns: 25 },
    );
  });

  it('are bounded, and an address that is none is refused', async () => {
    const long = message('N'.repeat(10_000), 'S'.repeat(10_000), 'x'.repeat(10_000), 9);
    const safe = safeHeaders(long)!;
    expect([safe.to.name.length, safe.subject.length, safe.headers['List-Unsubscribe']!.length]).toEqual([
      100, 250, 900,
    ]);
    for (const email of ['a@b.c\r\nBcc: v@example.com', 'a b@example.com', 'Jo <jo@example.com>', '', 'a@b@c']) {
      expect(safeHeaders({ ...long, to: { name: 'Jo', email } })).toBeNull();
      expect(await createLocalOutbox({ outboxDir: folder }).send({ ...long, to: { name: 'Jo', email } })).toMatchObject(
        { outcome: 'rejected' },
      );
    }
    expect(safeHeaders({ ...long, headers: { 'X-Bad: y\r\nBcc': 'v@example.com' } })).toBeNull();
  });

  it('ask SendGrid to send nothing in the sandbox', async () => {
    const sendgrid = { apiKey: 'SG.test-key', baseUrl: fake.url };
    await createSendGrid({ sendgrid, isSandbox: true }).send(message('Jo', 'Hello', 't', 2));
    expect(fake.posts.at(-1)!.body).toMatchObject({ mail_settings: { sandbox_mode: { enable: true } } });
    await createSendGrid({ sendgrid, isSandbox: false }).send(message('Jo', 'Hello', 't', 3));
    expect(fake.posts.at(-1)!.body).not.toHaveProperty('mail_settings');
  });
});
