import { categoryOf, NUMBER_FACTS, numberOf } from './columns.ts';
import type { FeatureContext } from './features/feature.ts';
import { VALUATION_FEATURES } from './features/registry.ts';
import { levelEffects, modelWithout } from './hedonic.ts';
import type { MarketHistory, PastView } from './market-history.ts';
import { changedFacts, type ValuationSubject } from './sale-record.ts';

/** What the trees read: all but the features that are added to their output. */
const TREE_FEATURES = VALUATION_FEATURES.filter(({ isOffset }) => isOffset !== true);

/** Makes feature rows for one market: the same function for training and for serving. */
export interface FeatureRows {
  /**
   * In order: the registered features, the source's further columns (`extra:<column>`), what each category adds to the
   * price (`effect:<column>`), and the categories themselves (`category:<column>`, numbered by frequency).
   */
  names: string[];
  /** Positions of the categories: their numbers have no order. */
  categorical: number[];
  /** Positions of what the house itself states, without anything that past sales say. */
  plain: number[];
  /**
   * Writes the row of a house as of a day and returns what the past said. Reads sales strictly before the day only. What
   * the house lacks is imputed where hardly any training sale lacks it, else NaN.
   * @param except position of a training sale itself; −1 for any other house
   */
  write(subject: ValuationSubject, day: number, out: Float64Array, at: number, except?: number): PastView;
  /**
   * Writes the same row with NaN for what was imputed, for those who look at it.
   * @param past as `write` gave it
   */
  writeStated(
    subject: ValuationSubject,
    day: number,
    past: PastView,
    out: Float64Array,
    at: number,
    except?: number,
  ): void;
}

/** The feature rows of a market. */
export function createFeatureRows(history: MarketHistory): FeatureRows {
  const { hedonic, imputation, metric } = history.model;
  const { numbers, categories } = hedonic.full.plan;
  const middle = imputation.place.coordinates ? metric.centre : null;
  const extras = numbers.filter((column) => column.extra !== null);
  const effects = new Map(
    [hedonic.full, ...hedonic.folds].map((of) => [of, categories.map((category) => levelEffects(of, category))]),
  );
  const names = [
    ...TREE_FEATURES.map(({ name }) => name),
    ...extras.map(({ name }) => name),
    ...categories.map((category) => `effect:${category.extra ?? category.name}`),
    ...categories.map((category) => `category:${category.extra ?? category.name}`),
  ];
  const ofPast = new Set(TREE_FEATURES.filter(({ family }) => family === 'comparables').map(({ name }) => name));
  const codes = categories.map(({ levels }) => new Map(levels.map((level, code) => [level, code])));
  return {
    names,
    categorical: categories.map((_, c) => names.length - categories.length + c),
    plain: names.flatMap((name, at) => (ofPast.has(name) || name.startsWith('effect:') ? [] : [at])),
    write(subject, day, out, at, except = -1) {
      const house = history.impute(subject, day);
      const past = history.view(house, day, except);
      put(placed(house), day, past, out, at, except);
      return past;
    },
    writeStated: (subject, day, past, out, at, except = -1) => put(subject, day, past, out, at, except),
  };

  /** A house that nothing places stands in the middle for the trees; the past has no neighbours of it. */
  function placed(house: ValuationSubject): ValuationSubject {
    const { latitude, longitude } = house.facts;
    if (middle === null || (latitude !== null && longitude !== null)) return house;
    return { ...house, facts: changedFacts(house.facts, middle) };
  }

  function put(
    subject: ValuationSubject,
    day: number,
    past: PastView,
    out: Float64Array,
    at: number,
    except: number,
  ): void {
    const context: FeatureContext = {
      subject,
      facts: subject.facts,
      day,
      past,
      history,
      age: NUMBER_FACTS['age']!(subject.facts, day),
      effectiveAge: NUMBER_FACTS['effectiveAge']!(subject.facts, day),
    };
    let column = at;
    for (const feature of TREE_FEATURES) {
      out[column] = feature.compute(context);
      column += 1;
    }
    for (const extra of extras) {
      out[column] = numberOf(extra, subject, day);
      column += 1;
    }
    const known = effects.get(modelWithout(hedonic, except))!;
    categories.forEach((category, c) => {
      const level = categoryOf(category, subject);
      out[column + c] = level === null ? Number.NaN : (known[c]!.get(level) ?? Number.NaN);
      out[column + categories.length + c] = level === null ? Number.NaN : (codes[c]!.get(level) ?? Number.NaN);
    });
  }
}
