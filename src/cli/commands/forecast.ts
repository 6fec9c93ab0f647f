import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { wholeOption } from '../train-options.ts';

interface ForecastMonth {
  month: string;
  price_per_sqft: number;
  change: number;
  change_low: number;
  change_high: number;
}

/** `reos forecast`: where a county's prices are going, with intervals and what such intervals were worth. */
export const forecast: ApiVerb = {
  describe: (command) =>
    command
      .description("Forecast a county's prices from the stored sales, with intervals tested on its own past")
      .requiredOption('--county <slug>', 'county, such as king-wa')
      .option('--months <n>', 'months ahead, 1 to 36', '12')
      .addHelpText('after', '\nExample:\n  $ reos forecast --county king-wa --months 6'),
  async ask({ api, output }, _args, options) {
    const months = wholeOption('--months', options.months, 1, 36) ?? 12;
    const params = { query: { county: String(options.county), months } };
    const result = await take(api.GET('/api/v1/forecasts', { params }));
    const percent = (share: number) => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}%`;
    const rows = ((result['forecast'] ?? []) as ForecastMonth[]).map((row) => ({
      month: row.month,
      '$/sqft': row.price_per_sqft.toFixed(0),
      change: percent(row.change),
      '80%': `${percent(row.change_low)} to ${percent(row.change_high)}`,
    }));
    const lines = [
      ...(rows.length > 0 ? [table(rows, ['month', '$/sqft', 'change', '80%']), ''] : []),
      `${result.county}: ${result.statement}`,
    ];
    output.answer(result, lines.join('\n'));
  },
};
