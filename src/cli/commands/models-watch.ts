import { measureDrift, recordDrift, valuedSale } from '../../activities/platform/model-drift.ts';
import { findModel, listModels, servingModels } from '../../db/queries/models.ts';
import { outcomePairs, readOutcomes } from '../../db/queries/valuations.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { decidePromotion, MIN_PAIRED_SALES } from '../../domain/valuation/promotion.ts';
import { trackOf } from '../../domain/valuation/scoreboard.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { share } from '../train-report.ts';
import { onRegistry } from './models.ts';

/** `reos models compare`: champion and shadow on the sales that both had valued before. */
export const modelsCompare: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Compare champion and shadow on the sales that closed after both had valued the house')
      .requiredOption('--market <name>', 'market, such as king-wa')
      .addHelpText('after', '\nExample:\n  $ reos models compare --market king-wa'),
  run: (context, _args, options) =>
    onRegistry(context, async (system, tenantId) => {
      const market = String(options.market);
      const object = await withTenant(system.db, tenantId, (trx) => compare(trx, market));
      const rows = [
        { model: `champion ${object.champion.version}`, ...object.champion.track },
        { model: `shadow ${object.shadow.version}`, ...object.shadow.track },
      ].map(({ model, ...track }) => ({
        model,
        sales: track.count ?? 0,
        'median error': share(track.median_error ?? null),
        'within 20%': share(track.within_20 ?? null),
        '80% held': share(track.coverage_80 ?? null),
      }));
      const text = [table(rows, ['model', 'sales', 'median error', 'within 20%', '80% held']), '', object.statement];
      context.output.answer(object, text.join('\n'));
    }),
};

async function compare(trx: TenantTrx, market: string) {
  const serving = await servingModels(trx, 'avm', market);
  const champion = serving.find(({ isShadow }) => !isShadow);
  const shadow = serving.find(({ isShadow }) => isShadow);
  if (champion === undefined || shadow === undefined) {
    const missing = champion === undefined ? 'champion' : 'model in shadow';
    throw new ReosError('not_found', `${market} has no ${missing} to compare. See: reos models list`);
  }
  const pairs = await outcomePairs(trx, shadow.id, champion.id);
  const track = async (id: string) => trackOf((await readOutcomes(trx, { modelId: id })).map(valuedSale));
  const inside = pairs.filter(({ inside80 }) => inside80).length;
  const verdict =
    pairs.length < MIN_PAIRED_SALES
      ? `${pairs.length} sales have closed after both had valued the house; ${MIN_PAIRED_SALES} are needed for a decision.`
      : decidePromotion(
          {
            kind: 'against_champion',
            basis: 'outcomes',
            championVersion: champion.version,
            pairs,
            coverage80: inside / pairs.length,
          },
          { seed: 7 },
        ).statement.replace(/^Promoted: /, 'Would be promoted: ');
  return {
    market,
    champion: { id: champion.id, version: champion.version, track: await track(champion.id) },
    shadow: { id: shadow.id, version: shadow.version, track: await track(shadow.id) },
    paired_sales: pairs.length,
    needed: MIN_PAIRED_SALES,
    statement: verdict,
  };
}

/** `reos models drift`: how far properties and prices have moved from what the champions learned. */
export const modelsDrift: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Show how far properties and prices have moved from what a model learned, and keep the measure')
      .argument('[model]', 'id, beginning of the id, or version (default: every champion)')
      .option('--all', 'show every feature, not only the ten that moved most')
      .addHelpText('after', '\nExample:\n  $ reos models drift'),
  run: (context, [key], options) =>
    onRegistry(context, async (system, tenantId) => {
      const measured = await withTenant(system.db, tenantId, async (trx) => {
        const ids =
          key === undefined ? (await listModels(trx, { kind: 'avm', stage: 'champion' })).map(({ id }) => id) : [key];
        const all = [];
        for (const id of ids) {
          const model = await findModel(trx, id);
          const drift = await measureDrift(trx, model);
          await recordDrift(trx, model, drift);
          all.push({ model, drift });
        }
        return all;
      });
      const models = measured.map(({ model, drift }) => ({
        id: model.id,
        market: model.market,
        version: model.version,
        rows: drift.rows,
        features: drift.features,
        outcomes: drift.outcomes,
        held_out_error: drift.heldOutError,
        statements: drift.statements,
      }));
      const text = models.flatMap(({ market, version, features, statements }) => [
        `${version} of ${market}`,
        ...statements,
        ...(features.length === 0 ? [] : [driftTable(options.all === true ? features : features.slice(0, 10))]),
        '',
      ]);
      context.output.answer(
        { models },
        text.join('\n').trimEnd() || 'There is no champion to look at. See: reos models list',
      );
    }),
};

const driftTable = (features: ReadonlyArray<{ feature: string; psi: number; level: string }>): string =>
  table(
    features.map(({ feature, psi, level }) => ({ feature, psi: psi.toFixed(3), level })),
    ['feature', 'psi', 'level'],
  );
