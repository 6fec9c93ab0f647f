import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { share } from '../train-report.ts';

/** `reos scoreboard`: each valuation held against the sale that followed it. */
export const scoreboard: ApiVerb = {
  describe: (command) =>
    command
      .description('How valuations came true: each one against the sale that followed it, by county and model')
      .option('--county <slug>', 'one county, such as king-wa')
      .addHelpText('after', '\nExample:\n  $ reos scoreboard --county king-wa'),
  async ask({ api, output }, _args, options) {
    const query = options.county === undefined ? {} : { county: String(options.county) };
    const board = await take(api.GET('/api/v1/scoreboard', { params: { query } }));
    const rows = board.entries.map((entry) => ({
      county: entry.county,
      model: entry.is_shadow ? `${entry.version} (shadow)` : entry.version,
      sales: entry.count,
      'median error': share(entry.median_error),
      'within 10%': share(entry.within_10),
      'within 20%': share(entry.within_20),
      'held 50/80/90%': [entry.coverage_50, entry.coverage_80, entry.coverage_90].map(share).join(' / '),
      'median ratio': entry.median_ratio.toFixed(3),
    }));
    const columns = [
      'county',
      'model',
      'sales',
      'median error',
      'within 10%',
      'within 20%',
      'held 50/80/90%',
      'median ratio',
    ];
    const text = rows.length === 0 ? board.statement : `${table(rows, columns)}\n\n${board.statement}`;
    output.answer(board, text);
  },
};
