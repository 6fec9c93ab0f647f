import { ReosError } from '../domain/errors.ts';
import { categoryOf } from '../domain/valuation/columns.ts';
import { dayNumber } from '../domain/valuation/days.ts';
import { createFeatureRows } from '../domain/valuation/feature-row.ts';
import { buildMarketHistory, localValue, type PastView } from '../domain/valuation/market-history.ts';
import type { ValuationSubject } from '../domain/valuation/sale-record.ts';
import type { AvmModel, ExplainedValuation, FeatureContribution, Valuation } from '../domain/valuation/valuation.ts';
import { walkOf } from '../domain/valuation/walk.ts';
import { type ModelDocument, readArtifact } from './artifact.ts';
import { type Doubt, doubtsOf } from './doubts.ts';
import { baseOf, readerOf } from './ensemble.ts';
import { chanceWithin } from './intervals.ts';
import { leafShares } from './leaf-shares.ts';
import { type LightGbm, openLightGbm } from './lightgbm/lightgbm.ts';
import { seenOf } from './stated-doubts.ts';

/**
 * Opens a stored model for serving.
 * @param libraryPath of LightGBM, as the runtime finds it
 * @throws ReosError `validation` when the artefact is broken, `missing_part` when the library does not load
 */
export function openAvm(artifact: Buffer, libraryPath: string): AvmModel {
  return createAvm(readArtifact(artifact), openLightGbm(libraryPath));
}

/** Normal quantiles of the three intervals: how an unknown level of prices widens each. */
const LEVELS = { 50: 0.674, 80: 1.282, 90: 1.645 } as const;

/** A model learned from other features than this version makes would give wrong values without a word. */
function refuseOtherFeatures({ featureNames, market, version }: ModelDocument, names: readonly string[]): void {
  if (featureNames.length === names.length && featureNames.every((name, at) => name === names[at])) return;
  throw new ReosError(
    'validation',
    `The valuation model ${version} of ${market} was trained by another version of this program, with other features. Train it again: reos train.`,
    { details: { market, version } },
  );
}

/**
 * A model from its document.
 * @throws ReosError `validation` when it was learned from other features than this version makes
 */
