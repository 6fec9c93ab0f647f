import { planColumns } from '../domain/valuation/columns.ts';
import { dayNumber } from '../domain/valuation/days.ts';
import { fitHedonic, hedonicEstimator } from '../domain/valuation/hedonic.ts';
import { createImputer, learnImputation } from '../domain/valuation/imputation.ts';
import { learnMetric, placesOf } from '../domain/valuation/location.ts';
import { buildMarketHistory, type HistoryModel, type LocalSettings } from '../domain/valuation/market-history.ts';
import { chooseBandwidth } from '../domain/valuation/price-index.ts';
import { medianOf } from '../domain/valuation/quantile.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { SearchTrial } from '../domain/valuation/training-result.ts';

/** What is set before anything is learned. */
export interface HistorySettings {
  /** Ridge penalty of the hedonic model, in rows. */
  penalty: number;
  near: LocalSettings;
  wide: LocalSettings;
}

export const NEIGHBOURS = 32;

/** Where the search of the local part starts. */
export const DEFAULT_HISTORY: HistorySettings = {
  penalty: 5,
  near: { kilometres: 1.5, spread: 1, noise: 0.4, neighbours: NEIGHBOURS },
  wide: { kilometres: 0.8, spread: 1.5, noise: 0.5, neighbours: NEIGHBOURS },
};

/** Learns a market's past model from the training sales, in their order of time. */
export function fitHistory(sales: readonly SaleRecord[], settings: HistorySettings): HistoryModel {
  const days = Float64Array.from(sales, (sale) => dayNumber(sale.closeDate));
  const logs = Float64Array.from(sales, (sale) => Math.log(sale.closePrice));
  const plan = planColumns(sales, days);
  const places = placesOf(sales);
  const imputation = learnImputation(plan, sales, days);
  const impute = createImputer(plan, imputation, places);
  const houses = sales.map((sale, i) => impute(sale, days[i]!));
  const hedonic = fitHedonic(plan, houses, days, logs, settings.penalty);
  const estimators = hedonic.folds.map(hedonicEstimator);
  const residuals = logs.map((log, i) => log - estimators[i % estimators.length]!(houses[i]!, days[i]!));
  const scale = 1.4826 * medianOf(residuals.map(Math.abs));
  return {
    hedonic,
    imputation,
    metric: learnMetric(hedonic.full, places),
    bandwidthDays: chooseBandwidth(days, scale),
    locals: { near: settings.near, wide: settings.wide },
    residualScale: Math.max(0.02, scale),
  };
}

/**
 * Tries settings of the two local estimates on the last part of the training sales, which the model for the trials has
 * not learned from, and keeps the best of each by mean absolute error of the logarithm.
 */
export function searchLocals(
  sales: readonly SaleRecord[],
  settings: HistorySettings,
  options: { validationFrom: number; trials: number; random: () => number; mostRows: number },
): { settings: HistorySettings; trials: SearchTrial[] } {
  const { validationFrom, random } = options;
  const base = fitHistory(sales.slice(0, validationFrom), settings);
  const trials: SearchTrial[] = [];
  const step = Math.max(1, Math.ceil((sales.length - validationFrom) / options.mostRows));
  const best = {
    near: { loss: Number.POSITIVE_INFINITY, settings: settings.near },
    wide: { loss: Number.POSITIVE_INFINITY, settings: settings.wide },
  };
  for (let trial = 0; trial < Math.max(1, options.trials); trial += 1) {
    const tried =
      trial === 0 ? settings : { ...settings, near: vary(settings.near, random), wide: vary(settings.wide, random) };
    const loss = localLoss({ ...base, locals: { near: tried.near, wide: tried.wide } }, sales, validationFrom, step);
    for (const part of ['near', 'wide'] as const) {
      const { kilometres, spread, noise } = tried[part];
      trials.push({
        trial,
        part: `local ${part}`,
        parameters: { kilometres, spread, noise },
        loss: loss[part],
        chosen: false,
      });
      if (loss[part] < best[part].loss) best[part] = { loss: loss[part], settings: tried[part] };
    }
  }
  for (const trial of trials) {
    const part = trial.part === 'local near' ? 'near' : 'wide';
    trial.chosen = trial.loss === best[part].loss;
  }
  return { settings: { ...settings, near: best.near.settings, wide: best.wide.settings }, trials };
}

/** Settings within a factor of about two of the given ones. */
function vary(settings: LocalSettings, random: () => number): LocalSettings {
  const factor = (spread: number) => Math.exp((random() * 2 - 1) * Math.log(spread));
  const round = (value: number) => Number(value.toPrecision(3));
  return {
    ...settings,
    kilometres: round(settings.kilometres * factor(2)),
    spread: round(settings.spread * factor(1.6)),
    noise: round(settings.noise * factor(2)),
  };
}

function localLoss(model: HistoryModel, sales: readonly SaleRecord[], from: number, step: number) {
  const history = buildMarketHistory(model, sales);
  let near = 0;
  let wide = 0;
  let count = 0;
  for (let i = from; i < sales.length; i += step) {
    const sale = sales[i]!;
    const past = history.view(sale, dayNumber(sale.closeDate), i);
    const truth = Math.log(sale.closePrice) - past.hedonic - past.level;
    near += Math.abs(truth - past.near.premium);
    wide += Math.abs(truth - past.wide.premium);
    count += 1;
  }
  return { near: near / count, wide: wide / count };
}
