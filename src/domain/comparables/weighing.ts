import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { type Differences, logAdjustment } from './adjust.ts';
import { createPlaces, type WeighedPlaces } from './price-slope.ts';
import { aboveZero, known, type SaleColumns } from './sale-columns.ts';
import type { ComparableSubject } from './sale-match.ts';
import { sayOf, stepsOf } from './similarity.ts';

/** The sales around a house: their positions in the columns and how far they are, the first `count` of each. */
export interface NearSales {
  count: number;
  positions: Int32Array;
  metres: Float64Array;
}

/** The house that is valued as numbers, NaN where unknown. */
export interface SubjectNumbers {
  /** As `SaleColumns.house` has it; −1 for a house without a sale. */
  house: number;
  sqft: number;
  logSqft: number;
  logLot: number;
  grade: number;
  condition: number;
  bathrooms: number;
  built: number;
  latitude: number;
  longitude: number;
  /** Kilometres of a degree of longitude at its latitude. */
  kmEast: number;
}

/** What is worked out for one house, and room for it. */
export interface Weighing {
  /** The sales that count, with their say and price. */
  places: WeighedPlaces;
  /** Of each of them: which of the near sales it is. */
  given: Int32Array;
  /** Day of the newest sale that counts; −Infinity without one. */
  newest: number;
  /** The house's own latest sale among the near ones; −1 without one. */
  own: number;
  /** Room for how one sale differs: hundreds are looked at for one house. */
  by: Differences;
}

export const KM_PER_DEGREE = 111.195;

/** Room for so many near sales. */
export const createWeighing = (mostNear: number): Weighing => ({
  places: createPlaces(mostNear),
  given: new Int32Array(mostNear),
  newest: Number.NEGATIVE_INFINITY,
  own: -1,
  by: {
    ageDays: Number.NaN,
    size: Number.NaN,
    lot: Number.NaN,
    grade: Number.NaN,
    condition: Number.NaN,
    bathrooms: Number.NaN,
    built: Number.NaN,
  },
});

/** The subject in numbers. */
export function numbersOf(subject: ComparableSubject, columns: SaleColumns): SubjectNumbers {
  const latitude = known(subject.latitude ?? null);
  const sqft = aboveZero(subject.sqft);
  return {
    house: columns.houses.get(subject.id) ?? -1,
    sqft,
    logSqft: Math.log(sqft),
    logLot: Math.log(aboveZero(subject.lotSizeSqft)),
    grade: known(subject.grade),
    condition: known(subject.condition),
    bathrooms: known(subject.bathrooms),
    built: known(subject.yearBuilt),
    latitude,
    longitude: known(subject.longitude ?? null),
    kmEast: KM_PER_DEGREE * Math.cos((latitude * Math.PI) / 180),
  };
}

/**
 * Weighs the near sales that count: before the day, priced, measured, and within reach and a factor of three of the size, or
 * wanted. The house's own are set aside.
 * @param today the date of the estimate, days since 1970
 * @param isWanted of one of the near sales, by its place among them
 */
export function weighSales(
  columns: SaleColumns,
  near: NearSales,
  subject: SubjectNumbers,
  market: { today: number; growth: number },
  to: Weighing,
  isWanted?: (at: number) => boolean,
): void {
  const { positions, metres, count } = near;
  const { day, priceCents, sqft, house } = columns;
  const { today } = market;
  let newest = Number.NEGATIVE_INFINITY;
  let own = -1;
  to.places.count = 0;
  for (let at = 0; at < count; at += 1) {
    const i = positions[at]!;
    const distance = metres[at]!;
    const ratio = sqft[i]! / subject.sqft;
    const speaks = day[i]! < today && priceCents[i]! > 0 && ratio > 0 && distance >= 0;
    if (!speaks || distance === Number.POSITIVE_INFINITY) continue;
    const isNear = distance <= K.maxDistanceMetres && ratio > 1 / 3 && ratio < 3;
    if (!isNear && isWanted?.(at) !== true) continue;
    if (day[i]! > newest) newest = day[i]!;
    if (house[i]! !== subject.house) weighOne(columns, near, subject, market, to, at);
    else if (own === -1 || isLater(columns, near, at, own)) own = at;
  }
  to.newest = newest;
  to.own = own;
}

/** Weighs one near sale more. */
export function weighOne(
  columns: SaleColumns,
  { positions, metres }: NearSales,
  subject: SubjectNumbers,
  { today, growth }: { today: number; growth: number },
  { places, given, by }: Weighing,
  at: number,
): void {
  const i = positions[at]!;
  const k = places.count;
  by.ageDays = today - columns.day[i]!;
  by.size = subject.logSqft - columns.logSqft[i]!;
  by.lot = subject.logLot - columns.logLot[i]!;
  by.grade = subject.grade - columns.grade[i]!;
  by.condition = subject.condition - columns.condition[i]!;
  by.bathrooms = subject.bathrooms - columns.bathrooms[i]!;
  by.built = subject.built - columns.yearBuilt[i]!;
  given[k] = at;
  places.weight[k] = sayOf(stepsOf(metres[at]!, by));
  places.logPrice[k] = columns.logPrice[i]! + logAdjustment(by, growth);
  places.east[k] = (columns.longitude[i]! - subject.longitude) * subject.kmEast;
  places.north[k] = (columns.latitude[i]! - subject.latitude) * KM_PER_DEGREE;
  places.count = k + 1;
}

/** Of two sales of one house: whether the first is the later one; on one day the cheaper. */
function isLater({ day, priceCents }: SaleColumns, { positions }: NearSales, at: number, than: number): boolean {
  const [i, j] = [positions[at]!, positions[than]!];
  return day[i]! > day[j]! || (day[i] === day[j] && priceCents[i]! < priceCents[j]!);
}
