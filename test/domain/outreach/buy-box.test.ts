import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BuyBox, type BuyBoxSubject, matchesBuyBox } from '../../../src/domain/outreach/buy-box.ts';

const anything: BuyBox = {
  countyFips: null,
  propertyTypes: null,
  zipCodes: null,
  minPriceCents: null,
  maxPriceCents: null,
  minScore: null,
  minBedrooms: null,
  minSqft: null,
};
const house: BuyBoxSubject = {
  countyFips: '53033',
  zipCode: '98103',
  propertyType: 'Residential',
  propertySubType: 'Single Family Residence',
  listPriceCents: 500_000_00,
  estimatedValueCents: 600_000_00,
  bedrooms: 3,
  sqft: 1500,
};

describe('matchesBuyBox', () => {
  it('takes everything when the box asks for nothing', () => {
    expect(matchesBuyBox(anything, house, 0)).toEqual({ matches: true });
    expect(matchesBuyBox({ ...anything, countyFips: [] }, house, 0)).toEqual({ matches: true });
  });

  it.each([
    [{ countyFips: ['04013'] }, /county 53033/],
    [{ zipCodes: ['98001'] }, /ZIP code 98103/],
    [{ propertyTypes: ['Land'] }, /property type Residential/],
    [{ minPriceCents: 500_001_00 }, /price \$500,000 is below \$500,001/],
    [{ maxPriceCents: 499_999_00 }, /price \$500,000 is above/],
    [{ minScore: 61 }, /score 60 is below 61/],
    [{ minBedrooms: 4 }, /bedrooms 3 is below 4/],
    [{ minSqft: 1501 }, /living area 1500 sqft/],
  ] as [Partial<BuyBox>, RegExp][])('says why %o does not take it', (part, reason) => {
    const match = matchesBuyBox({ ...anything, ...part }, house, 60);
    expect(match.matches).toBe(false);
    expect(match.matches ? '' : match.reason).toMatch(reason);
  });

  it('matches either type, in any case', () => {
    expect(matchesBuyBox({ ...anything, propertyTypes: ['single family residence'] }, house, 60).matches).toBe(true);
  });

  it('prices a property without an asking price by its estimate, and an unknown price is outside a limit', () => {
    const box = { ...anything, maxPriceCents: 550_000_00 };
    expect(matchesBuyBox(box, { ...house, listPriceCents: null }, 60).matches).toBe(false);
    const unknown = { ...house, listPriceCents: null, estimatedValueCents: null };
    expect(matchesBuyBox(box, unknown, 60)).toMatchObject({
      matches: false,
      reason: expect.stringContaining('unknown'),
    });
    expect(matchesBuyBox(anything, unknown, 60).matches).toBe(true);
  });

  it('takes no more when a limit is tightened', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), fc.nat(1e9), (price, max, less) => {
        const subject = { ...house, listPriceCents: price };
        const wide = matchesBuyBox({ ...anything, maxPriceCents: max }, subject, 60).matches;
        const tight = matchesBuyBox({ ...anything, maxPriceCents: Math.max(0, max - less) }, subject, 60).matches;
        expect(wide || !tight).toBe(true);
        expect(wide).toBe(price <= max);
      }),
    );
  });
});
