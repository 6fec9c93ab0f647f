import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { wholeOption } from '../train-options.ts';

interface Forecast {
  figure: string;
  unit: string;
  statement: string;
  available: boolean;
  method: string | null;
  mae: Record<string, number | null> | null;
  forecast: Array<{ period: string; value: number; low: number; high: number }>;
}

/** `reos market forecast MARKET`: price, days on market and sales of the periods to come. */
export const marketForecast: ApiVerb = {
  describe: (command) =>
    command
      .description('Forecast price, days on market and sales of a market, with intervals tested on its own past')
      .argument('<market>', 'as the feeds name it')
      .option('--segment <name>', 'segment of the market', 'all')
      .option('--grain <word>', 'week, month or quarter; the shortest that there is')
      .option('--horizon <n>', 'periods ahead, 1 to 24', '6')
      .option('--as-of <day>', 'as of this day, looking at nothing newer')
      .addHelpText('after', '\nExample:\n  $ reos market forecast "Phoenix, AZ" --horizon 12'),
  async ask({ api, output }, [market = ''], options) {
    const query = {
      market,
      segment: String(options.segment),
      horizon: wholeOption('--horizon', options.horizon, 1, 24) ?? 6,
      ...(options.grain === undefined ? {} : { grain: String(options.grain) }),
      ...(options.asOf === undefined ? {} : { as_of: String(options.asOf) }),
    };
    const get = api.GET as unknown as (path: string, request: object) => Promise<{ data?: unknown }>;
    const answer = (await take(get('/api/v1/intelligence/forecasts', { params: { query } }))) as unknown as Record<
      string,
      unknown
    > & { forecasts: Forecast[]; notes: string[]; grain: string | null };
    const blocks = answer.forecasts.map((one) => {
      const rows = one.forecast.map(({ period, value, low, high }) => ({
        [answer.grain ?? 'period']: period,
        [one.unit]: figureOf(value),
        '80%': `${figureOf(low)} to ${figureOf(high)}`,
      }));
      const errors = Object.entries(one.mae ?? {}).map(
        ([name, error]) => `${name.replaceAll('_', ' ')} ${error === null ? 'unknown' : figureOf(error)}`,
      );
      return [
        `${one.figure.replaceAll('_', ' ')}: ${one.statement}`,
        ...(rows.length > 0 ? [table(rows, Object.keys(rows[0]!))] : []),
        ...(errors.length > 0 ? [`mean absolute error on its own past: ${errors.join(', ')}`] : []),
      ].join('\n');
    });
    output.answer(answer, [...blocks, ...answer.notes.map((note) => `note: ${note}`)].join('\n\n'));
  },
};

const figureOf = (value: number) =>
  value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 1_000 ? 1 : 0 });
