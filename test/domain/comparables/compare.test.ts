import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateSale } from '../../../src/domain/comparables/candidate.ts';
import { compareProperty } from '../../../src/domain/comparables/compare.ts';
import { AS_OF, candidate, RULES, SUBJECT } from './samples.ts';

const three = [candidate('a'), candidate('b', { sqft: 2100 }), candidate('c', { closeDate: '2025-09-01' })];
const compare = (sales: CandidateSale[], options = {}) => compareProperty(SUBJECT, sales, AS_OF, RULES, options);
const reasonsOf = (sale: CandidateSale) =>
  compare([...three, sale]).excluded.find(({ propertyId }) => propertyId === sale.propertyId)?.reasons;

describe('which sales count', () => {
  it('takes those within the limits and says why', () => {
    const result = compare(three);
    expect(result.stepsWidened).toEqual([]);
    expect(result.included.map(({ propertyId }) => propertyId).sort()).toEqual(['a', 'b', 'c']);
    const words = result.included.find(({ propertyId }) => propertyId === 'b')!.reasons.map(({ message }) => message);
    expect(words).toContain('0.2 mi away, within 0.5 mi.');
    expect(words).toContain('2100 sqft, 5% larger, within ±20%.');
    expect(result.estimate!.valueCents).toBeGreaterThan(45_000_000);
  });

  it.each([
    ['too_far', candidate('x', { miles: 1.3 }), 'Too far: 1.3 mi > 0.5 mi.'],
    ['too_old', candidate('x', { closeDate: '2025-05-01' }), 'Sold 2025-05-01, 14 months before; the limit is 12.'],
    ['too_large', candidate('x', { sqft: 2760 }), '2760 sqft, 38% larger; the limit is ±20%.'],
    ['too_small', candidate('x', { sqft: 1000 }), '1000 sqft, 50% smaller; the limit is ±20%.'],
    [
      'other_property_type',
      candidate('x', { propertySubType: 'Condominium' }),
      'Condominium; the house is Single Family Residence.',
    ],
    [
      'not_arms_length',
      candidate('x', { armsLength: false, armsLengthReason: 'between relatives' }),
      "Not at arm's length: between relatives.",
    ],
    ['no_living_area', candidate('x', { sqft: null }), 'Its living area is not known.'],
    ['no_price', candidate('x', { closePriceCents: 0 }), 'No price is recorded for it.'],
    [
      'own_sale',
      candidate('subject'),
      'An earlier sale of the house itself: it would prove the value by its own price.',
    ],
  ])('leaves out: %s', (code, sale, message) => {
    expect(reasonsOf(sale)).toEqual([{ code, message }]);
  });

  it('names every reason of a sale that misses twice', () => {
    expect(reasonsOf(candidate('x', { miles: 3, sqft: 4000 }))?.map(({ code }) => code)).toEqual([
      'too_far',
      'too_large',
    ]);
  });

  it('counts a sale that is given twice once, wherever it stands', () => {
    const misses = [candidate('far', { miles: 3 }), candidate('a', { closeDate: '2024-02-01' })];
    const all = [...three, ...misses];
    expect(compare([...all, ...all.toReversed()])).toEqual(compare(all));
  });

  it('takes a sale exactly on each limit', () => {
    const edge = candidate('edge', { miles: 0.5, closeDate: '2025-07-01', sqft: 2400 });
    expect(compare([...three, edge]).included.map(({ propertyId }) => propertyId)).toContain('edge');
  });

  it('lets the later of two sales of one house speak', () => {
    const result = compare([...three, candidate('a', { closeDate: '2026-05-01', closePriceCents: 51_000_000 })]);
    expect(result.included.filter(({ propertyId }) => propertyId === 'a').map(({ closeDate }) => closeDate)).toEqual([
      '2026-05-01',
    ]);
    expect(result.excluded[0]?.reasons[0]?.code).toBe('sold_again');
  });

  it('says of those beyond the number used that they are less similar', () => {
    const many = Array.from({ length: 14 }, (_, i) => candidate(`p${String(i).padStart(2, '0')}`, { miles: 0.02 * i }));
    const result = compare(many);
    expect(result.included).toHaveLength(10);
    expect(result.excludedCounts).toEqual({ less_similar: 4 });
    expect(compare(many, { maxChosen: 4 }).included).toHaveLength(4);
  });
});

describe('widening', () => {
  it('takes the stated steps one after the other, and says so', () => {
    const result = compare([
      candidate('a'),
      candidate('b', { closeDate: '2025-03-01' }),
      candidate('c', { miles: 0.8 }),
    ]);
    expect(result.stepsWidened).toEqual(['12 → 18 months', 'radius 0.5 → 1 mi']);
    expect(result.limits).toEqual({ radiusMiles: 1, months: 18, sqftTolerance: 0.2 });
    expect(result.included).toHaveLength(3);
  });

  it('never widens a limit that a person gave', () => {
    const result = compare([candidate('a'), candidate('c', { miles: 0.8 })], { limits: { radiusMiles: 0.5 } });
    expect(result.limits.radiusMiles).toBe(0.5);
    expect(result.estimate).toBeNull();
    expect(result.whyNot).toBe('Only 1 usable sales before 2026-07-01; at least 3 are needed.');
  });
});