export function createAvm(document: ModelDocument, lightgbm: LightGbm): AvmModel {
  const { blend, averages, intervals, shift, widening } = document;
  const history = buildMarketHistory(document.history, document.sales);
  const rows = createFeatureRows(history);
  const columns = rows.names.length;
  refuseOtherFeatures(document, rows.names);
  const members = document.members.map(({ kind, booster }) => ({ kind, booster: lightgbm.load(booster) }));
  const shape = { columns, plain: rows.plain };
  const size = lightgbm.load(intervals.booster);
  const newestSale = document.isDated ? (document.sales.at(-1)?.closeDate ?? null) : null;
  const seen = seenOf(document.sales, document.isDated);
  const { numbers, categories } = document.history.hedonic.full.plan;
  const hasPlace = document.history.metric.centre !== null;
  const readsArea = numbers.some(({ name }) => name === 'sqft');
  const one = new Float64Array(columns);
  const extraNames = [...numbers, ...categories].flatMap(({ extra }) => (extra === null ? [] : [extra]));

  function refusal(subject: ValuationSubject): string | null {
    const { sqft, latitude, longitude, zipCode } = subject.facts;
    const noArea = readsArea && !(sqft !== null && sqft > 0);
    const noPlace = hasPlace && (latitude === null || longitude === null) && zipCode === null;
    if (noArea && noPlace) {
      return 'Neither the living area nor the place (coordinates or postal code) is known: that is too little for a value.';
    }
    return null;
  }

  function interval(share: keyof typeof LEVELS, log: number, expected: number, { levelSpread }: Doubt) {
    const half = Math.hypot(intervals.halfWidths[share] * expected, LEVELS[share] * levelSpread);
    return { low: Math.exp(log - half), high: Math.exp(log + half) };
  }

  function finish(
    subject: ValuationSubject,
    { house }: PastView,
    asOf: string,
    log: number,
    sizeLog: number,
  ): Valuation {
    const doubt = doubtsOf(subject, dayOf(asOf), { history: document.history, widening, ...seen }, house);
    const expected = Math.exp(sizeLog) * doubt.factor;
    const value = Math.exp(log);
    return {
      value,
      log,
      intervals: {
        50: interval(50, log, expected, doubt),
        80: interval(80, log, expected, doubt),
        90: interval(90, log, expected, doubt),
      },
      confidence: chanceWithin(intervals.percentiles, Math.hypot(expected, doubt.levelSpread), Math.log(1.2)),
      asOf,
      modelVersion: document.version,
      notes: doubt.notes,
    };
  }

  const dayOf = (asOf: string) => (document.isDated ? dayNumber(asOf) : Number.NaN);

  function check(subject: ValuationSubject): void {
    const refused = refusal(subject);
    if (refused !== null) {
      throw new ReosError('validation', `${refused} State LivingArea, and Latitude and Longitude or PostalCode.`);
    }
  }

  /** The trees' shares summed, and the parts that stand beside them. */
  const assemble = (trees: number, past: PastView) =>
    trees + blend.local * localValue(past) + blend.hedonic * past.hedonic + past.level + shift;

  return {
    version: document.version,
    market: document.market,
    featureNames: rows.names,
    extraNames,
    newestSale,
    value(subject, asOf) {
      check(subject);
      const past = rows.write(subject, dayOf(asOf), one, 0);
      let trees = 0;
      const read = readerOf({ ...shape, values: one }, 0, 1);
      for (const { kind, booster } of members) {
        trees += blend[kind] * (booster.predictOne(read(kind)) + baseOf(kind, localValue(past), past.hedonic));
      }
      return finish(subject, past, asOf, assemble(trees, past), size.predictOne(one));
    },
    valueBatch(subjects, asOf, seeRow) {
      const answers = subjects.map((subject): Valuation | { refused: string } | null => {
        const refused = refusal(subject);
        return refused === null ? null : { refused };
      });
      const usable = walkOf(subjects).filter((at) => answers[at] === null);
      const values = new Float64Array(usable.length * columns);
      const day = dayOf(asOf);
      const pasts = usable.map((at, row) => rows.write(subjects[at]!, day, values, row * columns));
      if (seeRow !== undefined) {
        for (const [row, at] of usable.entries()) {
          seeRow(at, () => {
            rows.writeStated(subjects[at]!, day, pasts[row]!, one, 0);
            return one;
          });
        }
      }
      const trees = new Float64Array(usable.length);
      const sizes = usable.length === 0 ? trees : size.predict(values, usable.length);
      const read = readerOf({ ...shape, values }, 0, usable.length);
      for (const { kind, booster } of usable.length === 0 ? [] : members) {
        const raw = booster.predict(read(kind), usable.length);
        for (const [i, past] of pasts.entries()) {
          trees[i] = trees[i]! + blend[kind] * (raw[i]! + baseOf(kind, localValue(past), past.hedonic));
        }
      }
      usable.forEach((at, row) => {
        const past = pasts[row]!;
        answers[at] = finish(subjects[at]!, past, asOf, assemble(trees[row]!, past), sizes[row]!);
      });
      return answers.map((answer) => answer!);
    },
    explain(subject, asOf): ExplainedValuation {
      check(subject);
      const past = rows.write(subject, dayOf(asOf), one, 0);
      const sizeLog = size.predictOne(one);
      const parts = new Float64Array(columns);
      let base = shift + averages.level;
      let [fromLocal, fromHedonic] = [blend.local, blend.hedonic];
      const read = readerOf({ ...shape, values: one }, 0, 1);
      for (const { kind, booster } of members) {
        const share = blend[kind];
        const contributions = booster.contributions(read(kind), 1);
        const last = contributions.length - 1;
        for (let c = 0; c < last; c += 1) {
          const at = kind === 'onLocal' ? c : rows.plain[c]!;
          parts[at] = parts[at]! + share * contributions[c]!;
        }
        base += share * contributions[last]!;
        if (kind === 'onLocal') fromLocal += share;
        if (kind === 'onHedonic') fromHedonic += share;
      }
      base += fromLocal * averages.local + fromHedonic * averages.hedonic;
      const named = new Map(rows.names.map((name, c) => [name, parts[c]!]));
      const add = (name: string, part: number) => named.set(name, (named.get(name) ?? 0) + part);
      add('local_value', fromLocal * (localValue(past) - averages.local));
      add('hedonic_value', fromHedonic * (past.hedonic - averages.hedonic));
      add('price_level', past.level - averages.level);
      rows.writeStated(subject, dayOf(asOf), past, one, 0);
      const log = base + [...named.values()].reduce((sum, part) => sum + part, 0);
      const contributions: FeatureContribution[] = [...named]
        .map(([feature, contribution]) => ({ feature, value: shown(feature, past), contribution }))
        .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.feature < b.feature ? -1 : 1));
      return { ...finish(subject, past, asOf, log, sizeLog), base, contributions };

      function shown(feature: string, of: PastView): number | string | null {
        if (feature === 'price_level') return of.level;
        const category = /^(?:effect|category):(.*)$/s.exec(feature)?.[1];
        if (category !== undefined) return categoryText(category, subject);
        const value = one[rows.names.indexOf(feature)]!;
        return Number.isNaN(value) ? null : value;
      }
    },
    featureRow(subject, asOf) {
      const row = new Float64Array(columns);
      rows.write(subject, dayOf(asOf), row, 0);
      return row;
    },
    leafShares(subject, others, asOf) {
      const all = [subject, ...others];
      const values = new Float64Array(all.length * columns);
      const day = dayOf(asOf);
      for (const [i, house] of all.entries()) rows.write(house, day, values, i * columns);
      const shares = leafShares(members, all.length, readerOf({ ...shape, values }, 0, all.length));
      const isKnown = refusal(subject) === null;
      return shares.map((share, i) => (isKnown && refusal(others[i]!) === null ? share : Number.NaN));
    },
    free() {
      for (const { booster } of members) booster.free();
      size.free();
    },
  };

  function categoryText(name: string, subject: ValuationSubject): string | null {
    const found = categories.find((category) => (category.extra ?? category.name) === name);
    return found === undefined ? null : categoryOf(found, subject);
  }
}
