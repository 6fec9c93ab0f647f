import type { ComparablesResult } from '../comparables.ts';
import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { estimateFrom } from '../scoring/value-estimate.ts';
import { type BringSale, growthOf, type ScoredSale } from './adjust.ts';
import { moveAlong, slopeOf } from './price-slope.ts';
import { type ComparableSubject, compareText } from './sale-match.ts';
import { AT, dayOf, type MeasuredSale, SALE_WIDTH, type SaleNumbers } from './sale-numbers.ts';
import { createWeighing, type NearSales, numbersOf, weighSales } from './weighing.ts';

export type { NearSales };

/** What a caller may ask for beyond the rules; see `ComparableOptions`. */
export interface Choice {
  maxChosen?: number | undefined;
  minChosen?: number | undefined;
  includeOwnSale?: boolean | undefined;
  wanted?: ReadonlySet<string> | undefined;
  /** What a sale's say is multiplied by, by its position: 1 leaves it. */
  share?: ((position: number) => number) | undefined;
}

/**
 * Makes the choice of comparables among sales, for one house after the other: which sales count, their say,
 * the local slope of prices, and the value. Nothing is allocated per sale but for those that are chosen, and the order of
 * the sales does not show in the result.
 * @param mostNear as many sales as are looked at for one house
 * @param bring makes a chosen sale of one that is known
 */
export function createChooser<Known extends MeasuredSale, Chosen extends ScoredSale>(
  table: SaleNumbers<Known>,
  asOf: string,
  annualTrend: number,
  mostNear: number,
  bring: BringSale<Known, Chosen>,
) {
  const { sales } = table;
  const market = { today: dayOf(asOf), growth: growthOf(annualTrend) };
  const weighing = createWeighing(mostNear);
  const { places, given } = weighing;
  const { east, north, weight } = places;

  return (subject: ComparableSubject, near: NearSales, choice: Choice = {}): ComparablesResult<Chosen> => {
    const { maxChosen = K.maxChosen, minChosen = K.minChosen, wanted, share } = choice;
    const { positions, metres } = near;
    const empty = { asOf, newestSaleDate: null, annualTrend, chosen: [], ownSale: null, estimate: null };
    const numbers = numbersOf(subject, table);
    if (Number.isNaN(numbers.sqft)) return { ...empty, whyNot: 'The living area is not known.' };
    const isWanted = wanted === undefined ? undefined : (at: number) => wanted.has(sales[positions[at]!]!.propertyId);
    weighSales(table, near, numbers, market, weighing, { isWanted, includeOwn: choice.includeOwnSale });
    const { own, newest } = weighing;
    if (share !== undefined) {
      for (let k = 0; k < places.count; k += 1) weight[k] = weight[k]! * share(positions[given[k]!]!);
    }
    const isPlaced = !Number.isNaN(numbers.latitude) && !Number.isNaN(numbers.longitude);
    const slope = isPlaced ? slopeOf(places) : { east: 0, north: 0 };
    /** Ties of say by id, date, price and distance. */
    const compare = (a: number, b: number) => {
      const [one, other] = [sales[positions[given[a]!]!]!, sales[positions[given[b]!]!]!];
      return (
        compareText(one.propertyId, other.propertyId) ||
        compareText(one.closeDate, other.closeDate) ||
        one.closePriceCents - other.closePriceCents ||
        metres[given[a]!]! - metres[given[b]!]!
      );
    };
    const ranked =
      isWanted === undefined
        ? heaviest(weight, places.count, maxChosen, compare)
        : withWanted(weight, places.count, maxChosen, compare, (k) => isWanted(given[k]!));
    let total = 0;
    for (const k of ranked) total += weight[k]!;
    const brought = (at: number, ownWeight: number, move: number): Chosen => {
      const i = positions[at]!;
      return bring(subject, sales[i]!, {
        growth: market.growth,
        distanceMetres: metres[at]!,
        ageDays: market.today - table.numbers[i * SALE_WIDTH + AT.day]!,
        weight: ownWeight,
        move,
      });
    };
    const chosen: Chosen[] = [];
    for (const k of total > 0 ? ranked : []) {
      chosen.push(brought(given[k]!, weight[k]! / total, moveAlong(slope, east[k]!, north[k]!)));
    }
    const newestSaleDate = newest > Number.NEGATIVE_INFINITY ? dateOf(newest) : null;
    const ownSale = own === -1 ? null : brought(own, 0, 0);
    if (chosen.length < minChosen) {
      const whyNot = `Only ${chosen.length} usable sales before ${asOf}; at least ${minChosen} are needed.`;
      return { ...empty, newestSaleDate, chosen, ownSale, whyNot };
    }
    return { asOf, newestSaleDate, annualTrend, chosen, ownSale, estimate: estimateFrom(chosen), whyNot: null };
  };
}

type Compare = (a: number, b: number) => number;

/** The `most` heaviest of 0 … count − 1, heaviest first, by insertion: nearly all are turned away at the first look. */
function heaviest(weight: Float64Array, count: number, most: number, compare: Compare): number[] {
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k += 1) {
    const own = weight[k]!;
    if (own < least) continue;
    let at = best.length;
    if (at < most) best.push(k);
    else if (most === 0 || (own === least && compare(k, best[at - 1]!) >= 0)) continue;
    else at -= 1;
    for (; at > 0; at -= 1) {
      const other = best[at - 1]!;
      if (weight[other]! > own || (weight[other]! === own && compare(other, k) <= 0)) break;
      best[at] = other;
    }
    best[at] = k;
    if (best.length === most) least = weight[best[most - 1]!]!;
  }
  return best;
}

/** The same with wanted sales before all others; each has at least the median say of the others, and weighs so from then on. */
function withWanted(
  weight: Float64Array,
  count: number,
  most: number,
  compare: Compare,
  isWanted: (k: number) => boolean,
): number[] {
  const byWeight = (a: number, b: number) => weight[b]! - weight[a]! || compare(a, b);
  const best = Array.from({ length: count }, (_, k) => k)
    .sort((a, b) => Number(isWanted(b)) - Number(isWanted(a)) || byWeight(a, b))
    .slice(0, most);
  const others = best.filter((k) => !isWanted(k));
  const median = others.length === 0 ? 0 : weight[others[Math.floor(others.length / 2)]!]!;
  for (const k of best) if (isWanted(k)) weight[k] = Math.max(weight[k]!, median);
  return best.sort(byWeight);
}

const DAY_MS = 86_400_000;
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
