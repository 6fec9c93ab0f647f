import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BuyBox,
  boxDraftOf,
  boxLimits,
  boxProblems,
  boxText,
  type Contact,
  contactBody,
  contactChange,
  contactDraftOf,
  contactProblems,
  EMPTY_CONTACT,
  searchOf,
} from '../../src/web/screens/contacts/contact-draft.ts';

const CONTACT: Contact = {
  id: '1',
  kind: 'owner',
  status: 'active',
  name: 'Ada Byron',
  email: 'ada@example.com',
  phone: null,
  postal_address: { line1: '1 Elm St', line2: null, city: 'Seattle', state: 'WA', zip_code: '98103' },
  time_zone: 'America/Los_Angeles',
  state: 'WA',
  tags: ['a', 'b'],
  source: null,
  created_at: '2026-01-01T00:00:00Z',
  erased_at: null,
};

describe('a contact in the form', () => {
  it('says only what was changed, and an emptied field as null', () => {
    const before = contactDraftOf(CONTACT);
    expect(contactChange(before, before)).toEqual({});
    expect(contactChange(before, { ...before, email: ' ', zip: '98101', tags: 'b, a' })).toEqual({
      email: null,
      zip_code: '98101',
      tags: ['b', 'a'],
    });
    expect(contactBody({ ...EMPTY_CONTACT, name: ' Jo ', tags: 'x;x, y' })).toMatchObject({
      name: 'Jo',
      phone: null,
      tags: ['x', 'y'],
    });
  });

  it('is refused by field, as the server says it', () => {
    const told =
      "email 'bad' is no e-mail address; phone '12' is no phone number; zipCode '1' is no ZIP code; address is incomplete: no city; time zone 'Mars/One' is no time zone; use an IANA name such as America/Chicago";
    expect(contactProblems(told)).toEqual({
      email: "Email 'bad' is no e-mail address.",
      phone: "Phone '12' is no phone number.",
      zip: "ZIP code '1' is no ZIP code.",
      street: 'Address is incomplete: no city.',
      timeZone: "Time zone 'Mars/One' is no time zone. Use an IANA name such as America/Chicago.",
    });
    expect(
      contactProblems(
        'time zone is unknown: give a ZIP code, a state, or a time zone (--time-zone for the whole file)',
      ),
    ).toEqual({
      timeZone: 'Time zone is unknown: give a ZIP code, a state, or a time zone.',
    });
    expect(contactProblems('The contact was erased and cannot come back.')).toEqual({
      rest: 'The contact was erased and cannot come back.',
    });
  });

  it('is looked for by its address on the server, by its name here', () => {
    expect(searchOf('  ')).toBeNull();
    expect(searchOf('Ada')).toEqual({ name: 'ada' });
    expect(searchOf('ada@example.com')).toEqual({ address: 'ada@example.com' });
    expect(searchOf('+1 (206) 555-0100')).toEqual({ address: '+1 (206) 555-0100' });
    expect(searchOf('98103')).toEqual({ name: '98103' });
  });
});

const BOX: BuyBox = {
  id: '1',
  contact_id: '1',
  name: 'Houses',
  counties: ['king-wa'],
  property_types: null,
  zip_codes: ['98103', '98101'],
  min_price: null,
  max_price: 450_000,
  min_score: 60,
  min_bedrooms: null,
  min_sqft: 2_000,
  created_at: '2026-01-01T00:00:00Z',
};

describe('a buy box in the form', () => {
  it('comes back as it was stored', () => {
    const amount = fc.option(fc.integer({ min: 0, max: 100 }), { nil: null });
    fc.assert(
      fc.property(amount, amount, amount, (minPrice, minScore, minSqft) => {
        const box = { ...BOX, min_price: minPrice, max_price: null, min_score: minScore, min_sqft: minSqft };
        const { id: _, contact_id: _c, name: _n, created_at: _a, ...limits } = box;
        expect(boxLimits(boxDraftOf(box))).toEqual(limits);
        expect(boxProblems(boxDraftOf(box))).toEqual({});
      }),
    );
  });

  it('takes prices as people type them, and refuses what is none', () => {
    const draft = {
      ...boxDraftOf(null),
      name: 'x',
      minPrice: '$1,200,000',
      maxPrice: '450000',
      minScore: '101',
      minSqft: 'big',
    };
    expect(boxLimits(draft).min_price).toBe(1_200_000);
    expect(Object.keys(boxProblems(draft)).sort()).toEqual(['max_price', 'min_score', 'min_sqft']);
    expect(boxProblems(boxDraftOf(null))).toHaveProperty('name');
  });

  it('is told in a line', () => {
    const dollars = (value: number) => `$${value}`;
    expect(boxText(BOX, dollars)).toBe(
      'king-wa · ZIP 98103, 98101 · up to $450000 · score 60 and up · 2,000 sqft and more',
    );
    const anything = { ...BOX, counties: null, zip_codes: null, max_price: null, min_score: null, min_sqft: null };
    expect(boxText(anything, dollars)).toBe('Anything');
    expect(boxText({ ...anything, min_price: 1, max_price: 2 }, dollars)).toBe('$1 to $2');
  });
});
