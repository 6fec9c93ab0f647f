import { ReosError } from '../../domain/errors.ts';
import { type ApiClient, take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { findModelId } from '../model-of.ts';

/** `reos models promote ID`: champion, when the rule or a person says so. Exit code 1 when it is not promoted. */
export const modelsPromote: ApiVerb = {
  describe: (command) =>
    command
      .description('Make a model the champion of its market, if it wins on sales that it had not seen')
      .argument('<model>', 'id, beginning of the id, or version')
      .option('--force', 'promote it whatever the rule says; needs --reason')
      .option('--reason <text>', 'why; kept with the model')
      .addHelpText('after', '\nExample:\n  $ reos models promote 4f7c'),
  async ask({ api, output }, [key], options) {
    const body = options.force === true ? { force_reason: reasonOf(options.reason) } : {};
    const params = { path: { id: await findModelId(api, key!) } };
    const { model, ...decided } = await take(api.POST('/api/v1/models/{id}/promote', { params, body }));
    output.answer({ model_id: model.id, version: model.version, ...decided }, `${model.version}: ${decided.decision}`);
    return decided.promoted ? 0 : 1;
  },
};

/** `reos models rollback`: the champion before the present one is champion again. */
export const modelsRollback: ApiVerb = {
  describe: (command) =>
    command
      .description('Return to the champion before the present one')
      .option('--market <name>', 'market, such as king-wa (default: the only one that has a champion)')
      .option('--reason <text>', 'why; kept with both models', 'an operator asked for it')
      .addHelpText('after', '\nExample:\n  $ reos models rollback --market king-wa --reason "values too high"'),
  async ask({ api, output }, _args, options) {
    const market = options.market === undefined ? await onlyMarket(api) : String(options.market);
    const body = { market, reason: String(options.reason) };
    const result = await take(api.POST('/api/v1/models/rollback', { body }));
    output.answer(result, `${result.version} is champion of ${result.market} again, in place of ${result.replaced}.`);
  },
};

/** The market of the one champion there is. @throws ReosError when there is none, or several to choose from */
async function onlyMarket(api: ApiClient): Promise<string> {
  const query = { stage: 'champion', kind: 'avm' } as const;
  const { items } = await take(api.GET('/api/v1/models', { params: { query } }));
  const markets = [...new Set(items.map(({ market }) => market))].sort();
  const [only] = markets;
  if (only === undefined) throw new ReosError('not_found', 'There is no champion to roll back.');
  if (markets.length === 1) return only;
  throw new ReosError('validation', `Several markets have a champion. Name one with --market: ${markets.join(', ')}.`);
}

function reasonOf(value: unknown): string {
  const reason = String(value ?? '').trim();
  if (reason !== '') return reason;
  throw new ReosError('validation', '--force needs --reason TEXT: it is kept with the model.');
}
