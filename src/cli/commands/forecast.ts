import { readSalePrices } from '../../db/queries/sales-data.ts';
import { withTenant } from '../../db/tenant.ts';
import { forecastMarket } from '../../domain/valuation/market-forecast.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { wholeOption } from '../train-options.ts';
import { onRegistry } from './models.ts';

/** `reos forecast`: where a county's prices are going, with intervals and what such intervals were worth. */
export const forecast: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description("Forecast a county's prices from the stored sales, with intervals tested on its own past")
      .requiredOption('--county <slug>', 'county, such as king-wa')
      .option('--months <n>', 'months ahead, 1 to 36', '12')
      .addHelpText('after', '\nExample:\n  $ reos forecast --county king-wa --months 6'),
  run: (context, _args, options) =>
    onRegistry(context, async (system, tenantId) => {
      const county = (await system.counties()).find(String(options.county));
      const months = wholeOption('--months', options.months, 1, 36) ?? 12;
      const sales = await withTenant(system.db, tenantId, (trx) => readSalePrices(trx, county.fips));
      const result = forecastMarket(
        sales.map(({ closeDate, closePriceCents, sqft }) => ({ closeDate, price: closePriceCents / 100, sqft })),
        months,
      );
      const percent = (share: number) => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}%`;
      const rows = result.available
        ? result.forecast.map((row) => ({
            month: row.month,
            '$/sqft': row.price_per_sqft.toFixed(0),
            change: percent(row.change),
            '80%': `${percent(row.change_low)} to ${percent(row.change_high)}`,
          }))
        : [];
      const text = [
        ...(rows.length > 0 ? [table(rows, ['month', '$/sqft', 'change', '80%']), ''] : []),
        `${county.name}, ${county.state}: ${result.statement}`,
      ];
      context.output.answer({ county: county.slug, ...result }, text.join('\n'));
    }),
};
