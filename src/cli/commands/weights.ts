import { ReosError } from '../../domain/errors.ts';
import { type components, take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { type Output, table } from '../output.ts';

type Weights = components['schemas']['ScoringWeights'];

/** `reos weights show`: what the score is made of, and what was changed so far. */
export const weightsShow: ApiVerb = {
  describe: (command) => command.description('What the score is made of, and how the weights came about'),
  async ask({ api, output }) {
    const answer = await take(api.GET('/api/v1/scoring/weights'));
    const history = answer.items.map(({ number, is_current, changes, restored, note, made_by, made_at }) => ({
      number: String(number),
      change: changes === null ? `back to ${restored}` : pairsOf(changes),
      note: note ?? '',
      by: made_by,
      at: made_at,
      counts: is_current ? 'yes' : '',
    }));
    const so = history.length === 0 ? [] : ['', table(history, ['number', 'change', 'note', 'by', 'at', 'counts'])];
    output.answer(answer, [textOf(answer.current), ...so].join('\n'));
  },
};

/** `reos weights set`: other weights from now on. */
export const weightsSet: ApiVerb = {
  describe: (command) =>
    command
      .description('Weigh some features otherwise from now on, for the whole tenant')
      .argument('<feature=share...>', 'the share of a feature, such as flip_roi=0.2; 0 leaves it out')
      .option('--note <text>', 'why')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos weights set flip_roi=0.25 flood_risk=0 && reos rescore --outdated --wait',
      ),
  async ask({ api, output }, pairs, options) {
    const body = { weights: weightsOf(pairs), ...noteOf(options) };
    tell(output, await take(api.POST('/api/v1/scoring/weights', { body })));
  },
};

/** `reos weights restore`: former weights again. */
export const weightsRestore: ApiVerb = {
  describe: (command) =>
    command
      .description('Bring former weights back')
      .argument('<number>', 'their number as `reos weights show` tells it; 0: those of config/scoring.yaml')
      .option('--note <text>', 'why'),
  async ask({ api, output }, [text], options) {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 0) {
      throw new ReosError('validation', `'${text}' is no number of weights. See them with: reos weights show`);
    }
    const params = { path: { number } };
    tell(output, await take(api.POST('/api/v1/scoring/weights/{number}/restore', { params, body: noteOf(options) })));
  },
};

function tell(output: Output, weights: Weights): void {
  output.answer(weights, `${textOf(weights)}\nScore the properties by them with: reos rescore --outdated`);
}

/** @throws ReosError `validation` */
function weightsOf(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([a-z_]+)=(\d*\.?\d+)$/.exec(pair) ?? [];
      if (name !== undefined) return [name, Number(value)];
      throw new ReosError('validation', `'${pair}' is no weight: say it as feature=share, such as flip_roi=0.2.`);
    }),
  );
}

const noteOf = (options: Readonly<Record<string, unknown>>) =>
  options.note === undefined ? {} : { note: String(options.note) };

const pairsOf = (changes: Readonly<Record<string, number>>) =>
  Object.entries(changes)
    .map(([name, share]) => `${name}=${share}`)
    .join(' ');

function textOf({ version, configured_version, is_own, asking, off_market }: Weights): string {
  const percent = (share: number | undefined) => (share === undefined ? '' : `${(share * 100).toFixed(1)}%`);
  const shares = (list: Weights['asking']) => new Map(list.map((one) => [one.feature, one]));
  const [sale, off] = [shares(asking), shares(off_market)];
  const rows = [...new Set([...sale.keys(), ...off.keys()])].map((feature) => ({
    feature,
    'for sale': percent(sale.get(feature)?.share),
    'off market': percent(off.get(feature)?.share),
    configured: [sale.get(feature), off.get(feature)].map((one) => percent(one?.configured_share) || '-').join(' / '),
  }));
  const whose = is_own ? `the tenant’s own, on those of the configuration (${configured_version})` : 'as configured';
  return `Weights ${version}, ${whose}\n${table(rows, ['feature', 'for sale', 'off market', 'configured'])}`;
}
