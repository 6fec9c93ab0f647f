import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, it } from 'vitest';
import { readMail } from '../../src/web/screens/campaigns/mime.ts';

const build = (mail: ConstructorParameters<typeof MailComposer>[0]) => new MailComposer(mail).compile().build();

describe('a message that was written to a file', () => {
  it('is read with its subject, both texts and the names of what is attached', async () => {
    const bytes = await build({
      from: { name: 'Zoë Müller', address: 'zoe@example.com' },
      to: 'jo@example.com',
      subject: 'Ein schönes Haus – 3 Zimmer, ganz in der Nähe des großen Sees und mit Blick auf die Berge',
      text: 'Grüße = a\n--\nfrom here',
      html: `<p style="color: red">Grüße &amp; mehr = ja</p>${'<i>lang</i> '.repeat(60)}`,
      attachments: [{ filename: 'memo ä.pdf', content: Buffer.from('%PDF-1.7 x'), contentType: 'application/pdf' }],
    });
    const mail = readMail(bytes.toString('utf8'));
    expect(mail.subject).toBe(
      'Ein schönes Haus – 3 Zimmer, ganz in der Nähe des großen Sees und mit Blick auf die Berge',
    );
    expect(mail.from).toContain('Zoë Müller');
    expect(mail.text?.replace(/\r/g, '')).toContain('Grüße = a\n--\nfrom here');
    expect(mail.html).toContain('<p style="color: red">Grüße &amp; mehr = ja</p><i>lang</i> <i>lang</i>');
    expect(mail.attachments).toEqual([{ name: expect.stringContaining('.pdf'), type: 'application/pdf', bytes: 10 }]);
  });

  it('gives any text back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
        // Line ends are CRLF in mail, and blanks at a line's end are not kept by every encoding.
        const clean = text.replace(/[\r\n\p{C}\p{Z}]+/gu, ' ').trim();
        const bytes = await build({ from: 'a@example.com', to: 'b@example.com', subject: clean, text: `x${clean}x` });
        const mail = readMail(bytes.toString('utf8'));
        expect(mail.text?.trimEnd()).toBe(`x${clean}x`);
      }),
      { numRuns: 20 },
    );
  });

  it('is read as far as it can be when it is broken', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const mail = readMail(
          `Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\n${text}`,
        );
        expect(mail.attachments).toEqual([]);
      }),
    );
    expect(readMail('')).toMatchObject({ subject: '', html: null });
    expect(readMail('Content-Type: text/html; charset=unheard-of\n\n<p>x</p>').html).toBe('<p>x</p>');
  });
});
