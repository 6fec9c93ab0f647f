import type { Valuation } from '../domain/valuation/valuation.ts';
import { valueByBaselines } from './baselines.ts';
import { type Chosen, chooseSettings, type SearchOptions } from './choose-settings.ts';
import { documentOf, type Fitted, fitModel } from './fit-model.ts';
import type { LightGbm } from './lightgbm/lightgbm.ts';
import { createAvm } from './model.ts';
import type { Rotation } from './rotations.ts';

/** A model of the sales before a held-out part, and what it and the baselines say of that part. */
export interface Trial {
  chosen: Chosen;
  fitted: Fitted;
  /** Of the held-out sales, in their order; of all when none are held out. */
  valuations: Valuation[];
  /** Dollars per held-out sale, by baseline. */
  baselines: Record<string, Float64Array>;
}

/** Chooses and fits everything on a turn's training part and values what it holds out. */
export async function tryTurn(
  lightgbm: LightGbm,
  { sales, to, positions }: Rotation,
  isDated: boolean,
  options: SearchOptions & { market: string },
): Promise<Trial> {
  const { onProgress = () => undefined } = options;
  const chosen = await chooseSettings(lightgbm, sales, to, isDated, options);
  onProgress('fitting on the training part');
  const fitted = await fitModel(lightgbm, sales, to, isDated, chosen, options);
  const valuations = valueHeldOut(lightgbm, sales, to, isDated, fitted, options.market);
  onProgress('training the baselines');
  const baselines = positions.length === 0 ? {} : await valueByBaselines(lightgbm, sales, to);
  return { chosen, fitted, valuations, baselines };
}

/** What the fitted model says of the held-out sales (of all, when none are held out), each as of its day. */
function valueHeldOut(
  lightgbm: LightGbm,
  sales: Rotation['sales'],
  to: number,
  isDated: boolean,
  fitted: Fitted,
  market: string,
): Valuation[] {
  const known = isDated ? sales : sales.slice(0, to);
  const model = createAvm(documentOf(fitted, [...known], isDated, market, 'held-out'), lightgbm);
  try {
    const wanted = to === sales.length ? sales : sales.slice(to);
    return wanted.map((sale) => model.value(sale, sale.closeDate ?? '1970-01-01'));
  } finally {
    model.free();
  }
}

/** The baselines' values of all turns, one after the other. */
export function joined(trials: readonly Trial[]): Trial['baselines'] {
  const names = Object.keys(trials[0]?.baselines ?? {});
  return Object.fromEntries(
    names.map((name) => [name, Float64Array.from(trials.flatMap(({ baselines }) => [...baselines[name]!]))]),
  );
}
