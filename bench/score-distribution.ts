/**
 * How scores spread over real parcels: 300 seeded King County sale rows as off-market parcels, with plausible assessed
 * values, taxes, rents, incomes and flood risks drawn by the same seed. Aim: 15-30% at the memo threshold, 5-15% at the
 * outreach threshold. Run: `npx tsx bench/score-distribution.ts [sales.csv]`.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadScoringConfig } from '../src/config/scoring.ts';
import { closestMarketDate, selectComparables } from '../src/domain/comparables.ts';
import type { ComparableSale, Property } from '../src/domain/property.ts';
import { PROPERTY_FIELDS } from '../src/domain/property.ts';
import { type ScoreResult, scoreProperty } from '../src/domain/scoring/score.ts';
import { nearestSales, readSales } from './comparables.ts';

/** Mulberry32: small, seeded, good enough for draws. */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function parcelOf(sale: ComparableSale, draw: () => number, simulated: boolean, zipMedianCents: number): Property {
  const blank = Object.fromEntries(PROPERTY_FIELDS.map((field) => [field, null])) as unknown as Property;
  const assessed = Math.round(sale.closePriceCents * (0.93 + 0.3 * (draw() + draw() - 1)));
  const flood = draw();
  const from = (source: string, made: boolean) => ({
    source,
    fetchedAt: '2015-04-01T00:00:00Z',
    confidence: 0.9,
    costMicros: 0,
    simulated: made,
  });
  const acs = from('census-acs', simulated);
  return {
    ...blank,
    tenantId: 't',
    id: sale.propertyId,
    countyFips: '53033',
    apn: sale.apn,
    zipCode: sale.zipCode,
    latitude: sale.latitude,
    longitude: sale.longitude,
    bedrooms: sale.bedrooms,
    bathrooms: sale.bathrooms,
    sqft: sale.sqft,
    lotSizeSqft: sale.lotSizeSqft,
    yearBuilt: sale.yearBuilt,
    grade: sale.grade,
    condition: sale.condition,
    lastSalePriceCents: sale.closePriceCents,
    lastSaleDate: sale.closeDate,
    assessedValueCents: assessed,
    taxAnnualCents: Math.round(assessed * 0.0105),
    floodRisk: flood < 0.9 ? 'low' : flood < 0.97 ? 'moderate' : 'high',
    medianHomeValueCents: zipMedianCents,
    medianRentCents: Math.round(90_000 + zipMedianCents * 0.0022 + draw() * 30_000),
    medianIncomeCents: Math.round(3_500_000 + zipMedianCents * 0.08 + draw() * 2_000_000),
    fieldSources: {
      medianRentCents: acs,
      medianIncomeCents: acs,
      floodRisk: from('fema-nfhl', simulated),
      assessedValueCents: from('king-assessor', simulated),
      sqft: from('king-county-sales', false),
    },
  };
}

/** Scores `count` seeded rows of the file. */
export function scoreSample(path: string, seed: number, count: number, simulated: boolean): ScoreResult[] {
  const weights = loadScoringConfig(resolve('config/scoring.yaml'));
  const sales = readSales(path);
  const nearest = nearestSales(sales);
  const newest =
    sales
      .map((sale) => sale.closeDate)
      .sort()
      .at(-1) ?? null;
  const { asOf } = closestMarketDate(newest, '2026-11-21');
  const medians = new Map<string, number>();
  for (const zip of new Set(sales.map((sale) => sale.zipCode ?? ''))) {
    const prices = sales
      .filter((sale) => sale.zipCode === zip)
      .map((sale) => sale.closePriceCents)
      .sort((a, b) => a - b);
    medians.set(zip, prices[Math.floor(prices.length / 2)] ?? 0);
  }
  const draw = draws(seed);
  return Array.from({ length: count }, () => sales[Math.floor(draw() * sales.length)]!).map((sale) => {
    const property = parcelOf(sale, draw, simulated, medians.get(sale.zipCode ?? '') ?? 0);
    const comparables = selectComparables(property, nearest(sale), asOf, { annualTrend: 0.05 });
    const county = {
      medianPriceCents: 85_000_000,
      medianPriceYear: 2024,
      marketHeat: 0.7,
      appreciationAnnual: 0.05,
      neighborhoodMultiplier: draw() < 0.25 ? 1.1 : 1,
    };
    return scoreProperty({ property, comparables, county, asOf }, weights);
  });
}

const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
const at = (values: number[], q: number) => sorted(values)[Math.floor(q * (values.length - 1))] ?? Number.NaN;

function main(): void {
  const path = resolve(
    process.argv.slice(2).find((each) => !each.startsWith('--')) ?? '../shared/data/king-county/king-county-sales.csv',
  );
  if (!existsSync(path)) {
    process.stderr.write(`No sales at ${path}. Give the path of a King County sales CSV.\n`);
    process.exitCode = 1;
    return;
  }
  for (const seed of [1, 2, 3]) {
    const results = scoreSample(path, seed, 300, seed !== 2);
    const scores = results.map((result) => result.birdDogScore);
    const share = (from: number) =>
      `${((100 * scores.filter((score) => score >= from).length) / scores.length).toFixed(1)}%`;
    const spread = (of: (r: ScoreResult) => number) =>
      [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => Number(at(results.map(of), q).toFixed(2)));
    const line = {
      seed,
      atMemo: share(50),
      atOutreach: share(60),
      at70: share(70),
      score: spread((r) => r.birdDogScore),
      max: Math.max(...scores),
      investment: spread((r) => r.investmentScore),
      risk: spread((r) => r.riskScore),
      roi: spread((r) => r.roiEstimate ?? -1),
      confidence: spread((r) => r.confidence),
      review: results.filter((r) => r.needsReview).length,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    if (process.argv.includes('--components')) {
      for (const [i, component] of (results[0]?.components ?? []).entries()) {
        const values = results.map((r) => r.components[i]?.value ?? Number.NaN);
        process.stdout.write(
          `  ${component.name} raw ${[0.05, 0.5, 0.95].map((q) => at(values, q).toFixed(3)).join(' ')}  score ${[
            0.05, 0.5, 0.95,
          ]
            .map((q) =>
              at(
                results.map((r) => r.components[i]?.score ?? 0),
                q,
              ).toFixed(2),
            )
            .join(' ')}\n`,
        );
      }
      const top = [...results].sort((a, b) => b.birdDogScore - a.birdDogScore)[5];
      for (const reason of top?.reasons ?? [])
        process.stdout.write(
          `  ${reason.contribution} ${reason.code}: ${reason.label} [${reason.sources.join(', ')}]\n`,
        );
    }
  }
}

if (process.argv[1]?.endsWith('score-distribution.ts')) main();
