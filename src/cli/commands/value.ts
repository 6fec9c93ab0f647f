import { resolve } from 'node:path';
import { loadRecipes } from '../../activities/discover/recipe-load.ts';
import { readHouseFile } from '../../activities/score/value-file.ts';
import { createModelCache } from '../../activities/score/value-models.ts';
import {
  type PredictAnswer,
  type PredictRequest,
  type PricePrediction,
  predictPrices,
} from '../../activities/score/value-predict.ts';
import { ReosError } from '../../domain/errors.ts';
import { parseFactsLine, readStatedFacts } from '../../domain/valuation/stated-facts.ts';
import { createAvmRoom } from '../../workers/avm.ts';
import { type CommandContext, chooseTenant, type OpenSystem, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { openModelStore } from '../model-store.ts';
import { table } from '../output.ts';
import { dayOption } from '../train-options.ts';
import { checkId } from './lifecycle.ts';

/** `reos value`: what the market's model says of a house, of stated facts, or of a file of houses. */
export const value: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description("Value a house by its market's model: value, intervals, confidence, and what made it")
      .option('--property <id>', 'a stored property')
      .option('--facts <list>', 'stated facts, such as sqft=1800,bedrooms=3,zip_code=98115')
      .option('--file <file>', 'a file of houses of any layout')
      .option('--county <slug>', 'market of --facts or --file, such as king-wa')
      .option('--as-of <date>', 'value as of this day, YYYY-MM-DD; only sales before it are looked at')
      .option(
        '--explain',
        'show every contribution, not only the ten strongest; with --file, give contributions at all',
      )
      .addHelpText(
        'after',
        "\nExample:\n  $ reos value --facts 'sqft=1800,bedrooms=3,year_built=1990' --county king-wa",
      ),
  run: (context, _args, options) => {
    const ways = [options.property, options.facts, options.file].filter((way) => way !== undefined).length;
    if (ways !== 1) throw new ReosError('validation', 'Say what to value by one of --property, --facts and --file.');
    const asOf = dayOption('--as-of', options.asOf);
    return useSystem(context, { services: false }, async (system) => {
      const ask = (request: PredictRequest) => predict(context, system, { ...request, asOf });
      const county = options.county as string | undefined;
      if (options.file !== undefined)
        return valueFile(context, String(options.file), county, options.explain === true, ask);
      const propertyId = options.property === undefined ? undefined : checkId(String(options.property));
      const subjects =
        options.facts === undefined ? undefined : [readStatedFacts(parseFactsLine(String(options.facts)))];
      const { market, predictions } = await ask({ propertyId, county, subjects, isExplained: true });
      const [prediction] = predictions;
      if (prediction === undefined || 'error' in prediction) {
        throw new ReosError('validation', prediction?.error ?? 'There is nothing to value.');
      }
      const object = { property_id: propertyId ?? null, market, ...prediction };
      context.output.answer(object, valuationText(market, prediction, options.explain === true));
      return undefined;
    });
  },
};

async function predict(context: CommandContext, system: OpenSystem, request: PredictRequest): Promise<PredictAnswer> {
  const tenant = await chooseTenant(context, system.db);
  const avm = createAvmRoom(context.settings, { onProgress: (message) => context.output.progress(message) });
  const models = createModelCache({
    storage: openModelStore(context.settings),
    avm,
    // Here an error is told by the command itself, and a first load may take its time.
    logger: context.logger.child({}, { level: 'silent' }),
    patienceMs: 600_000,
  });
  try {
    const counties = await system.counties();
    return await predictPrices({ db: system.db, models, counties, clock: () => new Date() }, tenant.id, request);
  } finally {
    models.close();
  }
}

async function valueFile(
  context: CommandContext,
  file: string,
  county: string | undefined,
  isExplained: boolean,
  ask: (request: PredictRequest) => Promise<PredictAnswer>,
): Promise<void> {
  const houses = await readHouseFile(resolve(file), { recipes: await loadRecipes(context.settings.configDir) });
  const { market, asOf, predictions } = await ask({
    county,
    subjects: houses.map(({ subject }) => subject),
    isExplained,
  });
  const values = predictions.map((prediction, at) => ({
    line: houses[at]!.line,
    parcel: houses[at]!.subject.parcel,
    ...prediction,
  }));
  const refused = values.filter((row) => 'error' in row).length;
  const shown = values.map((row) =>
    'error' in row
      ? { line: row.line, parcel: row.parcel, value: row.error }
      : {
          line: row.line,
          parcel: row.parcel,
          value: dollars(row.predicted_price),
          '80%': range(row.interval),
          confidence: row.confidence.toFixed(2),
        },
  );
  const text = `${table(shown, ['line', 'parcel', 'value', '80%', 'confidence'])}\n\n${values.length - refused} valued as of ${asOf}, ${refused} not.`;
  context.output.answer({ market, as_of: asOf, count: values.length, refused, values }, text);
}

function valuationText(market: string, prediction: PricePrediction, isWhole: boolean): string {
  const { contributions, intervals, confidence, model_version: version } = prediction;
  const strongest = isWhole ? (contributions ?? []) : (contributions ?? []).slice(0, 10);
  const rows = strongest.map(({ feature, value: of, contribution }) => ({
    feature,
    value: typeof of === 'number' ? Number(of.toPrecision(7)) : (of ?? 'unknown'),
    effect: `${contribution >= 0 ? '+' : ''}${((Math.exp(contribution) - 1) * 100).toFixed(1)}%`,
  }));
  return [
    `${dollars(prediction.predicted_price)} as of ${prediction.as_of} (${market}, model ${version})`,
    `50% ${range(intervals['50'])}, 80% ${range(intervals['80'])}, 90% ${range(intervals['90'])}`,
    `Within 20% of a sale price with probability ${confidence.toFixed(2)}.`,
    ...prediction.notes.map((note) => `note: ${note}`),
    '',
    `From ${dollars(Math.exp(prediction.base ?? 0))}, the average house it learned from:`,
    table(rows, ['feature', 'value', 'effect']),
  ].join('\n');
}

const dollars = (amount: number): string => `$${Math.round(amount).toLocaleString('en-US')}`;
const range = ({ low, high }: { low: number; high: number }): string => `${dollars(low)} to ${dollars(high)}`;
