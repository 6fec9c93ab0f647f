import { meanAround, medianAround, nearestAround } from './around.ts';
import { dayNumber } from './days.ts';
import { type CrossFitted, hedonicEstimator, modelWithout } from './hedonic.ts';
import { createImputer, type Imputation, type Impute } from './imputation.ts';
import { buildKdTree, createFound, findNearest, type KdTree, type NearestFound } from './kd-tree.ts';
import { createKrigingScratch, krige, type LocalEstimate } from './kriging.ts';
import { createPlacer, type Metric, parcelGroup } from './location.ts';
import { buildPastGroups, type PastGroups, pastMean } from './past-groups.ts';
import { buildPriceIndex, countBefore, type PriceIndex, priceLevel } from './price-index.ts';
import type { SaleRecord, ValuationSubject } from './sale-record.ts';

/** How one local estimate measures and weighs. */
export interface LocalSettings {
  /** Kilometres that count as one step. */
  kilometres: number;
  /** Times the traits' lengths are divided by: above 1, unlike houses nearby have more say. */
  spread: number;
  /** Variance of a single sale against that of the surface. */
  noise: number;
  /** Nearest sales looked at. */
  neighbours: number;
}

/** What a market's past is read with; all learned from the training part. */
export interface HistoryModel {
  hedonic: CrossFitted;
  imputation: Imputation;
  metric: Metric;
  bandwidthDays: number;
  /** Near (place decides) and wide (likeness decides). */
  locals: { near: LocalSettings; wide: LocalSettings };
  /** Robust spread of the hedonic model's residuals, logarithm. */
  residualScale: number;
}

/** What the past says about a house on a day. Logarithms of dollars, or differences of them. */
export interface PastView {
  /** The house as it was judged: with what was imputed. */
  house: ValuationSubject;
  /** Sales that count: those strictly before the day. */
  sales: number;
  hedonic: number;
  level: number;
  near: LocalEstimate;
  wide: LocalEstimate;
  /** Mean logarithm of living area of the near neighbours; NaN without. */
  neighbourLogSqft: number;
  /** Median logarithm of price per square foot, at the present level, of the near neighbours; NaN without. */
  neighbourLogPricePerSqft: number;
  /** Distance in the near metric to the nearest sale; NaN without. */
  nearestDistance: number;
  parcelGroup: { mean: number; count: number };
  postalCode: { mean: number; count: number };
  subdivision: { mean: number; count: number };
}

/** Hedonic value and the mean of the two local premiums: what the trees' last correction starts from. */
export const localValue = ({ hedonic, near, wide }: PastView): number => hedonic + (near.premium + wide.premium) / 2;

/**
 * Past sales of a market, asked as of a day. Nothing in it can see a sale of that day or later, and a house's own sales are
 * no comparables of it: a house that sells twice in a short time was mostly improved between, and a value built on the
 * price that it is later held against proves nothing.
 */
export interface MarketHistory {
  model: HistoryModel;
  count: number;
  /** What a house likely has that it does not state: it is judged with that. */
  impute: Impute;
  /**
   * @param subject as `impute` gives it
   * @param except position of a training sale itself: it is judged by a model without it; −1 for any other house
   */
  view(subject: ValuationSubject, day: number, except?: number): PastView;
}

/** Tuning constant of Huber's estimator, in spreads (95% efficiency for normal errors). */
const HUBER = 1.345;
/** Residuals beyond so many spreads are held there: one wild price does not colour its neighbours. */
const WILD = 3.5;
/** Squared distance between houses of different plats; and of different named places where there are no coordinates. */
const OTHER_GROUP = 0.36;

/**
 * Puts the sales in their order of time and everything beside them that later questions need.
 * @param stated the sales, sorted by close date; all with one or none with one
 */
export function buildMarketHistory(model: HistoryModel, stated: readonly SaleRecord[]): MarketHistory {
  const count = stated.length;
  const days = Float64Array.from(stated, (sale) => dayNumber(sale.closeDate));
  const impute = createImputer(model.hedonic.full.plan, model.imputation, model.metric);
  const sales = stated.map((sale, i) => impute(sale, days[i]!));
  const estimators = new Map([model.hedonic.full, ...model.hedonic.folds].map((of) => [of, hedonicEstimator(of)]));
  /** A training sale is judged by a model that has not learned from it. */
  const estimate = (subject: ValuationSubject, day: number, position: number) =>
    estimators.get(modelWithout(model.hedonic, position))!(subject, day);
  const logs = Float64Array.from(sales, (sale) => Math.log(sale.closePrice));
  const beyond = logs.map((log, i) => log - estimate(sales[i]!, days[i]!, i));
  // Held as tightly as the hedonic fit holds them: the level of the middle, not of the tails.
  const held = beyond.map((value) => clamp(value, HUBER * model.residualScale));
  const index: PriceIndex = buildPriceIndex(days, held, model.bandwidthDays);
  // Each sale is judged at the level that its own day could see, as it was when it closed.
  const limit = WILD * model.residualScale;
  const residuals = beyond.map((value, i) => clamp(value - priceLevel(index, days[i]!), limit));
  const levels = days.map((day) => priceLevel(index, day));
  const logSqft = Float64Array.from(sales, ({ facts }) =>
    facts.sqft !== null && facts.sqft > 0 ? Math.log(facts.sqft) : Number.NaN,
  );
  const near = createLocal(model, model.locals.near, sales, days);
  const wide = createLocal(model, model.locals.wide, sales, days);
  const groupsBy = (name: (sale: SaleRecord) => string | null): PastGroups =>
    buildPastGroups(sales.map(name), days, residuals);
  const plats = groupsBy((sale) => parcelGroup(sale.parcel));
  const postalCodes = groupsBy((sale) => sale.facts.zipCode);
  const subdivisions = groupsBy((sale) => sale.facts.subdivision);
  const room = new Float64Array(model.locals.near.neighbours);
  const isDated = count > 0 && !Number.isNaN(days[0]!);

  return {
    model,
    count,
    impute,
    view(subject, day, except = -1) {
      const limit = isDated ? countBefore(days, day) : count;
      const level = priceLevel(index, day);
      const nearEstimate = near.estimate(subject, day, limit, except, residuals);
      const around = near.found;
      return {
        house: subject,
        sales: limit,
        hedonic: estimate(subject, day, except),
        level,
        near: nearEstimate,
        neighbourLogSqft: meanAround(around, logSqft),
        neighbourLogPricePerSqft: medianAround(around, (at) => logs[at]! - levels[at]! + level - logSqft[at]!, room),
        nearestDistance: nearestAround(around),
        wide: wide.estimate(subject, day, limit, except, residuals),
        parcelGroup: pastMean(plats, parcelGroup(subject.parcel), day, except, residuals),
        postalCode: pastMean(postalCodes, subject.facts.zipCode, day, except, residuals),
        subdivision: pastMean(subdivisions, subject.facts.subdivision, day, except, residuals),
      };
    },
  };
}

