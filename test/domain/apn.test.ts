import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apnHash, normaliseApn } from '../../src/domain/apn.ts';

const shared = resolve(process.cwd(), '../shared/data/openaddresses');

describe('normaliseApn', () => {
  it.each([
    ['53033', ['7129300520', '712930-0520', ' 712930 0520 ', 7129300520, '7129300520.0'], '7129300520'],
    ['53033', ['0114101516', 114101516, '114101516', '11410-1516'], '0114101516'],
    ['17031', ['09-36-323-055-0000', '09363230550000', 9363230550000, '09-36-323-055'], '09363230550000'],
    ['06001', ['8-648-17', '008 064801700', '008-0648-017-00'], '008064801700'],
    ['04013', ['123-45-678A', '12345678a'], '12345678A'],
    ['36047', ['3-6363-22', '3063630022'], '3063630022'],
    ['99999', ['28-36-35-EY-00598.0-0004.00', '283635EY00598 0 0004 00'], '283635EY005980000400'],
  ])('%s: %j are one parcel', (fips, spellings, normal) => {
    for (const spelling of spellings) expect(normaliseApn(spelling, fips)).toBe(normal);
  });

  it('refuses what is no parcel number', () => {
    for (const bad of ['', '  ', null, undefined, 'N/A', '1.02542E+13']) expect(normaliseApn(bad, '17031')).toBeNull();
  });

  it('is idempotent and keeps King County numbers apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), fc.integer({ min: 1, max: 9_999_999_999 }), (a, b) => {
        const [x, y] = [normaliseApn(a, '53033'), normaliseApn(b, '53033')];
        expect(normaliseApn(x, '53033')).toBe(x);
        expect(x === y).toBe(a === b);
      }),
    );
  });

  it('hashes county and number', () => {
    expect(apnHash('7129300520', '53033')).toMatch(/^[0-9a-f]{64}$/);
    expect(apnHash('7129300520', '53033')).not.toBe(apnHash('7129300520', '53061'));
  });

  it.skipIf(!existsSync(shared))(
    'both spellings of each Alameda parcel agree (needs ../shared/data/openaddresses)',
    () => {
      let compared = 0;
      for (const file of ['us-ca-oakland-excerpt.csv', 'us-ca-alameda_county-excerpt.csv']) {
        const [header = '', ...rows] = readFileSync(resolve(shared, file), 'utf8').split(/\r?\n/);
        const [apn, sorted] = ['APN', 'APN_SORT'].map((name) => header.split(',').indexOf(name));
        for (const cells of rows.map((row) => row.split(','))) {
          const [a, b] = [cells[apn ?? 0], cells[sorted ?? 0]];
          if (!a || !b) continue;
          compared += 1;
          expect(normaliseApn(a, '06001')).toBe(normaliseApn(b, '06001'));
        }
      }
      expect(compared).toBeGreaterThan(4000);
    },
  );
});
