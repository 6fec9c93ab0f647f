import { createHash } from 'node:crypto';
import { dateOfDay, dayNumber } from '../../src/domain/valuation/days.ts';
import { createRandom } from '../../src/domain/valuation/random.ts';
import type { SaleRecord, SalesData, ValuationFacts } from '../../src/domain/valuation/sale-record.ts';

/** Facts of a house of which nothing is known. */
export const NO_FACTS: ValuationFacts = {
  latitude: null,
  longitude: null,
  zipCode: null,
  city: null,
  subdivision: null,
  propertyType: null,
  propertySubType: null,
  bedrooms: null,
  bathrooms: null,
  sqft: null,
  lotSizeSqft: null,
  yearBuilt: null,
  yearRenovated: null,
  stories: null,
  condition: null,
  grade: null,
  waterfront: null,
};

/** How an invented market is made. */
export interface MarketOptions {
  sales?: number;
  seed?: number;
  months?: number;
}

/**
 * An invented market: prices follow size, grade, age, a hill of dear places, a trend of 6% a year and 10% of noise. The
 * same for the same seed; every parcel sells once.
 */
export function inventSales({ sales = 900, seed = 1, months = 14 }: MarketOptions = {}): SaleRecord[] {
  const { unit } = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  const first = dayNumber('2023-01-01');
  return Array.from({ length: sales }, (_, i) => {
    const day = first + Math.floor(unit() * months * 30.4);
    const [x, y] = [unit(), unit()];
    const zone = Math.floor(x * 3) + 3 * Math.floor(y * 3);
    const sqft = Math.round(Math.exp(7.5 + 0.35 * normal()));
    const grade = Math.max(3, Math.min(12, Math.round(7 + 1.2 * normal() + (sqft - 2000) / 1500)));
    const yearBuilt = 1930 + Math.floor(unit() * 85);
    const hill = 0.5 * Math.exp(-((x - 0.3) ** 2 + (y - 0.6) ** 2) / 0.05) + 0.15 * Math.sin(9 * x) * Math.cos(7 * y);
    const log =
      6.9 +
      0.75 * Math.log(sqft) +
      0.09 * (grade - 7) -
      0.002 * (2023 - yearBuilt) +
      hill +
      (0.06 * (day - first)) / 365;
    return {
      row: i + 2,
      parcel: `${10_000 + zone * 40 + Math.floor(unit() * 40)}${String(i).padStart(5, '0')}`,
      closeDate: dateOfDay(day),
      closePrice: Math.round(Math.exp(log + 0.1 * normal()) / 100) * 100,
      facts: {
        ...NO_FACTS,
        latitude: 40 + 0.12 * y,
        longitude: -90 + 0.16 * x,
        zipCode: String(50_001 + zone),
        propertySubType: unit() < 0.15 ? 'Townhouse' : 'Single Family Residence',
        bedrooms: Math.max(1, Math.round(sqft / 700 + 0.6 * normal())),
        bathrooms: Math.max(1, Math.round((sqft / 900 + 0.4 * normal()) * 4) / 4),
        sqft,
        lotSizeSqft: Math.round(Math.exp(8.8 + 0.4 * normal())),
        yearBuilt,
        grade,
        condition: 1 + Math.floor(unit() * 5),
      },
      extras: { garage_cars: Math.floor(unit() * 3) },
    };
  });
}

/** Sales as a file that was read whole. */
export function dataOf(sales: readonly SaleRecord[]): SalesData {
  return {
    source: 'invented.csv',
    sales: [...sales],
    mapping: [],
    counts: { rows: sales.length, kept: sales.length, leftOut: {} },
    notes: [],
    fingerprint: createHash('sha256').update('invented').digest('hex'),
  };
}

/** The same sales in another order. */
export function shuffled<T>(given: readonly T[], seed: number): T[] {
  const { below } = createRandom(seed);
  const list = [...given];
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = below(i + 1);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}
