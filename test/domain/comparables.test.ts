import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestMarketDate, selectComparables } from '../../src/domain/comparables.ts';
import type { ComparableSale } from '../../src/domain/property.ts';

const subject = {
  id: 'subject',
  sqft: 1800,
  bedrooms: 3,
  bathrooms: 2,
  yearBuilt: 1970,
  lotSizeSqft: 6000,
  grade: 7,
  condition: 3,
};

function sale(over: Partial<ComparableSale> = {}): ComparableSale {
  return {
    propertyId: 'a',
    address: null,
    apn: null,
    zipCode: '98000',
    latitude: 47.5,
    longitude: -122.3,
    distanceMetres: 300,
    closeDate: '2015-01-10',
    closePriceCents: 40_000_000,
    sqft: 1800,
    bedrooms: 3,
    bathrooms: 2,
    yearBuilt: 1970,
    lotSizeSqft: 6000,
    grade: 7,
    condition: 3,
    ...over,
  };
}
const several = (n: number, over: Partial<ComparableSale> = {}) =>
  Array.from({ length: n }, (_, i) => sale({ propertyId: `p${i}`, ...over }));

const anySale = fc
  .record({
    propertyId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'subject'),
    distanceMetres: fc.double({ min: 0, max: 40_000, noNaN: true }),
    closeDate: fc
      .integer({ min: 0, max: 900 })
      .map((d) => new Date(Date.UTC(2013, 0, 1) + d * 86_400_000).toISOString().slice(0, 10)),
    closePriceCents: fc.integer({ min: 0, max: 10_000_000_000 }),
    sqft: fc.integer({ min: 0, max: 20_000 }),
    grade: fc.option(fc.integer({ min: 1, max: 13 })),
    condition: fc.option(fc.integer({ min: 1, max: 5 })),
    yearBuilt: fc.option(fc.integer({ min: 1850, max: 2015 })),
    lotSizeSqft: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
  })
  .map((over) => sale(over));

describe('selectComparables', () => {
  it('values a house at the price of its twins', () => {
    const { estimate, chosen } = selectComparables(subject, several(8), '2015-02-01');
    expect(estimate?.valueCents).toBe(40_000_000);
    expect(chosen).toHaveLength(8);
    expect(estimate!.lowCents).toBeLessThan(40_000_000);
    expect(estimate!.highCents).toBeGreaterThan(40_000_000);
  });

  it('takes no sale on or after the date, nor one without price or area', () => {
    const late = several(5, { closeDate: '2015-02-01' });
    const broken = [sale({ closePriceCents: 0 }), sale({ sqft: 0 }), sale({ closeDate: 'unknown' })];
    const result = selectComparables(subject, [...late, ...broken, ...several(2)], '2015-02-01');
    expect(result.estimate).toBeNull();
    expect(result.whyNot).toBe('Only 2 usable sales before 2015-02-01; at least 3 are needed.');
  });

  it('keeps the own past sale apart and flags it when asked to use it', () => {
    const own = sale({ propertyId: 'subject', closePriceCents: 30_000_000 });
    const apart = selectComparables(subject, [own, ...several(4)], '2015-02-01');
    expect(apart.ownSale?.closePriceCents).toBe(30_000_000);
    expect(apart.chosen.some((c) => c.isSubject)).toBe(false);
    const used = selectComparables(subject, [own, ...several(4)], '2015-02-01', { includeOwnSale: true });
    expect(used.chosen.filter((c) => c.isSubject)).toHaveLength(1);
    expect(used.estimate!.valueCents).toBeLessThan(apart.estimate!.valueCents);
  });

  it('adjusts towards the subject and the steps sum to the adjusted price', () => {
    const [small] = selectComparables(
      subject,
      several(3, { sqft: 1200, grade: 6, lotSizeSqft: 4000 }),
      '2015-02-01',
    ).chosen;
    expect(small!.adjustments.sizeCents).toBeGreaterThan(0);
    expect(small!.adjustments.gradeCents).toBeGreaterThan(0);
    expect(small!.adjustments.lotCents).toBeGreaterThan(0);
    const sum = Object.values(small!.adjustments).reduce((a, b) => a + b, small!.closePriceCents);
    expect(sum).toBe(small!.adjustedPriceCents);
  });

  it('carries prices forward by the stated trend only', () => {
    const year = several(4, { closeDate: '2014-02-01' });
    expect(selectComparables(subject, year, '2015-02-01').estimate?.valueCents).toBe(40_000_000);
    const carried = selectComparables(subject, year, '2015-02-01', { annualTrend: 0.1 }).estimate!.valueCents;
    expect(carried / 40_000_000).toBeCloseTo(1.1, 2);
  });

  it('is less sure of few, far, old or disagreeing sales', () => {
    const sure = selectComparables(subject, several(15), '2015-02-01').estimate!.confidence;
    const doubts = [
      several(3),
      several(15, { distanceMetres: 8000 }),
      several(15, { closeDate: '2012-02-01' }),
      several(15).map((s, i) => ({ ...s, closePriceCents: i % 2 === 0 ? 20_000_000 : 60_000_000 })),
    ];
    for (const doubt of doubts) {
      expect(selectComparables(subject, doubt, '2015-02-01').estimate!.confidence).toBeLessThan(sure);
    }
  });

  it('says why there is no value without a living area', () => {
    const result = selectComparables({ ...subject, sqft: null }, several(9), '2015-02-01');
    expect(result).toMatchObject({ estimate: null, whyNot: 'The living area is not known.' });
  });

  it('is finite, ordered, and does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(fc.array(anySale, { maxLength: 40 }), (sales) => {
        const result = selectComparables(subject, sales, '2015-02-01');
        expect(selectComparables(subject, [...sales].reverse(), '2015-02-01').estimate?.valueCents).toBe(
          result.estimate?.valueCents,
        );
        for (const c of result.chosen) expect(c.closeDate < '2015-02-01').toBe(true);
        if (result.estimate === null) return;
        const { lowCents, valueCents, highCents, confidence } = result.estimate;
        expect(lowCents <= valueCents && valueCents <= highCents).toBe(true);
        expect(confidence >= 0 && confidence <= 1).toBe(true);
        const prices = result.chosen.map((c) => c.adjustedPriceCents);
        expect(valueCents).toBeGreaterThanOrEqual(Math.min(...prices) - 1);
        expect(valueCents).toBeLessThanOrEqual(Math.max(...prices) + 1);
        expect(result.chosen.reduce((sum, c) => sum + c.weight, 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('closestMarketDate', () => {
  it('is today while sales are fresh, else the day after the newest one, and says so', () => {
    expect(closestMarketDate('2026-03-01', '2026-06-01').asOf).toBe('2026-06-01');
    expect(closestMarketDate(null, '2026-06-01').asOf).toBe('2026-06-01');
    const old = closestMarketDate('2015-02-28', '2026-06-01');
    expect(old.asOf).toBe('2015-03-01');
    expect(old.note).toContain('the market of that date, not of 2026-06-01');
  });
});
