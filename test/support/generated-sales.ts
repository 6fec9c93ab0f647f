import { createRandom } from '../../src/domain/valuation/random.ts';

/** An invented sale: prices follow size, grade, age, place and month, with some noise. */
export interface GeneratedSale {
  parcel: string;
  /** YYYY-MM-DD. */
  day: string;
  /** Dollars, whole thousands. */
  price: number;
  sqft: number;
  lotSqft: number;
  bedrooms: number;
  bathrooms: number;
  yearBuilt: number;
  grade: number;
  latitude: number;
  longitude: number;
  zip: string;
}

const DAY_MS = 86_400_000;

/**
 * Sales of an invented county: the same seed gives the same ones, in the order of their days.
 * @param options.from first day; `days` long
 * @param options.level factor on every price
 */
export function generateSales(
  count: number,
  options: { seed: number; from: string; days: number; firstParcel?: number; level?: number },
): GeneratedSale[] {
  const { unit } = createRandom(options.seed);
  const start = Date.parse(`${options.from}T00:00:00Z`);
  const rows = Array.from({ length: count }, (_, n) => {
    const days = Math.floor(unit() * options.days);
    const latitude = 47.5 + unit() * 0.2;
    const longitude = -122.35 + unit() * 0.2;
    const sqft = Math.round(900 + unit() ** 2 * 3_000);
    const lotSqft = Math.round(3_000 + unit() * 7_000);
    const yearBuilt = 1920 + Math.floor(unit() * 90);
    const grade = 5 + Math.floor(unit() * 6);
    const place = 0.5 * Math.exp(-(((latitude - 47.62) / 0.06) ** 2 + ((longitude + 122.3) / 0.05) ** 2));
    const noise = (unit() + unit() + unit() - 1.5) * 0.12;
    const log =
      12.2 + 0.65 * Math.log(sqft / 1_500) + 0.09 * (grade - 7) + place + (yearBuilt - 1965) * 0.001 + days * 0.0001;
    return {
      parcel: String((options.firstParcel ?? 4_000_000_000) + n),
      day: new Date(start + days * DAY_MS).toISOString().slice(0, 10),
      price: Math.round((Math.exp(log + noise) * (options.level ?? 1)) / 1_000) * 1_000,
      sqft,
      lotSqft,
      bedrooms: Math.max(1, Math.round(sqft / 650)),
      bathrooms: Math.max(1, Math.round(sqft / 450) / 2),
      yearBuilt,
      grade,
      latitude: Number(latitude.toFixed(5)),
      longitude: Number(longitude.toFixed(5)),
      zip: latitude > 47.6 ? '98115' : '98118',
    };
  });
  return rows.sort((a, b) => a.day.localeCompare(b.day));
}
