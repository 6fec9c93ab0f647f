import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { held, MOST } from './adjust.ts';
import { createPlaces, type WeighedPlaces } from './price-slope.ts';
import type { ComparableSubject } from './sale-match.ts';
import { AT, aboveZero, known, SALE_WIDTH, type SaleNumbers } from './sale-numbers.ts';
import { gap, STEPS_PER, sayOf } from './similarity.ts';

/** The sales around a house: their positions and how far they are, the first `count` of each. */
export interface NearSales {
  count: number;
  positions: Int32Array;
  metres: Float64Array;
}

/** The house that is valued as numbers, NaN where unknown. */
export interface SubjectNumbers {
  /** As `SaleNumbers.houses` has it; −1 for a house without a sale. */
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
  /** And where its numbers begin. */
  rows: Int32Array;
}

export const KM_PER_DEGREE = 111.195;

/** Room for so many near sales. */
export const createWeighing = (mostNear: number): Weighing => ({
  places: createPlaces(mostNear),
  given: new Int32Array(mostNear),
  newest: Number.NEGATIVE_INFINITY,
  own: -1,
  rows: new Int32Array(mostNear),
});

/** The subject in numbers. */
export function numbersOf(subject: ComparableSubject, sales: SaleNumbers): SubjectNumbers {
  const latitude = known(subject.latitude ?? null);
  const sqft = aboveZero(subject.sqft);
  return {
    house: sales.houses.get(subject.id) ?? -1,
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
 * wanted. The house's own are set aside, but for the latest where it is to count.
 * @param today the date of the estimate, days since 1970
 * @param isWanted of one of the near sales, by its place among them
 */
export function weighSales(
  sales: SaleNumbers,
  near: NearSales,
  subject: SubjectNumbers,
  market: { today: number; growth: number },
  to: Weighing,
  { isWanted, includeOwn = false }: { isWanted?: ((at: number) => boolean) | undefined; includeOwn?: boolean } = {},
): void {
  const { positions, metres, count } = near;
  const { numbers } = sales;
  const { given, rows, places } = to;
  const { today } = market;
  let newest = Number.NEGATIVE_INFINITY;
  let own = -1;
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    const i = positions[at]! * SALE_WIDTH;
    const distance = metres[at]!;
    const day = numbers[i + AT.day]!;
    const sqft = numbers[i + AT.sqft]!;
    const speaks = day < today && numbers[i + AT.priceCents]! > 0 && sqft > 0 && distance >= 0;
    if (!speaks || distance === Number.POSITIVE_INFINITY) continue;
    const isNear = distance <= K.maxDistanceMetres && 3 * sqft > subject.sqft && sqft < 3 * subject.sqft;
    if (!isNear && isWanted?.(at) !== true) continue;
    if (day > newest) newest = day;
    if (numbers[i + AT.house] !== subject.house) {
      given[kept] = at;
      rows[kept] = i;
      kept += 1;
    } else if (own === -1 || isLater(sales, near, at, own)) own = at;
  }
  if (own !== -1 && (includeOwn || isWanted?.(own) === true)) {
    given[kept] = own;
    rows[kept] = positions[own]! * SALE_WIDTH;
    kept += 1;
  }
  to.newest = newest;
  to.own = own;
  places.count = kept;
  weigh(sales, near, subject, market, to);
  price(sales, subject, market, to);
}

/** The say of each sale that counts. */
function weigh(
  { numbers }: SaleNumbers,
  { metres }: NearSales,
  subject: SubjectNumbers,
  { today }: { today: number },
  { places: { weight, count }, given, rows }: Weighing,
): void {
  const { logSqft, logLot, grade, condition, built } = subject;
  for (let k = 0; k < count; k += 1) {
    const i = rows[k]!;
    weight[k] = sayOf(
      metres[given[k]!]! * STEPS_PER.metre +
        (today - numbers[i + AT.day]!) * STEPS_PER.day +
        gap(logSqft - numbers[i + AT.logSqft]!, STEPS_PER.size) +
        gap(logLot - numbers[i + AT.logLot]!, STEPS_PER.lot) +
        gap(grade - numbers[i + AT.grade]!, STEPS_PER.grade) +
        gap(condition - numbers[i + AT.condition]!, STEPS_PER.condition) +
        gap(built - numbers[i + AT.yearBuilt]!, STEPS_PER.yearBuilt),
    );
  }
}

/** The price of each sale that counts, and its place. */
function price(
  { numbers }: SaleNumbers,
  subject: SubjectNumbers,
  { today, growth }: { today: number; growth: number },
  { places: { logPrice, east, north, count }, rows }: Weighing,
): void {
  const { latitude, longitude, kmEast, logSqft, logLot, grade, condition, bathrooms, built } = subject;
  const daily = growth / 365.25;
  for (let k = 0; k < count; k += 1) {
    const i = rows[k]!;
    logPrice[k] =
      numbers[i + AT.logPrice]! +
      (held(daily * (today - numbers[i + AT.day]!), MOST.time) +
        held((logSqft - numbers[i + AT.logSqft]!) * K.sizeElasticity, MOST.size) +
        held((logLot - numbers[i + AT.logLot]!) * K.lotElasticity, MOST.lot) +
        held((grade - numbers[i + AT.grade]!) * K.gradeStep, MOST.grade) +
        held((condition - numbers[i + AT.condition]!) * K.conditionStep, MOST.condition) +
        held((bathrooms - numbers[i + AT.bathrooms]!) * K.bathroomStep, MOST.bathrooms) +
        held((built - numbers[i + AT.yearBuilt]!) * K.yearBuiltStep, MOST.built));
    east[k] = (numbers[i + AT.longitude]! - longitude) * kmEast;
    north[k] = (numbers[i + AT.latitude]! - latitude) * KM_PER_DEGREE;
  }
}

/** Of two sales of one house: whether the first is the later one; on one day the cheaper. */
function isLater({ numbers }: SaleNumbers, { positions }: NearSales, at: number, than: number): boolean {
  const [i, j] = [positions[at]! * SALE_WIDTH, positions[than]! * SALE_WIDTH];
  const later = numbers[i + AT.day]! - numbers[j + AT.day]!;
  return later > 0 || (later === 0 && numbers[i + AT.priceCents]! < numbers[j + AT.priceCents]!);
}
