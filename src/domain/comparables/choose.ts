import type { ComparablesResult } from '../comparables.ts';
import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { estimateFrom } from '../scoring/value-estimate.ts';
import { type AdjustedComparable, adjustSale, type Differences, growthOf, logAdjustment } from './adjust.ts';
import { createPlaces, moveAlong, slopeOf } from './price-slope.ts';
import { aboveZero, dayOf, known, type SaleColumns } from './sale-columns.ts';
import { type ComparableSubject, compareText } from './sale-match.ts';
import { sayOf, stepsOf } from './similarity.ts';

/** The sales around a house: their positions in the columns and how far they are, the first `count` of each. */
export interface NearSales {
  count: number;
  positions: Int32Array;
  metres: Float64Array;
}

/** What a caller may ask for beyond the rules; see `ComparableOptions`. */
export interface Choice {
  maxChosen?: number | undefined;
  minChosen?: number | undefined;
  includeOwnSale?: boolean | undefined;
  wanted?: ReadonlySet<string> | undefined;
  /** Further steps that a sale is away, by its position. */
  extraSteps?: ((position: number) => number) | undefined;
}

const KM_PER_DEGREE = 111.195;

/**
 * Makes the choice of comparables among sales in columns, for one house after the other: which sales count, their say,
 * the local slope of prices, and the value. Nothing is allocated per sale but for those that are chosen. The order of
 * the sales does not show in the result.
 * @param mostNear as many sales as are looked at for one house
 */
