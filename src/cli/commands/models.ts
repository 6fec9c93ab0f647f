import { decideOnModel } from '../../activities/platform/model-decision.ts';
import { type recordDecision, retireModel, rollBackChampion, setShadow } from '../../db/queries/model-stages.ts';
import { findModel, listModels, type ModelRow } from '../../db/queries/models.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { createAvmRoom } from '../../workers/avm.ts';
import { type CommandContext, chooseTenant, type OpenSystem, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { openModelStore } from '../model-store.ts';
import { table } from '../output.ts';
import { share } from '../train-report.ts';

/** Runs on the tenant's registry. */
export function onRegistry<T>(
  context: CommandContext,
  work: (system: OpenSystem, tenantId: string) => Promise<T>,
): Promise<T> {
  return useSystem(context, { services: false }, async (system) =>
    work(system, (await chooseTenant(context, system.db)).id),
  );
}

/** `reos models list`: every model with its stage and its errors. */
export const modelsList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List models: market, stage, errors on held-out sales')
      .option('--market <name>', 'one market, such as king-wa')
      .addHelpText('after', '\nExample:\n  $ reos models list --market king-wa'),
  run: (context, _args, options) =>
    onRegistry(context, async (system, tenantId) => {
      const market = options.market as string | undefined;
      const rows = await withTenant(system.db, tenantId, (trx) => listModels(trx, { market }));
      const shown = rows.map((row) => ({
        id: row.id.slice(0, 8),
        market: row.market,
        version: row.version,
        stage: row.isShadow ? `${row.stage} (shadow)` : row.stage,
        sales: row.dataRows,
        'median error': share(row.metrics.mdape),
        'within 20%': share(row.metrics.within_20),
        '80% held': share(row.metrics.coverage_80),
        trained: row.createdAt.toISOString().slice(0, 10),
      }));
      const columns = [
        'id',
        'market',
        'version',
        'stage',
        'sales',
        'median error',
        'within 20%',
        '80% held',
        'trained',
      ];
      const text = rows.length === 0 ? 'There is no model yet. Train one: reos train --help' : table(shown, columns);
      context.output.answer({ models: rows.map(modelOf) }, text);
    }),
};

/** `reos models show ID`: one model with everything its training left. */
export const modelsShow: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Show one model: errors, baselines, parameters, trials, decisions')
      .argument('<model>', 'id, beginning of the id, or version')
      .addHelpText('after', '\nExample:\n  $ reos models show 4f7c'),
  run: (context, [key]) =>
    onRegistry(context, async (system, tenantId) => {
      const model = await withTenant(system.db, tenantId, (trx) => findModel(trx, key!));
      const { baselines, hyperparameters, trials, featureNames, featureHistograms, dataFingerprint } = model;
      const object = {
        model: {
          ...modelOf(model),
          data_fingerprint: dataFingerprint,
          baselines,
          hyperparameters,
          trials,
          feature_names: featureNames,
          feature_histograms: featureHistograms,
        },
      };
      const errors = [
        { name: 'this model', ...model.metrics },
        ...Object.entries(baselines).map(([name, b]) => ({ name, ...b })),
      ];
      const text = [
        `${model.version} of ${model.market}: ${model.stage}${model.isShadow ? ', in shadow' : ''}`,
        `${model.dataRows} sales ${model.dataFrom ?? ''} to ${model.dataTo ?? ''}, ${featureNames.length} features, seed ${model.seed}, ${trials.length} trials, code ${model.codeVersion}`,
        `${model.artifactPath} (${model.artifactBytes} bytes)`,
        '',
        table(
          errors.map((m) => ({
            model: m.name,
            'median error': share(m.mdape),
            'within 10%': share(m.within_10),
            'within 20%': share(m.within_20),
          })),
          ['model', 'median error', 'within 10%', 'within 20%'],
        ),
        '',
        model.decision ?? '',
      ];
      context.output.answer(object, text.join('\n'));
    }),
};

