import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInboundEmail } from '../../../src/api/webhooks/inbound-email.ts';
import { parseMultipart } from '../../../src/api/webhooks/multipart.ts';
import { twiml } from '../../../src/api/webhooks/twilio-inbound.ts';
import { multipart } from './multipart-form.ts';

describe('parseMultipart', () => {
  it('gives back every field and file, whatever bytes are in them', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const fields = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 60 })), {
      selector: ([key]) => key,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 60 }), (parts, file) => {
        const { body, contentType } = multipart(
          parts.map(([field, content]) => ({ field, content: Buffer.from(content) })),
          [{ field: 'attachment1', fileName: 'a "b".pdf', content: Buffer.from(file) }],
        );
        const form = parseMultipart(body, contentType);
        expect([...form.fields].map(([key, value]) => [key, [...value]])).toEqual(
          parts.map(([key, value]) => [key, [...value]]),
        );
        expect(form.files).toEqual([{ field: 'attachment1', fileName: 'a "b".pdf', bytes: file.length }]);
      }),
    );
  });

  it('refuses what is cut off, has no boundary or is no form', () => {
    const { body, contentType } = multipart([{ field: 'text', content: Buffer.from('hello') }]);
    for (let cut = 0; cut < body.length - 4; cut += 1) {
      expect(() => parseMultipart(body.subarray(0, cut), contentType)).toThrow(/cut off/);
    }
    expect(() => parseMultipart(body, 'application/json')).toThrow(/multipart/);
    expect(() => parseMultipart(body, undefined)).toThrow(/multipart/);
    expect(() => parseMultipart(Buffer.from('nothing'), contentType)).toThrow(/cut off/);
  });
});

describe('parseInboundEmail', () => {
  const parse = (fields: Record<string, string | Buffer>) => {
    const { body, contentType } = multipart(
      Object.entries(fields).map(([field, content]) => ({ field, content: Buffer.from(content) })),
    );
    return parseInboundEmail(body, contentType);
  };

  it('reads each text in the character set that is declared for it', () => {
    const email = parse({
      charsets: '{"text":"iso-8859-1","subject":"no-such-set"}',
      subject: 'Re: a house',
      text: Buffer.from('Très bien', 'latin1'),
      from: 'Pat <pat@example.com>',
      headers: 'Message-ID: <1@example.com>\r\nReferences: <a@b.example>\r\n\t<c@d.example>\r\nSubject: Re: a house',
      envelope: '{"to":["reply+token123@replies.example.com"],"from":"pat@example.com"}',
    });
    expect(email).toMatchObject({ text: 'Très bien', subject: 'Re: a house', from: 'Pat <pat@example.com>' });
    expect(email.headers.get('references')).toBe('<a@b.example> <c@d.example>');
    expect(email.recipients.join()).toContain('reply+token123@');
  });

  it('reads HTML where there is no text, and a raw message', () => {
    expect(parse({ html: '<style>p{}</style><p>Yes &amp; soon</p><script>no()</script>' }).text).toBe('Yes & soon');
    const raw = parse({
      email: 'From: pat@example.com\r\nSubject: Re: a house\r\n\r\nCall me.\r\n',
      charsets: 'broken',
    });
    expect(raw).toMatchObject({ from: 'pat@example.com', subject: 'Re: a house', text: 'Call me.\r\n' });
  });

  it('keeps no NUL and no more than it must', () => {
    const email = parse({ text: `a\0b${'x'.repeat(200_000)}`, subject: 's'.repeat(5_000), from: 'f'.repeat(5_000) });
    expect(email.text).toHaveLength(99_999);
    expect(email.text.startsWith('ab')).toBe(true);
    expect([email.subject.length, email.from.length]).toEqual([1_000, 500]);
  });
});

describe('twiml', () => {
  it('escapes whatever a tenant is called', () => {
    expect(twiml('A & B <Homes> "x"\u0007')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Message>A &amp; B &lt;Homes&gt; &quot;x&quot;</Message></Response>',
    );
    expect(twiml(null)).toContain('<Response></Response>');
  });
});
