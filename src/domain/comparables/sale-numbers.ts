import type { ComparableSale } from '../property.ts';

/** A sale with the facts of its house, before its distance to anything is known. */
export type PlacedSale = Omit<ComparableSale, 'distanceMetres'>;

/** Of a sale, what tells how far it speaks for another house. */
export type MeasuredSale = Pick<
  PlacedSale,
  | 'propertyId'
  | 'latitude'
  | 'longitude'
  | 'closeDate'
  | 'closePriceCents'
  | 'sqft'
  | 'bathrooms'
  | 'yearBuilt'
  | 'lotSizeSqft'
  | 'grade'
  | 'condition'
>;

/**
 * Many sales as numbers, NaN where unknown: what is asked of each house is then only arithmetic. The numbers of one sale
 * stand side by side, as they are asked for together: among a hundred thousand sales, most of the time is waiting for memory.
 */
export interface SaleNumbers<Sale extends MeasuredSale = MeasuredSale> {
  sales: readonly Sale[];
  latitude: Float64Array;
  longitude: Float64Array;
  /** `SALE_WIDTH` numbers a sale; those of sale i begin at i × `SALE_WIDTH`, in the order of `AT`. */
  numbers: Float64Array;
  /** A number per property id: which house a sale is of. */
  houses: ReadonlyMap<string, number>;
}

/** Where each number of a sale stands. */
export const AT = {
  /** Days since 1970 of the close date; NaN for a text that is no date. */
  day: 0,
  /** Cents, and their logarithm; NaN unless above 0 and finite. */
  priceCents: 1,
  /** Square feet; NaN unless above 0. */
  sqft: 2,
  /** As `houses` has it. */
  house: 3,
  logPrice: 4,
  logSqft: 5,
  logLot: 6,
  grade: 7,
  condition: 8,
  yearBuilt: 9,
  bathrooms: 10,
  latitude: 11,
  longitude: 12,
} as const;
export const SALE_WIDTH = 13;

const DAY_MS = 86_400_000;

/** Days since 1970 of a date (the time of day is ignored); NaN for a text that is no date. */
export const dayOf = (date: string): number => Math.round(Date.parse(date.slice(0, 10)) / DAY_MS);

/** The number; NaN for null and unless above 0 and finite. */
export const aboveZero = (value: number | null): number =>
  value !== null && value > 0 && Number.isFinite(value) ? value : Number.NaN;

/** The number; NaN for null. */
export const known = (value: number | null): number => value ?? Number.NaN;

/** Sets sales out as numbers, in their order. */
export function numbersOfSales<Sale extends MeasuredSale>(sales: readonly Sale[]): SaleNumbers<Sale> {
  const numbers = new Float64Array(sales.length * SALE_WIDTH);
  const houses = new Map<string, number>();
  for (const [i, sale] of sales.entries()) {
    const house = houses.get(sale.propertyId) ?? houses.size;
    houses.set(sale.propertyId, house);
    const at = i * SALE_WIDTH;
    const priceCents = aboveZero(sale.closePriceCents);
    const sqft = aboveZero(sale.sqft);
    numbers[at + AT.day] = dayOf(sale.closeDate);
    numbers[at + AT.priceCents] = priceCents;
    numbers[at + AT.sqft] = sqft;
    numbers[at + AT.house] = house;
    numbers[at + AT.logPrice] = Math.log(priceCents);
    numbers[at + AT.logSqft] = Math.log(sqft);
    numbers[at + AT.logLot] = Math.log(aboveZero(sale.lotSizeSqft));
    numbers[at + AT.grade] = known(sale.grade);
    numbers[at + AT.condition] = known(sale.condition);
    numbers[at + AT.yearBuilt] = known(sale.yearBuilt);
    numbers[at + AT.bathrooms] = known(sale.bathrooms);
    numbers[at + AT.latitude] = known(sale.latitude);
    numbers[at + AT.longitude] = known(sale.longitude);
  }
  return {
    sales,
    latitude: Float64Array.from(sales, (sale) => known(sale.latitude)),
    longitude: Float64Array.from(sales, (sale) => known(sale.longitude)),
    numbers,
    houses,
  };
}
