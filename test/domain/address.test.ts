import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseAddress } from '../../src/domain/address.ts';

const key = (line: string) => normaliseAddress(line).key;

describe('normaliseAddress', () => {
  it('splits a one-line address', () => {
    expect(normaliseAddress('2200 Pacific Avenue Unit 1B, San Francisco, California 94115-1234')).toEqual({
      line: '2200 PACIFIC AVE',
      unit: '1B',
      city: 'SAN FRANCISCO',
      state: 'CA',
      zip5: '94115',
      zip4: '1234',
      key: '2200 PACIFIC AVE|1B|94115',
    });
  });

  it.each([
    [
      [
        '100 Fifth Avenue, Apt. 12, Seattle, WA 98101',
        '100 5th Ave #12, Seattle WA 98101',
        '100 5TH AV UNIT 12, SEATTLE, WA 98101-0001',
      ],
    ],
    [['140 Bay 8 Street, Brooklyn, NY 11228', '140 BAY 8TH ST, Brooklyn, NY 11228']],
    [['7         AUTENRIETH ROAD, Scarsdale, NY 10583', '7 Autenrieth Rd., Scarsdale, N.Y. 10583']],
    [['12 North Oak Street East, Kent, WA 98042', '12 N. Oak St. E., Kent, WA 98042']],
    [['12 Avenue N, Brooklyn, NY 11230', '12 AVE N, Brooklyn, New York 11230']],
    [['9 Saint James Pl, Kent, WA 98042', '9 St. James Place, Kent, WA 98042']],
  ])('gives one key for %j', (spellings) => {
    const keys = new Set(spellings.map(key));
    expect(keys.size).toBe(1);
    expect([...keys][0]).not.toBeNull();
  });

  it('keeps houses apart that differ in number, direction, unit or place', () => {
    const keys = [
      '12 Oak St, Kent, WA 98042',
      '13 Oak St, Kent, WA 98042',
      '12 N Oak St, Kent, WA 98042',
      '12 Oak St #2, Kent, WA 98042',
      '12 Oak St, Kent, WA 98043',
      '12 Oak Ave, Kent, WA 98042',
    ].map(key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('keeps a direction that is the street name', () => {
    expect(normaliseAddress('123 North St').line).toBe('123 NORTH ST');
  });

  it('restores ZIP zeros and takes city and state from their own fields', () => {
    const address = normaliseAddress({
      line: '40 Malvern St',
      unit: 'Apt #105',
      city: 'Allston',
      state: 'Massachusetts',
      zip: 2134,
    });
    expect(address).toMatchObject({ unit: '105', state: 'MA', zip5: '02134', key: '40 MALVERN ST|105|02134' });
  });

  it('has no key without a house number or a place', () => {
    expect(key('Oak Street, Kent, WA 98042')).toBeNull();
    expect(key('12 Oak Street')).toBeNull();
    expect(key('')).toBeNull();
  });

  it('is idempotent', () => {
    const word = fc.constantFrom(
      'N',
      'NORTH',
      'OAK',
      'SAINT',
      'AVENUE',
      'AVE',
      'ST',
      'STREET',
      '5',
      'FIFTH',
      '12TH',
      'HIGHWAY',
      '99',
      '#',
      'APT',
      'UNIT',
      '4B',
      'REAR',
      'LA',
      "O'HARA",
      'é',
      '1/2',
      ',',
      'KENT',
      'WA',
      '98042',
      'EAST',
    );
    const lines = fc.oneof(
      fc.array(word, { maxLength: 9 }).map((words) => words.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(
        lines,
        fc.option(fc.constantFrom('Apt 4', '#4', '004', 'Bldg 2', 'x'), { nil: null }),
        (line, unit) => {
          const once = normaliseAddress({ line, unit });
          const again = normaliseAddress({
            line: once.line,
            unit: once.unit,
            city: once.city,
            state: once.state,
            zip: once.zip5,
          });
          expect(again.line).toBe(once.line);
          expect(again.unit).toBe(once.unit);
          expect(again.city).toBe(once.city);
        },
      ),
      { numRuns: 500 },
    );
  });
});
