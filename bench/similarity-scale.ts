/**
 * "Like this one" among 100,000 properties: the 35 dimensions of each reckoned, standardised and searched, in process.
 * Run: `npx tsx bench/similarity-scale.ts [houses]`. Prints one JSON line; the yardstick is a plain array of arrays.
 */
import type { SimilarityFacts } from '../src/domain/similarity/dimensions.ts';
import { searchSimilar } from '../src/domain/similarity/search.ts';
import { buildIndex, DIMENSIONS } from '../src/domain/similarity/vector.ts';

const count = Number(process.argv[2] ?? 100_000);
let state = 42;
const draw = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 4_294_967_296;
};
const houses = Array.from({ length: count }, (_, i) => {
  const facts: SimilarityFacts = {
    latitude: 47.3 + 0.4 * draw(),
    longitude: -122.4 + 0.5 * draw(),
    propertyType: 'Residential',
    propertySubType: draw() < 0.2 ? 'Condominium' : 'Single Family Residence',
    bedrooms: 1 + Math.floor(5 * draw()),
    bathrooms: 1 + Math.floor(8 * draw()) / 4,
    sqft: 600 + Math.floor(3500 * draw()),
    lotSizeSqft: draw() < 0.1 ? null : 2000 + Math.floor(20_000 * draw()),
    yearBuilt: 1900 + Math.floor(120 * draw()),
    yearRenovated: draw() < 0.1 ? 2005 : 0,
    stories: 1 + Math.floor(3 * draw()),
    condition: 1 + Math.floor(5 * draw()),
    grade: 4 + Math.floor(8 * draw()),
    waterfront: draw() < 0.01,
    listPriceCents: draw() < 0.1 ? Math.floor(90_000_000 * draw()) + 10_000_000 : null,
    lastSalePriceCents: Math.floor(60_000_000 * draw()) + 10_000_000,
    lastSaleDate: `20${10 + Math.floor(15 * draw())}-0${1 + Math.floor(9 * draw())}-15`,
    assessedValueCents: Math.floor(80_000_000 * draw()) + 10_000_000,
    estimatedValueCents: Math.floor(90_000_000 * draw()) + 10_000_000,
    taxAnnualCents: Math.floor(900_000 * draw()),
    floodRisk: 'low',
    population: 3000 + 4000 * draw(),
    medianIncomeCents: Math.floor(12_000_000 * draw()),
    medianHomeValueCents: Math.floor(90_000_000 * draw()),
    medianRentCents: Math.floor(300_000 * draw()),
  };
  return { id: String(i), facts };
});

const started = performance.now();
const index = buildIndex(houses, '2026-07-01');
const buildMs = performance.now() - started;

/** Runs the work 50 times; sorted milliseconds. */
function times(work: (i: number) => void): { p50: number; p95: number } {
  const all = Array.from({ length: 50 }, (_, i) => {
    const from = performance.now();
    work(i);
    return performance.now() - from;
  }).sort((a, b) => a - b);
  return { p50: Number(all[25]?.toFixed(1)), p95: Number(all[47]?.toFixed(1)) };
}

const search = times((i) => void searchSimilar(index, (i * 97) % count, { limit: 10 }));
const plainRows = houses.map((_, row) => [...index.vectors.slice(row * DIMENSIONS, (row + 1) * DIMENSIONS)]);
const plain = times((i) => {
  const subject = plainRows[(i * 97) % count] ?? [];
  plainRows
    .map((row, at) => ({ at, dot: row.reduce((sum, value, d) => sum + value * (subject[d] ?? 0), 0) }))
    .sort((a, b) => b.dot - a.dot)
    .slice(0, 10);
});
process.stdout.write(
  `${JSON.stringify({ houses: count, build_ms: Math.round(buildMs), search_ms: search, plain_arrays_ms: plain })}\n`,
);
