import { basename, resolve } from 'node:path';
import type { MarketLoadResult } from '../../activities/market/load.ts';
import { messageOf } from '../../domain/errors.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';

/** `reos market load FILE…`: published figures and own feeds, recognised by what is in them. */
export const marketLoad: Verb = {
  localOnly: 'It reads files of this machine: run it where the installation is, or drop the files into its folder.',
  describe: (command) =>
    command
      .description('Load market files: Redfin, Zillow, FRED, Case-Shiller, FHFA, or one of the eight own feeds')
      .argument('<files...>', 'CSV, TSV, JSON lines or Parquet; also .gz')
      .option('--feed <name>', 'the feed, where the columns fit two')
      .option('--segment <name>', 'segment of a Zillow file that is of one kind of home, where its name does not tell')
      .option('--metric <name>', 'what a Zillow file measures, where its name does not tell')
      .option('--series <id>', 'the series of a FRED file whose column is called VALUE, where its name does not tell')
      .option('--dry-run', 'read and check everything, keep nothing')
      .addHelpText('after', '\nExample:\n  $ reos market load us_national_market_tracker.tsv.gz MORTGAGE30US.csv'),
  run: (context, files, options) =>
    useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const { loadMarketFile } = await import('../../activities/market/load.ts');
      const results: Array<MarketLoadResult | { file: string; status: 'failed'; message: string }> = [];
      for (const file of files) {
        const text = (name: string) => (options[name] === undefined ? undefined : String(options[name]));
        try {
          const request = {
            tenantId: tenant.id,
            path: resolve(file),
            name: basename(file),
            feed: text('feed'),
            segment: text('segment'),
            metric: text('metric'),
            series: text('series'),
            isDryRun: options.dryRun === true,
          };
          results.push(await loadMarketFile({ db: system.db, clock: () => new Date() }, request));
        } catch (error) {
          // One file alone fails as itself; of several, the others are still loaded.
          if (files.length === 1) throw error;
          results.push({ file: basename(file), status: 'failed', message: messageOf(error) });
        }
      }
      context.output.answer({ files: results }, results.map(textOf).join('\n\n'));
      return results.some(({ status }) => status === 'failed') ? 1 : 0;
    }),
};

/** A result as text for a person. */
function textOf(result: MarketLoadResult | { file: string; status: 'failed'; message: string }): string {
  if (!('gate' in result)) return `${result.file}: ${result.message}`;
  const head = `${result.file}: ${result.layout === 'feed' ? result.feed : result.layout}`;
  if (result.status === 'repeated') return `${head}: ${result.message}`;
  const counts = [
    `${result.rows_read} rows`,
    `${result.values} values`,
    `${result.inserted} new`,
    `${result.changed} changed`,
    `${result.unchanged} as before`,
    `${result.rows_rejected} rows refused`,
    `${result.values_missing} left open`,
  ];
  return [
    `${head}${result.status === 'dry_run' ? ' (dry run: nothing was kept)' : ''}`,
    `  ${counts.join(', ')}; ${result.data_from ?? '?'} to ${result.data_to ?? '?'}`,
    ...result.mapping.map(({ column, as }) => `  ${column} → ${as}`),
    ...result.notes.map((note) => `  note: ${note}`),
    ...result.gate.filter((check) => check.result !== 'pass').map((check) => `  ${check.result}: ${check.message}`),
    ...result.problems.map(({ row, reasons }) => `  ${row}: ${reasons.join('; ')}`),
    ...(result.message === null ? [] : [`  ${result.message}`]),
  ].join('\n');
}
