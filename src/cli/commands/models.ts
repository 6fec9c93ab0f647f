import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { findModelId, type Model } from '../model-of.ts';
import { table } from '../output.ts';
import { share } from '../train-report.ts';

/** The errors of a model or a baseline, as the text needs them. */
interface Errors {
  mdape: number;
  within_10: number;
  within_20: number;
  coverage_80: number;
}

const errorsOf = (metrics: unknown): Errors => metrics as Errors;

/** `reos models list`: every model with its stage and its errors. */
export const modelsList: ApiVerb = {
  describe: (command) =>
    command
      .description('List models: market, stage, errors on held-out sales')
      .option('--market <name>', 'one market, such as king-wa')
      .addHelpText('after', '\nExample:\n  $ reos models list --market king-wa'),
  async ask({ api, output }, _args, options) {
    const query = options.market === undefined ? {} : { market: String(options.market) };
    const { items: models } = await take(api.GET('/api/v1/models', { params: { query } }));
    const shown = models.map((model) => ({
      id: model.id.slice(0, 8),
      market: model.market,
      version: model.version,
      stage: model.is_shadow ? `${model.stage} (shadow)` : model.stage,
      sales: model.data_rows,
      'median error': share(errorsOf(model.metrics).mdape),
      'within 20%': share(errorsOf(model.metrics).within_20),
      '80% held': share(errorsOf(model.metrics).coverage_80),
      trained: model.created_at.slice(0, 10),
    }));
    const columns = ['id', 'market', 'version', 'stage', 'sales', 'median error', 'within 20%', '80% held', 'trained'];
    const text = models.length === 0 ? 'There is no model yet. Train one: reos train --help' : table(shown, columns);
    output.answer({ models }, text);
  },
};

/** `reos models show ID`: one model with everything its training left. */
export const modelsShow: ApiVerb = {
  describe: (command) =>
    command
      .description('Show one model: errors, baselines, parameters, trials, decisions')
      .argument('<model>', 'id, beginning of the id, or version')
      .addHelpText('after', '\nExample:\n  $ reos models show 4f7c'),
  async ask({ api, output }, [key]) {
    const id = await findModelId(api, key!);
    const model = await take(api.GET('/api/v1/models/{id}', { params: { path: { id } } }));
    const baselines = Object.entries((model.baselines ?? {}) as Record<string, Errors>);
    const errors = [
      { name: 'this model', ...errorsOf(model.metrics) },
      ...baselines.map(([name, baseline]) => ({ name, ...baseline })),
    ];
    const trials = Array.isArray(model.trials) ? model.trials.length : 0;
    const text = [
      `${model.version} of ${model.market}: ${model.stage}${model.is_shadow ? ', in shadow' : ''}`,
      `${model.data_rows} sales ${model.data_from ?? ''} to ${model.data_to ?? ''}, ${model.feature_names.length} features, ${trials} trials, code ${model.code_version}`,
      `${model.artifact_bytes} bytes, SHA-256 ${model.artifact_sha256}`,
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
    output.answer({ model }, text.join('\n'));
  },
};

/** `reos models retire ID`: out of use. */
export const modelsRetire: ApiVerb = {
  describe: (command) =>
    command
      .description('Take a model out of use; a market without a champion is valued by comparable sales')
      .argument('<model>', 'id, beginning of the id, or version')
      .option('--reason <text>', 'why; kept with the model', 'an operator asked for it')
      .addHelpText('after', '\nExample:\n  $ reos models retire 4f7c'),
  async ask({ api, output }, [key], options) {
    const params = { path: { id: await findModelId(api, key!) } };
    const body = { reason: String(options.reason) };
    const model = await take(api.POST('/api/v1/models/{id}/retire', { params, body }));
    output.answer({ model, action: 'retired' }, changed(model, 'retired'));
  },
};

/** `reos models shadow ID`: a candidate values beside the champion. */
export const modelsShadow: ApiVerb = {
  describe: (command) =>
    command
      .description("Put a candidate into the champion's shadow: it values the same properties, outcomes decide")
      .argument('<model>', 'id, beginning of the id, or version')
      .option('--off', 'take it out of the shadow')
      .addHelpText('after', '\nExample:\n  $ reos models shadow 4f7c'),
  async ask({ api, output }, [key], options) {
    const on = options.off !== true;
    const params = { path: { id: await findModelId(api, key!) } };
    const model = await take(api.POST('/api/v1/models/{id}/shadow', { params, body: { on } }));
    const action = on ? 'in shadow' : 'out of shadow';
    output.answer({ model, action }, changed(model, action));
  },
};

const changed = ({ version, market }: Model, action: string): string => `${version} of ${market}: ${action}.`;
