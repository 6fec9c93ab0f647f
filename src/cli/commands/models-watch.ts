import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { findModelId } from '../model-of.ts';
import { table } from '../output.ts';
import { share } from '../train-report.ts';

/** How a model did on sales, as the text needs it. */
interface Track {
  count: number;
  median_error: number;
  within_20: number;
  coverage_80: number;
}

/** `reos models compare`: champion and shadow on the sales that both had valued before. */
export const modelsCompare: ApiVerb = {
  describe: (command) =>
    command
      .description('Compare champion and shadow on the sales that closed after both had valued the house')
      .requiredOption('--market <name>', 'market, such as king-wa')
      .addHelpText('after', '\nExample:\n  $ reos models compare --market king-wa'),
  async ask({ api, output }, _args, options) {
    const query = { market: String(options.market) };
    const compared = await take(api.GET('/api/v1/models/compare', { params: { query } }));
    const rows = (['champion', 'shadow'] as const).map((place) => {
      const track = compared[place].track as Track | null;
      return {
        model: `${place} ${compared[place].version}`,
        sales: track?.count ?? 0,
        'median error': share(track?.median_error ?? null),
        'within 20%': share(track?.within_20 ?? null),
        '80% held': share(track?.coverage_80 ?? null),
      };
    });
    const columns = ['model', 'sales', 'median error', 'within 20%', '80% held'];
    output.answer(compared, [table(rows, columns), '', compared.statement].join('\n'));
  },
};

/** `reos models drift`: how far properties and prices have moved from what the champions learned. */
export const modelsDrift: ApiVerb = {
  describe: (command) =>
    command
      .description('Show how far properties and prices have moved from what a model learned, and keep the measure')
      .argument('[model]', 'id, beginning of the id, or version (default: every champion)')
      .option('--all', 'show every feature, not only the ten that moved most')
      .addHelpText('after', '\nExample:\n  $ reos models drift'),
  async ask({ api, output }, [key], options) {
    const champions = { params: { query: { kind: 'avm', stage: 'champion' } } } as const;
    const ids =
      key === undefined
        ? (await take(api.GET('/api/v1/models', champions))).items.map(({ id }) => id)
        : [await findModelId(api, key)];
    const models = [];
    for (const id of ids) models.push(await take(api.POST('/api/v1/models/{id}/drift', { params: { path: { id } } })));
    const text = models.flatMap(({ market, version, features, statements }) => [
      `${version} of ${market}`,
      ...statements,
      ...(features.length === 0 ? [] : [driftTable(options.all === true ? features : features.slice(0, 10))]),
      '',
    ]);
    const none = 'There is no champion to look at. See: reos models list';
    output.answer({ models }, text.join('\n').trimEnd() || none);
  },
};

const driftTable = (features: ReadonlyArray<{ feature: string; psi: number; level: string }>): string =>
  table(
    features.map(({ feature, psi, level }) => ({ feature, psi: psi.toFixed(3), level })),
    ['feature', 'psi', 'level'],
  );
