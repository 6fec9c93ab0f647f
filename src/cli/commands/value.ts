import { resolve } from 'node:path';
import { loadRecipes } from '../../activities/discover/recipe-load.ts';
import { readHouseFile } from '../../activities/score/value-file.ts';
import type { PricePrediction as Prediction } from '../../activities/score/value-predict.ts';
import { ReosError } from '../../domain/errors.ts';
import { parseFactsLine, readStatedFacts, statedFactsOf } from '../../domain/valuation/stated-facts.ts';
import { type ApiClient, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import type { ApiVerb } from '../main.ts';
import { usd } from '../money.ts';
import { table } from '../output.ts';
import { dayOption } from '../train-options.ts';
import { checkId } from './lifecycle.ts';

/** Houses of a file in one request: less than the API takes, so that long rows fit as well. */
const HOUSES_AT_ONCE = 300;

/** `reos value`: what the market's model says of a house, of stated facts, or of a file of houses. */
export const value: ApiVerb = {
  describe: (command) =>
    command
      .description("Value a house by its market's model: value, intervals, confidence, and what made it")
      .option('--property <id>', 'a stored property')
      .option('--facts <list>', 'stated facts, such as sqft=1800,bedrooms=3,zip_code=98115')
      .option('--file <file>', 'a file of houses of any layout')
      .option('--county <slug>', 'market of --facts or --file, such as king-wa')
      .option('--market <name>', 'in place of --county: the market that a model is filed under (reos models list)')
      .option('--as-of <date>', 'value as of this day, YYYY-MM-DD; only sales before it are looked at')
      .option(
        '--explain',
        'show every contribution, not only the ten strongest; with --file, give contributions at all',
      )
      .addHelpText(
        'after',
        "\nExample:\n  $ reos value --facts 'sqft=1800,bedrooms=3,year_built=1990' --county king-wa",
      ),
  async ask(caller, _args, options) {
    const ways = [options.property, options.facts, options.file].filter((way) => way !== undefined).length;
    if (ways !== 1) throw new ReosError('validation', 'Say what to value by one of --property, --facts and --file.');
    const asOf = dayOption('--as-of', options.asOf);
    const at = asOf === undefined ? {} : { as_of: asOf };
    const isWhole = options.explain === true;
    const place = placeOf(options);
    if (options.file !== undefined) return valueFile(caller, String(options.file), { ...place, ...at }, isWhole);
    const { api, output } = caller;
    if (options.property !== undefined) {
      if ('market' in place) throw new ReosError('validation', '--property is valued by the model of its county.');
      const params = { path: { id: checkId(String(options.property)) }, query: at };
      const { error, ...found } = await take(api.GET('/api/v1/properties/{id}/valuation', { params }));
      if (error !== null) throw new ReosError('validation', error);
      output.answer(found, valuationText(found.market, found as unknown as Prediction, isWhole));
      return;
    }
    const stated = parseFactsLine(String(options.facts));
    const body = { ...place, ...at, explain: true, properties: [stated] };
    const { market, predictions } = await batchOf(api, body);
    const [prediction] = predictions;
    if (prediction === undefined || 'error' in prediction) {
      throw new ReosError('validation', prediction?.error ?? 'There is nothing to value.');
    }
    output.answer({ property_id: null, market, ...prediction }, valuationText(market, prediction, isWhole));
  },
};

interface Batch {
  market: string;
  as_of: string;
  predictions: Array<Prediction | { error: string }>;
}
type Place = { county?: string; market?: string; as_of?: string };

/** The market of stated houses: one of `--county` and `--market`. */
function placeOf({ county, market }: Record<string, unknown>): Pick<Place, 'county' | 'market'> {
  if (county !== undefined && market !== undefined) {
    throw new ReosError('validation', 'Say where the houses are by one of --county and --market.');
  }
  return {
    ...(county === undefined ? {} : { county: String(county) }),
    ...(market === undefined ? {} : { market: String(market) }),
  };
}

/** What the champion says of each house. */
async function batchOf(
  api: ApiClient,
  body: Place & { explain: boolean; properties: Array<Record<string, string | number | boolean>> },
): Promise<Batch> {
  return (await take(api.POST('/api/v1/predict/price', { body: body as never }))) as Batch;
}

async function valueFile({ api, output, settings }: Caller, file: string, place: Place, explain: boolean) {
  const houses = await readHouseFile(resolve(file), { recipes: await loadRecipes(settings.configDir) });
  const answers = new Map<number, Prediction | { error: string }>();
  const sound = houses.flatMap(({ line, subject }) => {
    const stated = statedFactsOf(subject);
    try {
      readStatedFacts(stated);
      return [{ line, stated }];
    } catch (error) {
      if (!(error instanceof ReosError)) throw error;
      answers.set(line, { error: error.message });
      return [];
    }
  });
  let market = place.market ?? place.county ?? '';
  let asOf = place.as_of ?? '';
  for (let from = 0; from < sound.length; from += HOUSES_AT_ONCE) {
    const some = sound.slice(from, from + HOUSES_AT_ONCE);
    const batch = await batchOf(api, { ...place, explain, properties: some.map(({ stated }) => stated) });
    ({ market, as_of: asOf } = batch);
    for (const [index, prediction] of batch.predictions.entries()) answers.set(some[index]!.line, prediction);
  }
  const values = houses.map(({ line, subject }) => ({ line, parcel: subject.parcel, ...answers.get(line)! }));
  const refused = values.filter((row) => 'error' in row).length;
  const shown = values.map((row) =>
    'error' in row
      ? { line: row.line, parcel: row.parcel, value: row.error }
      : {
          line: row.line,
          parcel: row.parcel,
          value: usd(row.predicted_price),
          '80%': range(row.interval),
          confidence: row.confidence.toFixed(2),
        },
  );
  const text = `${table(shown, ['line', 'parcel', 'value', '80%', 'confidence'])}\n\n${values.length - refused} valued as of ${asOf}, ${refused} not.`;
  output.answer({ market, as_of: asOf, count: values.length, refused, values }, text);
}

function valuationText(market: string, prediction: Prediction, isWhole: boolean): string {
  const { contributions, intervals, confidence, model_version: version } = prediction;
  const strongest = isWhole ? (contributions ?? []) : (contributions ?? []).slice(0, 10);
  const rows = strongest.map(({ feature, value: of, contribution }) => ({
    feature,
    value: typeof of === 'number' ? Number(of.toPrecision(7)) : (of ?? 'unknown'),
    effect: `${contribution >= 0 ? '+' : ''}${((Math.exp(contribution) - 1) * 100).toFixed(1)}%`,
  }));
  return [
    `${usd(prediction.predicted_price)} as of ${prediction.as_of} (${market}, model ${version})`,
    `50% ${range(intervals['50'])}, 80% ${range(intervals['80'])}, 90% ${range(intervals['90'])}`,
    `Within 20% of a sale price with probability ${confidence.toFixed(2)}.`,
    ...prediction.notes.map((note) => `note: ${note}`),
    '',
    `From ${usd(Math.exp(prediction.base ?? 0))}, the average house it learned from:`,
    table(rows, ['feature', 'value', 'effect']),
  ].join('\n');
}

const range = ({ low, high }: { low: number; high: number }): string => `${usd(low)} to ${usd(high)}`;
