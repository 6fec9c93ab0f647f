import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseRecipient } from '../../../src/db/queries/suppressions.ts';
import { addressFor, normaliseEmail, normalisePhone } from '../../../src/domain/outreach/contact.ts';

const digit = (from: number) => fc.integer({ min: from, max: 9 }).map(String);
const nationalNumber = fc
  .tuple(digit(2), digit(0), digit(0), digit(2), ...Array.from({ length: 6 }, () => digit(0)))
  .map((digits) => digits.join(''));

describe('normalisePhone', () => {
  it('has one spelling for every way of writing a North American number', () => {
    fc.assert(
      fc.property(nationalNumber, fc.constantFrom('', '1', '+1', '+1 ', '1-', '1.'), (number, prefix) => {
        const [area, exchange, line] = [number.slice(0, 3), number.slice(3, 6), number.slice(6)];
        const spellings = [
          number,
          `(${area}) ${exchange}-${line}`,
          `${area}.${exchange}.${line}`,
          ` ${area} ${exchange} ${line} `,
        ];
        for (const spelling of spellings)
          expect(normalisePhone(`${prefix}${spelling}`.trimStart())).toBe(`+1${number}`);
        expect(normaliseRecipient('sms', `${area}-${exchange}-${line}`)).toBe(`+1${number}`);
      }),
    );
  });

  it('gives a number that it leaves as it is, or nothing', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^\+?[0-9 ().-]{6,18}$/));
    fc.assert(
      fc.property(texts, (text) => {
        const phone = normalisePhone(text);
        if (phone === null) return;
        expect(phone).toMatch(/^\+[1-9]\d{7,14}$/);
        expect(normalisePhone(phone)).toBe(phone);
      }),
    );
  });

  it.each([
    '',
    '911',
    '123-456-7890',
    '206-055-0100',
    '20655501000',
    'call 206 555 0100',
    '+0 123 456 789',
    '206 555 0100 x12',
  ])('refuses %s', (text) => expect(normalisePhone(text)).toBeNull());

  it('keeps the country of a foreign number', () => {
    expect(normalisePhone('+44 20 7946 0018')).toBe('+442079460018');
    expect(normalisePhone('020 7946 0018')).toBeNull();
  });
});

describe('normaliseEmail', () => {
  it('is the same for capitals and blanks, and refuses what is none', () => {
    expect(normaliseEmail(' Ada@Example.COM ')).toBe('ada@example.com');
    for (const text of [
      '',
      'ada',
      'ada@',
      '@example.com',
      'a b@example.com',
      'a@b',
      'a@example.com\r\nBcc: x@example.com',
    ])
      expect(normaliseEmail(text)).toBeNull();
    expect(normaliseEmail(`${'a'.repeat(250)}@example.com`)).toBeNull();
  });
});

describe('addressFor', () => {
  it('is what each channel writes to', () => {
    const contact = {
      name: 'Ada',
      email: 'ada@example.com',
      phone: null,
      postalAddress: { line1: '1 Sample St', line2: 'Apt 2', city: 'Seattle', state: 'WA', zipCode: '98103' },
    };
    expect(addressFor('email', contact)).toBe('ada@example.com');
    expect(addressFor('sms', contact)).toBeNull();
    expect(addressFor('mail', contact)).toBe('1 Sample St, Apt 2, Seattle, WA 98103');
  });
});