/** `reos models promote ID`: champion, when the rule or a person says so. */
export const modelsPromote: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Make a model the champion of its market, if it wins on sales that it had not seen')
      .argument('<model>', 'id, beginning of the id, or version')
      .option('--force', 'promote it whatever the rule says; needs --reason')
      .option('--reason <text>', 'why; kept with the model')
      .addHelpText('after', '\nExample:\n  $ reos models promote 4f7c'),
  run: (context, [key], options) =>
    onRegistry(context, async (system, tenantId) => {
      const forceReason = options.force === true ? reasonOf(options.reason, '--force') : undefined;
      const deps = { db: system.db, storage: openModelStore(context.settings), avm: createAvmRoom(context.settings) };
      const decision = await decideOnModel(deps, tenantId, key!, { source: 'operator', forceReason });
      const { modelId, version, promote, statement, difference } = decision;
      const object = { model_id: modelId, version, promoted: promote, decision: statement, difference };
      context.output.answer(object, `${version}: ${statement}`);
      return promote ? 0 : 1;
    }),
};

/** `reos models rollback`: the champion before the present one is champion again. */
export const modelsRollback: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Return to the champion before the present one')
      .requiredOption('--market <name>', 'market, such as king-wa')
      .option('--reason <text>', 'why; kept with both models', 'an operator asked for it')
      .addHelpText('after', '\nExample:\n  $ reos models rollback --market king-wa --reason "values too high"'),
  run: (context, _args, options) =>
    onRegistry(context, async (system, tenantId) => {
      const market = String(options.market);
      const statement = `Rolled back: ${String(options.reason)}`;
      const result = await withTenant(system.db, tenantId, (trx) =>
        rollBackChampion(trx, { kind: 'avm', market }, { statement, source: 'operator' }),
      );
      const object = { market, model_id: result.id, version: result.version, replaced: result.replaced };
      context.output.answer(
        object,
        `${result.version} is champion of ${market} again, in place of ${result.replaced}.`,
      );
    }),
};

/** `reos models retire ID`: out of use. */
export const modelsRetire: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Take a model out of use; a market without a champion is valued by comparable sales')
      .argument('<model>', 'id, beginning of the id, or version')
      .option('--reason <text>', 'why; kept with the model', 'an operator asked for it')
      .addHelpText('after', '\nExample:\n  $ reos models retire 4f7c'),
  run: (context, [key], options) =>
    changed(context, key!, () => `Retired: ${String(options.reason)}`, 'retired', retireModel),
};

/** `reos models shadow ID`: a candidate values beside the champion. */
export const modelsShadow: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description("Put a candidate into the champion's shadow: it values the same properties, outcomes decide")
      .argument('<model>', 'id, beginning of the id, or version')
      .option('--off', 'take it out of the shadow')
      .addHelpText('after', '\nExample:\n  $ reos models shadow 4f7c'),
  run: (context, [key], options) => {
    const isShadow = options.off !== true;
    return changed(
      context,
      key!,
      () => (isShadow ? 'Into the shadow.' : 'Out of the shadow.'),
      isShadow ? 'in shadow' : 'out of shadow',
      (trx, id, decision) => setShadow(trx, id, isShadow, decision),
    );
  },
};

function changed(
  context: CommandContext,
  key: string,
  statement: (row: ModelRow) => string,
  action: string,
  change: typeof recordDecision,
): Promise<void> {
  return onRegistry(context, async (system, tenantId) => {
    const row = await withTenant(system.db, tenantId, async (trx) => {
      const model = await findModel(trx, key);
      await change(trx, model.id, { statement: statement(model), source: 'operator' });
      return findModel(trx, model.id);
    });
    context.output.answer({ model: modelOf(row), action }, `${row.version} of ${row.market}: ${action}.`);
  });
}

function reasonOf(value: unknown, option: string): string {
  const reason = String(value ?? '').trim();
  if (reason !== '') return reason;
  throw new ReosError('validation', `${option} needs --reason TEXT: it is kept with the model.`);
}

/** A model as the JSON shows it. */
export function modelOf(row: ModelRow): Record<string, unknown> {
  return {
    id: row.id,
    kind: row.kind,
    market: row.market,
    version: row.version,
    stage: row.stage,
    is_shadow: row.isShadow,
    metrics: row.metrics,
    data_rows: row.dataRows,
    data_from: row.dataFrom,
    data_to: row.dataTo,
    seed: row.seed,
    code_version: row.codeVersion,
    artifact_path: row.artifactPath,
    artifact_sha256: row.artifactSha256,
    artifact_bytes: row.artifactBytes,
    decision: row.decision,
    created_at: row.createdAt,
    promoted_at: row.promotedAt,
    retired_at: row.retiredAt,
    previous_champion_id: row.previousChampionId,
  };
}
