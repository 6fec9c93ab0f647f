import { describe, expect, it } from 'vitest';
import { SIMILARITY_DIMENSIONS, type SimilarityFacts } from '../../../src/domain/similarity/dimensions.ts';
import { cosine, searchSimilar } from '../../../src/domain/similarity/search.ts';
import { buildIndex, DIMENSIONS, rawVector } from '../../../src/domain/similarity/vector.ts';

const AS_OF = '2026-07-01';
const house = (over: Partial<SimilarityFacts> = {}): SimilarityFacts => ({
  latitude: 47.6,
  longitude: -122.3,
  propertyType: 'Residential',
  propertySubType: 'Single Family Residence',
  bedrooms: 3,
  bathrooms: 2,
  sqft: 1800,
  lotSizeSqft: 6000,
  yearBuilt: 1970,
  yearRenovated: 0,
  stories: 1,
  condition: 3,
  grade: 7,
  waterfront: false,
  listPriceCents: 50_000_000,
  lastSalePriceCents: 30_000_000,
  lastSaleDate: '2015-02-01',
  assessedValueCents: 45_000_000,
  estimatedValueCents: 52_000_000,
  taxAnnualCents: 500_000,
  floodRisk: 'low',
  population: 5000,
  medianIncomeCents: 9_000_000,
  medianHomeValueCents: 60_000_000,
  medianRentCents: 200_000,
  ...over,
});
/** A street of houses that differ in size, age and price. */
const market = () =>
  Array.from({ length: 60 }, (_, i) => ({
    id: `h${String(i).padStart(2, '0')}`,
    facts: house({
      sqft: 1000 + 40 * i,
      yearBuilt: 1930 + i,
      listPriceCents: 20_000_000 + 1_000_000 * i,
      grade: 5 + (i % 6),
      latitude: 47.5 + i / 500,
    }),
  }));

describe('the dimensions', () => {
  it('are exactly 35, each named once and read from a full house', () => {
    expect(SIMILARITY_DIMENSIONS).toHaveLength(35);
    expect(DIMENSIONS).toBe(35);
    expect(new Set(SIMILARITY_DIMENSIONS.map(({ name }) => name)).size).toBe(35);
    expect([...rawVector(house(), AS_OF)].every(Number.isFinite)).toBe(true);
  });

  it('know nothing of protected classes', () => {
    const words = SIMILARITY_DIMENSIONS.map(({ name, label }) => `${name} ${label}`).join(' ');
    expect(words).not.toMatch(
      /race|ethnic|colou?r|religio|sex|gender|famil(y|ies) with|child|disab|national|age of people|language/i,
    );
  });

  it('make an unknown fact neither like nor unlike', () => {
    const blank = Object.fromEntries(Object.keys(house()).map((key) => [key, null])) as unknown as SimilarityFacts;
    const index = buildIndex([...market(), { id: 'blank', facts: blank }], AS_OF);
    const row = index.rowOf.get('blank')!;
    const vector = [...index.vectors.slice(row * DIMENSIONS, (row + 1) * DIMENSIONS)];
    // Not being for sale is known of every house.
    expect(vector.filter((value) => value !== 0).length).toBeLessThanOrEqual(1);
  });
});

describe('searchSimilar', () => {
  const houses = market();
  const twin = { id: 'twin', facts: houses[50]!.facts };
  const index = buildIndex([...houses, twin], AS_OF);

  it('finds the twin first, and is 1 with it', () => {
    const [first] = searchSimilar(index, index.rowOf.get('h50')!, { limit: 5 });
    expect(first?.id).toBe('twin');
    expect(first?.similarity).toBeCloseTo(1, 6);
    expect(first?.different.every(({ apart }) => apart === 0)).toBe(true);
  });

  it('gives the same as looking at all pairs, best first', () => {
    const subject = index.rowOf.get('h10')!;
    const all = index.ids
      .map((id, row) => ({ id, row, similarity: cosine(index, subject, row) }))
      .filter(({ row }) => row !== subject)
      .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
    expect(searchSimilar(index, subject, { limit: 12 }).map(({ id }) => id)).toEqual(
      all.slice(0, 12).map(({ id }) => id),
    );
  });

  it('keeps to the filter, and names three dimensions for and three against', () => {
    const found = searchSimilar(index, 0, { limit: 4, passes: (row) => row > 40 });
    expect(found).toHaveLength(4);
    for (const { id, alike, different } of found) {
      expect(index.rowOf.get(id)).toBeGreaterThan(40);
      expect([alike.length, different.length]).toEqual([3, 3]);
      expect(different[0]!.apart).toBeGreaterThan(1);
    }
    expect(found[0]!.different.map(({ dimension }) => dimension).join()).toMatch(/sqft|year|price|north/);
  });

  it('is not carried away by one absurd value', () => {
    const odd = buildIndex([...houses, { id: 'odd', facts: house({ sqft: 9e9 }) }], AS_OF);
    expect(Math.max(...odd.vectors)).toBeLessThanOrEqual(4);
  });
});
