import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AudienceCampaign,
  type AudienceContact,
  type AudienceLedger,
  type AudienceProperty,
  chooseSends,
  pairOf,
  refuseContact,
  refuseProperty,
} from '../../../src/domain/outreach/audience.ts';

const campaign: AudienceCampaign = {
  kind: 'investor',
  channel: 'email',
  minScore: 60,
  countyFips: [],
  propertyTypes: [],
  contactTags: [],
};
const anything = {
  countyFips: null,
  propertyTypes: null,
  zipCodes: null,
  minPriceCents: null,
  maxPriceCents: null,
  minScore: null,
  minBedrooms: null,
  minSqft: null,
};
const property = (more: Partial<AudienceProperty> = {}): AudienceProperty => ({
  id: 'p',
  birdDogScore: 80,
  packetId: 'memo',
  ownerIds: [],
  countyFips: '53033',
  zipCode: '98103',
  propertyType: 'Residential',
  propertySubType: 'Condominium',
  listPriceCents: 50_000_000,
  estimatedValueCents: null,
  bedrooms: 3,
  sqft: 1500,
  ...more,
});
const contact = (more: Partial<AudienceContact> = {}): AudienceContact => ({
  id: 'c',
  hasAddress: true,
  suppression: null,
  hasConsent: true,
  tags: [],
  boxes: [anything],
  ...more,
});
const ledger = (more: Partial<AudienceLedger> = {}): AudienceLedger => ({
  planned: new Set(),
  offered: new Set(),
  answered: new Set(),
  weekly: new Map(),
  weeklyCap: 10,
  remaining: 100,
  ...more,
});

describe('what a campaign is about', () => {
  it.each([
    [{}, { birdDogScore: 59.9 }, 'score'],
    [{}, { birdDogScore: null }, 'score'],
    [{ countyFips: ['04013'] }, {}, 'county'],
    [{ propertyTypes: ['Land'] }, {}, 'property_type'],
    [{ propertyTypes: ['CONDOMINIUM'] }, {}, undefined],
    [{ propertyTags: ['Hot'] }, { propertyTags: ['cold'] }, 'property_tags'],
    [{ propertyTags: ['Hot'] }, { propertyTags: ['hot'] }, undefined],
    [{}, { packetId: null }, 'no_memo'],
    [{ kind: 'owner' }, {}, 'no_owner'],
    [{ kind: 'owner' }, { ownerIds: ['c'], packetId: null }, undefined],
    [{}, {}, undefined],
  ] as const)('%j and %j → %s', (more, house, code) => {
    expect(refuseProperty({ ...campaign, ...more }, property(house as Partial<AudienceProperty>))?.code).toBe(code);
  });

  it.each([
    [{}, { hasAddress: false }, 'no_address'],
    [{}, { suppression: 'spam' }, 'suppressed'],
    [{ channel: 'sms' }, { hasConsent: false }, 'no_consent'],
    [{}, { hasConsent: false }, undefined],
    [{ contactTags: ['vip'] }, {}, 'contact_tags'],
    [{ contactTags: ['vip'] }, { tags: ['VIP'] }, undefined],
    [{}, { boxes: [{ ...anything, maxPriceCents: 100 }] }, 'outside_buy_box'],
    [{}, { boxes: [] }, 'outside_buy_box'],
    [{ kind: 'owner' }, { boxes: [] }, undefined],
  ] as const)('campaign %j, contact %j → %s', (more, who, code) => {
    expect(refuseContact({ ...campaign, ...more }, property(), contact(who as Partial<AudienceContact>))?.code).toBe(
      code,
    );
  });
});

describe('choosing the sends of a run', () => {
  const people = (ids: readonly string[]) => new Map(ids.map((id) => [id, contact({ id })]));

  it('keeps every cap, takes the first properties first, and accounts for every pair', () => {
    const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
    fc.assert(
      fc.property(ids, fc.nat(6), fc.nat(8), fc.nat(12), (contacts, houses, weeklyCap, remaining) => {
        const list = Array.from({ length: houses }, (_, n) => property({ id: `p${n}` }));
        const state = ledger({ weeklyCap, remaining });
        const { chosen, passedOver } = chooseSends(campaign, list, people(contacts), state);
        expect(chosen.length).toBeLessThanOrEqual(remaining);
        for (const id of contacts)
          expect(chosen.filter(({ contactId }) => contactId === id).length).toBeLessThanOrEqual(weeklyCap);
        const passed = Object.values(passedOver).reduce((sum, count) => sum + count, 0);
        expect(chosen.length + passed).toBe(houses * contacts.length);
        expect(chosen.length).toBe(Math.min(remaining, contacts.length * Math.min(houses, weeklyCap)));
        const order = chosen.map(({ propertyId }) => propertyId);
        expect(order).toEqual([...order].sort());
      }),
    );
  });

  it('never chooses what is planned or was offered by another campaign', () => {
    const one = (id: string) => new Set([pairOf(id, 'p')]);
    const state = ledger({ planned: one('a'), offered: one('b'), answered: one('d') });
    const { chosen, passedOver } = chooseSends(campaign, [property()], people(['a', 'b', 'c', 'd']), state);
    expect(chosen.map(({ contactId }) => contactId)).toEqual(['c']);
    expect(passedOver).toEqual({ already_planned: 1, offered_recently: 1, has_answered: 1 });
  });

  it('writes to the owners of each property alone, and never gives them its memo', () => {
    const owners = { ...campaign, kind: 'owner' as const };
    const houses = [property({ id: 'p1', ownerIds: ['a'] }), property({ id: 'p2', ownerIds: ['b', 'gone'] })];
    const { chosen } = chooseSends(owners, houses, people(['a', 'b', 'c']), ledger());
    expect(chosen).toEqual([
      { contactId: 'a', propertyId: 'p1', packetId: null },
      { contactId: 'b', propertyId: 'p2', packetId: null },
    ]);
  });
});
