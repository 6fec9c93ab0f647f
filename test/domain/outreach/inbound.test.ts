import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answeredIds,
  bareAddress,
  kindOfEmail,
  kindOfText,
  ownText,
  replyTokens,
} from '../../../src/domain/outreach/inbound.ts';

describe('kindOfText', () => {
  it.each([
    ['STOP', 'stop'],
    ['stop.', 'stop'],
    ['  Stop all ', 'stop'],
    ['opt-out!', 'stop'],
    ['Opt out', 'stop'],
    ['"Unsubscribe"', 'stop'],
    ['END', 'stop'],
    ['quit', 'stop'],
    ['revoke', 'stop'],
    ['Cancel', 'stop'],
    ['HELP', 'help'],
    ['info?', 'help'],
    ['start', 'start'],
    ['Unstop', 'start'],
    ['YES', 'start'],
    ['Yes, call me', 'reply'],
    ['please stop by the house', 'reply'],
    ['the end', 'reply'],
    ['', 'reply'],
  ])('%j is %s', (text, kind) => {
    expect(kindOfText(text)).toBe(kind);
  });

  it('finds a keyword in any case and dress', () => {
    const dressed = fc.tuple(
      fc.constantFrom('STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'),
      fc.constantFrom('', ' ', '\n', '"', '...'),
      fc.constantFrom('', '.', '!', ' \r\n', '🙏'),
    );
    fc.assert(
      fc.property(dressed, fc.boolean(), ([word, before, after], isLow) => {
        expect(kindOfText(`${before}${isLow ? word.toLowerCase() : word}${after}`)).toBe('stop');
      }),
    );
  });
});

describe('kindOfEmail', () => {
  const email = (text: string, headers: Record<string, string> = {}, subject = 'Re: 12 Sample St') =>
    kindOfEmail({ headers: new Map(Object.entries(headers)), subject, text });

  it.each([
    'unsubscribe',
    'Please unsubscribe me.',
    'STOP',
    'Remove me from your list please',
    'stop\n\nOn Mon, Jun 1, 2026 at 9:00 AM Example Homes <deals@example.com> wrote:\n> A house in Seattle',
    'Take me off this mailing list!',
    '\nunsubscribe\n--\nPat Example\nExample Partners LLC',
  ])('takes %j as the wish to hear no more', (text) => {
    expect(email(text)).toBe('stop');
  });

  it('reads an empty message by its subject', () => {
    expect(email('', {}, 'unsubscribe')).toBe('stop');
    expect(email('', {}, 'Re: 12 Sample St')).toBe('reply');
  });

  it.each([
    'Sounds good, call me tomorrow.',
    'Please stop by the office and bring the contract',
    'I cannot stop thinking about this house',
    'Remove the washing machine and we have a deal',
    'take',
  ])('takes %j as a reply', (text) => {
    expect(email(text)).toBe('reply');
  });

  it.each([
    [{ 'auto-submitted': 'auto-replied' }],
    [{ precedence: 'auto_reply' }],
    [{ precedence: 'Bulk' }],
    [{ 'x-autoreply': 'yes' }],
    [{ 'x-autorespond': '' }],
    [{ 'return-path': '<>' }],
    [{ 'content-type': 'multipart/report; report-type=delivery-status' }],
  ])('sees a machine by %o, even where the text says stop', (headers) => {
    expect(email('stop', headers)).toBe('auto_reply');
  });

  it.each(['Out of office: back on Monday', 'Automatic reply: 12 Sample St', 'AutoReply'])(
    'sees a machine by %j',
    (s) => {
      expect(email('I am away.', {}, s)).toBe('auto_reply');
    },
  );

  it('takes what a person sent by hand as such', () => {
    expect(email('Yes please', { 'auto-submitted': 'no' })).toBe('reply');
  });
});

describe('where a reply belongs', () => {
  it('is the token of its address, in any header', () => {
    expect(
      replyTokens([
        'Deals <Reply+abc_DEF-123@replies.example.com>, x@example.com',
        '{"to":["reply+abc_DEF-123@r.example"]}',
      ]),
    ).toEqual(['abc_DEF-123']);
    expect(replyTokens(['reply@example.com', 'reply+@example.com', 'noreply+abcdefgh'])).toEqual([]);
  });

  it('else the messages it answers, newest first', () => {
    const headers = new Map([
      ['references', '<one@a.example> <two@b.example>'],
      ['in-reply-to', '<two@b.example>'],
    ]);
    expect(answeredIds(headers)).toEqual(['two', 'one']);
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        replyTokens([text]);
        answeredIds(new Map([['references', text]]));
        expect(ownText(text).length).toBeLessThanOrEqual(text.length);
        bareAddress(text);
        kindOfText(text);
      }),
    );
  });

  it('reads the address of a sender', () => {
    expect(bareAddress('Pat Example <Pat@Example.com>')).toBe('pat@example.com');
    expect(bareAddress('"a, b" pat@example.com')).toBe('pat@example.com');
    expect(bareAddress('nobody')).toBeNull();
  });
});
