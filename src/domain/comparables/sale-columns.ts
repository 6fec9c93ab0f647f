import type { ComparableSale } from '../property.ts';

/** A sale with the facts of its house, before its distance to anything is known. */
export type PlacedSale = Omit<ComparableSale, 'distanceMetres'>;

/** Many sales as parallel columns, one number a sale, NaN where unknown: what is asked of each house is then only arithmetic. */
export interface SaleColumns {
  sales: readonly PlacedSale[];
  latitude: Float64Array;
  longitude: Float64Array;
  /** Days since 1970 of the close date; NaN for a text that is no date. */
  day: Float64Array;
  /** Cents, and their logarithm; NaN unless above 0 and finite. */
  priceCents: Float64Array;
  logPrice: Float64Array;
  /** Square feet; NaN unless above 0. */
  sqft: Float64Array;
  logSqft: Float64Array;
  logLot: Float64Array;
  grade: Float64Array;
  condition: Float64Array;
  yearBuilt: Float64Array;
  bathrooms: Float64Array;
  /** Which house each sale is of: a number per property id, which `houses` tells. */
  house: Int32Array;
  houses: ReadonlyMap<string, number>;
}

const DAY_MS = 86_400_000;

/** Days since 1970 of a date (the time of day is ignored); NaN for a text that is no date. */
export const dayOf = (date: string): number => Math.round(Date.parse(date.slice(0, 10)) / DAY_MS);

/** The number; NaN for null and unless above 0 and finite. */
export const aboveZero = (value: number | null): number =>
  value !== null && value > 0 && Number.isFinite(value) ? value : Number.NaN;

/** The number; NaN for null. */
export const known = (value: number | null): number => value ?? Number.NaN;

/** Sets sales out in columns, in their order. */
export function columnsOf(sales: readonly PlacedSale[]): SaleColumns {
  const column = (of: (sale: PlacedSale) => number) => Float64Array.from(sales, of);
  const priceCents = column((sale) => aboveZero(sale.closePriceCents));
  const sqft = column((sale) => aboveZero(sale.sqft));
  const houses = new Map<string, number>();
  const house = Int32Array.from(sales, ({ propertyId }) => {
    const number = houses.get(propertyId) ?? houses.size;
    houses.set(propertyId, number);
    return number;
  });
  return {
    sales,
    latitude: column((sale) => known(sale.latitude)),
    longitude: column((sale) => known(sale.longitude)),
    day: column((sale) => dayOf(sale.closeDate)),
    priceCents,
    logPrice: priceCents.map(Math.log),
    sqft,
    logSqft: sqft.map(Math.log),
    logLot: column((sale) => Math.log(aboveZero(sale.lotSizeSqft))),
    grade: column((sale) => known(sale.grade)),
    condition: column((sale) => known(sale.condition)),
    yearBuilt: column((sale) => known(sale.yearBuilt)),
    bathrooms: column((sale) => known(sale.bathrooms)),
    house,
    houses,
  };
}
