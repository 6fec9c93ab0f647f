import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReosError } from '../../../src/domain/errors.ts';
import { parseFactsLine, readStatedFacts, STATED_FACTS } from '../../../src/domain/valuation/stated-facts.ts';

function fieldOf(stated: Record<string, unknown>, at?: string): unknown {
  try {
    readStatedFacts(stated, at);
  } catch (error) {
    if (error instanceof ReosError && error.code === 'validation') return error.details.field;
    throw error;
  }
  return undefined;
}

describe('stated facts', () => {
  it('reads numbers, text and flags by the names of the API', () => {
    const { facts, extras, parcel } = readStatedFacts({
      sqft: '1800',
      bedrooms: 3,
      zip_code: 98_115,
      waterfront: 'no',
      city: ' Seattle ',
      year_built: null,
      'extras.view': 3,
    });
    expect(facts).toMatchObject({ sqft: 1_800, bedrooms: 3, zipCode: '98115', waterfront: false, city: 'Seattle' });
    expect(facts.yearBuilt).toBeNull();
    expect(extras).toEqual({ view: 3 });
    expect(parcel).toBeNull();
  });

  it('takes square metres', () => {
    expect(readStatedFacts({ square_meters: 100 }).facts.sqft).toBeCloseTo(1_076.391, 3);
  });

  it.each([
    ['an unknown name', { living_rooms: 2 }, 'living_rooms'],
    ['a name of every object', { constructor: 1 }, 'constructor'],
    ['text for a number', { sqft: 'big' }, 'sqft'],
    ['an object for a number', { sqft: { a: 1 } }, 'sqft'],
    ['a size out of range', { sqft: 3 }, 'sqft'],
    ['half a year', { year_built: 1990.5 }, 'year_built'],
    ['a latitude beyond the pole', { latitude: 91 }, 'latitude'],
    ['a flag that is none', { waterfront: 'maybe' }, 'waterfront'],
    ['an extra that is a list', { 'extras.x': [1] }, 'extras.x'],
  ])('names the field of %s', (_name, stated, field) => expect(fieldOf(stated)).toBe(field));

  it('names the house in a batch', () => expect(fieldOf({ sqft: -1 }, 'properties[3].')).toBe('properties[3].sqft'));

  it('never gives a number that is none, whatever is stated', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STATED_FACTS), fc.anything(), (name, value) => {
        if (fieldOf({ [name]: value }) !== undefined) return;
        const { facts } = readStatedFacts({ [name]: value });
        for (const fact of Object.values(facts)) if (typeof fact === 'number') expect(Number.isFinite(fact)).toBe(true);
      }),
    );
  });

  it('parses a line of facts', () => {
    expect(parseFactsLine('sqft=1800, city=Des Moines,')).toEqual({ sqft: '1800', city: 'Des Moines' });
    expect(() => parseFactsLine('sqft')).toThrow('name=value');
  });
});
