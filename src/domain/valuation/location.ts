import { type ColumnPlan, categoryOf, numberOf } from './columns.ts';
import { type HedonicModel, levelEffects, numberStrength, standardised } from './hedonic.ts';
import type { ValuationSubject } from './sale-record.ts';

const KM_PER_DEGREE = 111.32;

/** How alike two houses are, as coordinates of a space: what the local estimate measures distance in. */
export interface Metric {
  /** Middle of the market, degrees; null when too few sales have coordinates. */
  centre: { latitude: number; longitude: number } | null;
  /** Mean place of each postal code, for houses without coordinates. */
  postalPlaces: Record<string, { latitude: number; longitude: number }>;
  /** Numbers of the plan that count, with the length of one deviation. */
  traits: Array<{ column: number; length: number }>;
  /** Categories of the plan whose level's effect on the price counts; one tenth of the price is one unit of `length`. */
  effects: Array<{ column: number; length: number; effects: Record<string, number> }>;
}

/** Columns that tell where, not what. */
const PLACE_NUMBERS: ReadonlySet<string> = new Set(['latitude', 'longitude']);
const PLACE_CATEGORIES: ReadonlySet<string> = new Set(['zipCode', 'city', 'subdivision']);
const MOST_TRAITS = 8;
/** Length of one deviation of the strongest trait; the others' follow with the fourth root of their strength. */
const TRAIT_LENGTH = 0.6;
const LEAST_SHARE = 0.45;

/** Where the market lies. */
export type Places = Pick<Metric, 'centre' | 'postalPlaces'>;

/** Middle of the market and of its postal codes; no places where too few of the houses have coordinates. */
export function placesOf(subjects: readonly ValuationSubject[]): Places {
  const centre = centreOf(subjects);
  return { centre, postalPlaces: centre === null ? {} : meansByPostalCode(subjects) };
}

/** Learns from a fitted hedonic model which traits make houses alike, and how much. */
export function learnMetric(hedonic: HedonicModel, { centre, postalPlaces }: Places): Metric {
  const { plan } = hedonic;
  const strengths = plan.numbers
    .map((column, at) => ({ column: at, name: column.name, strength: numberStrength(hedonic, at) }))
    .filter(({ name }) => !PLACE_NUMBERS.has(name) && name !== 'effectiveAge')
    .sort((a, b) => b.strength - a.strength || a.column - b.column)
    .slice(0, MOST_TRAITS);
  const strongest = strengths[0]?.strength ?? 1;
  return {
    centre,
    postalPlaces,
    traits: strengths.map(({ column, strength }) => ({
      column,
      length: TRAIT_LENGTH * Math.max(LEAST_SHARE, (strength / strongest) ** 0.25),
    })),
    effects: effectColumns(hedonic, centre !== null),
  };
}

/** With coordinates the kind of house counts; without, the named places count as well, and more. */
function effectColumns(hedonic: HedonicModel, hasPlace: boolean): Metric['effects'] {
  return hedonic.plan.categories.flatMap((category, column) => {
    const isPlace = PLACE_CATEGORIES.has(category.name);
    if ((isPlace && hasPlace) || category.extra !== null) return [];
    const effects = Object.fromEntries(levelEffects(hedonic, category));
    return [{ column, length: isPlace ? 4 : 2.5, effects }];
  });
}

/** Coordinates of a subject in the metric. Kilometres of place first (two numbers when the market has coordinates). */
export function createPlacer(
  metric: Metric,
  plan: ColumnPlan,
): { dimensions: number; place: (subject: ValuationSubject, day: number, out: Float64Array) => boolean } {
  const places = metric.centre === null ? 0 : 2;
  const dimensions = places + metric.traits.length + metric.effects.length;
  return {
    dimensions,
    place(subject, day, out) {
      let at = 0;
      let isPlaced = true;
      if (metric.centre !== null) {
        const spot = placeOf(metric, subject);
        isPlaced = spot !== null;
        const { latitude, longitude } = spot ?? metric.centre;
        out[at] =
          (longitude - metric.centre.longitude) * KM_PER_DEGREE * Math.cos((metric.centre.latitude * Math.PI) / 180);
        out[at + 1] = (latitude - metric.centre.latitude) * KM_PER_DEGREE;
        at += 2;
      }
      for (const { column, length } of metric.traits) {
        const of = plan.numbers[column]!;
        const z = standardised(of, numberOf(of, subject, day));
        out[at] = Number.isNaN(z) ? 0 : z * length;
        at += 1;
      }
      for (const { column, length, effects } of metric.effects) {
        const level = categoryOf(plan.categories[column]!, subject);
        out[at] = level === null ? 0 : (effects[level] ?? 0) * length;
        at += 1;
      }
      return isPlaced;
    },
  };
}

/** The subject's coordinates, or its postal code's; null when neither is known. */
function placeOf(metric: Metric, subject: ValuationSubject): { latitude: number; longitude: number } | null {
  const { latitude, longitude, zipCode } = subject.facts;
  if (latitude !== null && longitude !== null) return { latitude, longitude };
  return zipCode === null ? null : (metric.postalPlaces[zipCode] ?? null);
}

function centreOf(subjects: readonly ValuationSubject[]): Metric['centre'] {
  let count = 0;
  let latitude = 0;
  let longitude = 0;
  for (const { facts } of subjects) {
    if (facts.latitude === null || facts.longitude === null) continue;
    count += 1;
    latitude += facts.latitude;
    longitude += facts.longitude;
  }
  if (count < 0.7 * subjects.length || count === 0) return null;
  return { latitude: latitude / count, longitude: longitude / count };
}

function meansByPostalCode(subjects: readonly ValuationSubject[]): Metric['postalPlaces'] {
  const sums = new Map<string, { count: number; latitude: number; longitude: number }>();
  for (const { facts } of subjects) {
    if (facts.zipCode === null || facts.latitude === null || facts.longitude === null) continue;
    const sum = sums.get(facts.zipCode) ?? { count: 0, latitude: 0, longitude: 0 };
    sums.set(facts.zipCode, {
      count: sum.count + 1,
      latitude: sum.latitude + facts.latitude,
      longitude: sum.longitude + facts.longitude,
    });
  }
  const places = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    places.map(([zip, { count, latitude, longitude }]) => [
      zip,
      { latitude: latitude / count, longitude: longitude / count },
    ]),
  );
}

/**
 * The part of a parcel number that its neighbours share: all but the last four characters (map page, plat or block in
 * most of the country's numbering). Null for short numbers and for addresses.
 */
export function parcelGroup(parcel: string | null): string | null {
  if (parcel === null || parcel.length < 7 || !/^[0-9A-Z]+$/i.test(parcel)) return null;
  return parcel.slice(0, -4);
}