describe('by hand', () => {
  const dear = candidate('dear', { miles: 1.6, sqft: 3000, closePriceCents: 150_000_000 });

  it('includes a sale against the limits, tells what spoke against it, and reckons anew', () => {
    const before = compare([...three, dear]).estimate!.valueCents;
    const result = compare([...three, dear], { include: ['dear'] });
    const taken = result.included.find(({ propertyId }) => propertyId === 'dear')!;
    expect(taken.isByHand).toBe(true);
    expect(taken.weight).toBeGreaterThan(0.15);
    expect(taken.reasons[0]?.message).toBe(
      'Asked for by hand, although: Too far: 1.6 mi > 0.5 mi. 3000 sqft, 50% larger; the limit is ±20%.',
    );
    expect(result.estimate!.valueCents).toBeGreaterThan(before);
  });

  it('excludes a sale, lists it first, and reckons anew', () => {
    const sales = [...three, candidate('d'), candidate('high', { closePriceCents: 70_000_000 })];
    const result = compare(sales, { exclude: ['high'] });
    expect(result.excluded[0]).toMatchObject({ propertyId: 'high', reasons: [{ code: 'by_hand' }] });
    expect(result.estimate!.valueCents).toBeLessThan(compare(sales).estimate!.valueCents);
  });

  it('refuses a property that is both', () => {
    expect(() => compare(three, { include: ['a'], exclude: ['a'] })).toThrow('both included and excluded');
  });

  it('cannot use what has no living area, and says so first', () => {
    const result = compare([...three, candidate('x', { sqft: null })], { include: ['x'] });
    expect(result.included.map(({ propertyId }) => propertyId)).not.toContain('x');
    expect(result.excluded.find(({ propertyId }) => propertyId === 'x')?.reasons[0]?.code).toBe('no_living_area');
  });
});

describe('likeness by the model', () => {
  it('gives the sale that shares leaves more say, and tells it', () => {
    const leafSimilarity = (sale: { propertyId: string }) => (sale.propertyId === 'b' ? 0.9 : 0.1);
    const plain = compare(three).included.find(({ propertyId }) => propertyId === 'b')!;
    const blended = compare(three, { leafSimilarity }).included.find(({ propertyId }) => propertyId === 'b')!;
    expect(blended.weight).toBeGreaterThan(plain.weight);
    expect(blended.leafSimilarity).toBe(0.9);
    expect(blended.reasons.map(({ message }) => message)).toContain(
      'The valuation model puts both houses into the same leaf in 90% of its trees.',
    );
  });
});

const anyCandidate = fc
  .record({
    propertyId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'subject'),
    miles: fc.double({ min: 0, max: 4, noNaN: true }),
    day: fc.integer({ min: 0, max: 1200 }),
    closePriceCents: fc.integer({ min: 0, max: 500_000_000 }),
    sqft: fc.option(fc.integer({ min: 300, max: 6000 })),
    grade: fc.option(fc.integer({ min: 1, max: 13 })),
    armsLength: fc.boolean(),
  })
  .map(({ propertyId, day, ...rest }) =>
    candidate(propertyId, {
      ...rest,
      closeDate: new Date(Date.UTC(2023, 6, 1) + day * 86_400_000).toISOString().slice(0, 10),
    }),
  );

describe('of any sales', () => {
  it('adjustments sum to the cent, what is included keeps the limits, and order does not matter', () => {
    fc.assert(
      fc.property(fc.array(anyCandidate, { maxLength: 40 }), (sales) => {
        const result = compare(sales, { annualTrend: 0.05 });
        expect(compare([...sales].reverse(), { annualTrend: 0.05 })).toEqual(result);
        for (const sale of result.included) {
          const sum = Object.values(sale.adjustments).reduce((a, b) => a + b, sale.closePriceCents);
          expect(sum).toBe(sale.adjustedPriceCents);
          expect(sale.distanceMetres).toBeLessThanOrEqual(result.limits.radiusMiles * 1609.344);
          expect(Math.abs(sale.sqft / 2000 - 1)).toBeLessThanOrEqual(result.limits.sqftTolerance + 1e-9);
          expect(sale.closeDate < AS_OF).toBe(true);
          expect(sale.similarity >= 0 && sale.similarity <= 100).toBe(true);
          expect(sale.reasons.length).toBeGreaterThan(2);
        }
        for (const sale of result.excluded) expect(sale.reasons.length).toBeGreaterThan(0);
        expect(new Set(result.included.map(({ propertyId }) => propertyId)).size).toBe(result.included.length);
      }),
      { numRuns: 60 },
    );
  });
});