export function createChooser(columns: SaleColumns, asOf: string, annualTrend: number, mostNear: number) {
  const { sales, day } = columns;
  const today = dayOf(asOf);
  const growth = growthOf(annualTrend);
  const places = createPlaces(mostNear);
  const { east, north, logPrice, weight } = places;
  /** Of each sale that counts: its place among those given. */
  const given = new Int32Array(mostNear);
  const by: Differences = { ageDays: 0, size: 0, lot: 0, grade: 0, condition: 0, bathrooms: 0, built: 0 };

  return (subject: ComparableSubject, near: NearSales, choice: Choice = {}): ComparablesResult => {
    const { maxChosen = K.maxChosen, minChosen = K.minChosen, wanted, extraSteps } = choice;
    const { positions, metres } = near;
    const empty = { asOf, newestSaleDate: null, annualTrend, chosen: [], ownSale: null, estimate: null };
    const sqft = aboveZero(subject.sqft);
    if (Number.isNaN(sqft)) return { ...empty, whyNot: 'The living area is not known.' };
    const isWanted = (at: number) => wanted?.has(sales[positions[at]!]!.propertyId) === true;
    /** Of two places among those given: which comes first. Ties by id, date, price and distance. */
    const compare = (a: number, b: number) => {
      const [one, other] = [sales[positions[a]!]!, sales[positions[b]!]!];
      return (
        compareText(one.propertyId, other.propertyId) ||
        compareText(one.closeDate, other.closeDate) ||
        one.closePriceCents - other.closePriceCents ||
        metres[a]! - metres[b]!
      );
    };
    const adjusted = (at: number, share: number, move: number): AdjustedComparable => {
      const i = positions[at]!;
      const ageDays = today - day[i]!;
      return adjustSale(subject, sales[i]!, growth, { distanceMetres: metres[at]!, ageDays, weight: share, move });
    };

    const logSqft = Math.log(sqft);
    const logLot = Math.log(aboveZero(subject.lotSizeSqft));
    const [grade, condition, built] = [known(subject.grade), known(subject.condition), known(subject.yearBuilt)];
    const bathrooms = known(subject.bathrooms);
    const latitude = subject.latitude ?? Number.NaN;
    const longitude = subject.longitude ?? Number.NaN;
    const kmEast = KM_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
    let newest = Number.NEGATIVE_INFINITY;
    let own = -1;
    places.count = 0;
    for (let at = 0; at < near.count; at += 1) {
      const i = positions[at]!;
      const distance = metres[at]!;
      by.ageDays = today - day[i]!;
      const ratio = columns.sqft[i]! / sqft;
      if (
        !(
          by.ageDays > 0 &&
          ratio > 0 &&
          columns.priceCents[i]! > 0 &&
          distance >= 0 &&
          distance < Number.POSITIVE_INFINITY
        )
      )
        continue;
      const isNear = distance <= K.maxDistanceMetres && ratio > 1 / 3 && ratio < 3;
      if (!isNear && (wanted === undefined || !isWanted(at))) continue;
      if (day[i]! > newest) newest = day[i]!;
      if (sales[i]!.propertyId === subject.id) {
        if (own === -1 || isLaterOwn(at, own)) own = at;
        continue;
      }
      weigh(at);
    }
    if (own !== -1 && (choice.includeOwnSale === true || isWanted(own))) weigh(own);

    /** Fills in say, price and place of one more sale. */
    function weigh(at: number): void {
      const i = positions[at]!;
      const k = places.count;
      by.ageDays = today - day[i]!;
      by.size = logSqft - columns.logSqft[i]!;
      by.lot = logLot - columns.logLot[i]!;
      by.grade = grade - columns.grade[i]!;
      by.condition = condition - columns.condition[i]!;
      by.bathrooms = bathrooms - columns.bathrooms[i]!;
      by.built = built - columns.yearBuilt[i]!;
      given[k] = at;
      weight[k] = sayOf(stepsOf(metres[at]!, by) + (extraSteps === undefined ? 0 : extraSteps(i)));
      logPrice[k] = columns.logPrice[i]! + logAdjustment(by, growth);
      east[k] = (columns.longitude[i]! - longitude) * kmEast;
      north[k] = (columns.latitude[i]! - latitude) * KM_PER_DEGREE;
      places.count = k + 1;
    }
    function isLaterOwn(at: number, than: number): boolean {
      const later = day[positions[at]!]! - day[positions[than]!]!;
      return later > 0 || (later === 0 && compare(at, than) < 0);
    }

    const isPlaced = !Number.isNaN(kmEast) && !Number.isNaN(longitude);
    const slope = isPlaced ? slopeOf(places) : { east: 0, north: 0 };
    const ranked = heaviest(places.count, maxChosen, (a, b) => {
      if (wanted !== undefined) {
        const first = Number(isWanted(given[b]!)) - Number(isWanted(given[a]!));
        if (first !== 0) return first < 0;
      }
      return weight[a]! > weight[b]! || (weight[a]! === weight[b]! && compare(given[a]!, given[b]!) < 0);
    });
    if (wanted !== undefined) raiseWanted(ranked);
    let total = 0;
    for (const k of ranked) total += weight[k]!;
    const chosen =
      total > 0
        ? ranked.map((k) => adjusted(given[k]!, weight[k]! / total, moveAlong(slope, east[k]!, north[k]!)))
        : [];

    /** A wanted sale has at least the median say of the others. */
    function raiseWanted(best: number[]): void {
      const others = best.filter((k) => !isWanted(given[k]!));
      const median = others.length === 0 ? 0 : weight[others[Math.floor(others.length / 2)]!]!;
      for (const k of best) if (isWanted(given[k]!)) weight[k] = Math.max(weight[k]!, median);
      best.sort((a, b) => weight[b]! - weight[a]! || compare(given[a]!, given[b]!));
    }

    const newestSaleDate = newest > Number.NEGATIVE_INFINITY ? dateOf(newest) : null;
    const ownSale = own === -1 ? null : adjusted(own, 0, 0);
    if (chosen.length < minChosen) {
      const whyNot = `Only ${chosen.length} usable sales before ${asOf}; at least ${minChosen} are needed.`;
      return { ...empty, newestSaleDate, chosen, ownSale, whyNot };
    }
    return { asOf, newestSaleDate, annualTrend, chosen, ownSale, estimate: estimateFrom(chosen), whyNot: null };
  };
}

/** The first `most` of 0 … count − 1 in an order, by insertion: nearly all are turned away at the first look. */
function heaviest(count: number, most: number, isBefore: (a: number, b: number) => boolean): number[] {
  const best: number[] = [];
  for (let k = 0; k < count; k += 1) {
    let at = best.length;
    if (at === most) {
      if (most === 0 || !isBefore(k, best[at - 1]!)) continue;
      at -= 1;
    } else best.push(k);
    while (at > 0 && isBefore(k, best[at - 1]!)) {
      best[at] = best[at - 1]!;
      at -= 1;
    }
    best[at] = k;
  }
  return best;
}

const DAY_MS = 86_400_000;
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