const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value));

interface Local {
  found: NearestFound;
  estimate(
    subject: ValuationSubject,
    day: number,
    limit: number,
    except: number,
    residuals: Float64Array,
  ): LocalEstimate;
}

function createLocal(
  model: HistoryModel,
  settings: LocalSettings,
  sales: readonly SaleRecord[],
  days: Float64Array,
): Local {
  const { dimensions: base, place } = createPlacer(model.metric, model.hedonic.full.plan);
  const places = model.metric.centre === null ? 0 : 2;
  const dimensions = base + 1;
  const buffer = new Float64Array(base);
  const locate = (subject: ValuationSubject, day: number, out: Float64Array, at: number): boolean => {
    const isPlaced = place(subject, day, buffer);
    // The day before the traits: what sets most sales apart comes first, so that the search is done with them soon.
    for (let d = 0; d < places; d += 1) out[at + d] = buffer[d]! / settings.kilometres;
    out[at + places] = Number.isNaN(day) ? 0 : day / 365.25;
    for (let d = places; d < base; d += 1) out[at + d + 1] = buffer[d]! / settings.spread;
    return isPlaced;
  };
  const points = new Float64Array(sales.length * dimensions);
  const isUnplaced = new Uint8Array(sales.length);
  sales.forEach((sale, i) => {
    isUnplaced[i] = locate(sale, days[i]!, points, i * dimensions) ? 0 : 1;
  });
  const tree: KdTree = buildKdTree(points, dimensions);
  const { code, codes } = encodeGroups(sales, places === 0);
  const kinds = code.length;
  const parcels = numberNames(sales, ({ parcel }) => parcel);
  let ownCode = -1;
  const names = { codes, otherSquare: OTHER_GROUP };
  const query = new Float64Array(dimensions);
  const wanted = new Int32Array(kinds);
  const found = createFound(settings.neighbours);
  const scratch = createKrigingScratch(settings.neighbours, dimensions, kinds);
  const extra = (position: number) => {
    if (ownCode !== -1 && parcels.codes[position] === ownCode) return Number.POSITIVE_INFINITY;
    if (isUnplaced[position] === 1) return 4;
    let square = 0;
    for (let g = 0; g < kinds; g += 1) {
      if (codes[g]![position] !== wanted[g] || wanted[g] === -1) square += OTHER_GROUP;
    }
    return square;
  };
  return {
    found,
    estimate(subject, day, limit, except, residuals) {
      if (!locate(subject, day, query, 0)) {
        found.count = 0;
        return { premium: 0, doubt: 1 };
      }
      for (let g = 0; g < kinds; g += 1) wanted[g] = code[g]!(subject);
      ownCode = parcels.code(subject);
      findNearest(tree, query, limit, except, extra, found);
      return krige(tree, found, residuals, settings.noise, names, scratch);
    },
  };
}

/** Numbers for the names that houses share: the plat always; postal code and subdivision where nothing else tells the place. */
function encodeGroups(sales: readonly SaleRecord[], withPlaces: boolean) {
  const namers: Array<(subject: ValuationSubject) => string | null> = [
    (subject) => parcelGroup(subject.parcel),
    ...(withPlaces
      ? [
          (subject: ValuationSubject) => subject.facts.zipCode,
          (subject: ValuationSubject) => subject.facts.subdivision,
          (subject: ValuationSubject) => subject.facts.propertySubType,
        ]
      : []),
  ];
  const numbered = namers.map((name) => numberNames(sales, name));
  return { code: numbered.map(({ code }) => code), codes: numbered.map(({ codes }) => codes) };
}

/** A number per name, in the order of the sales; −1 for none and for names that no sale has. */
function numberNames(sales: readonly SaleRecord[], name: (subject: ValuationSubject) => string | null) {
  const table = new Map<string, number>();
  const codes = Int32Array.from(sales, (sale) => {
    const text = name(sale);
    if (text === null) return -1;
    const known = table.get(text) ?? table.size;
    table.set(text, known);
    return known;
  });
  return { codes, code: (subject: ValuationSubject) => table.get(name(subject) ?? '') ?? -1 };
}
