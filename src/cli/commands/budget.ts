import { PROVIDER_NAMES } from '../../activities/enrich/registry.ts';
import { CHANNELS } from '../../activities/outreach/registry.ts';
import { nearestWord } from '../../config/suggest.ts';
import { ReosError } from '../../domain/errors.ts';
import { parseMoney } from '../../domain/money.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';

const PERIODS = ['day', 'month'] as const;

/** `reos budget list`: what may be spent, and what is left of it. */
export const budgetList: ApiVerb = {
  describe: (command) =>
    command
      .description(
        'List what may be spent on providers and messages, and what is left. Nothing is bought without a budget',
      )
      .addHelpText('after', '\nExample:\n  $ reos budget list --json'),
  async ask({ api, output }) {
    const { items: budgets } = await take(api.GET('/api/v1/budgets'));
    const shown = budgets.map((budget) => ({
      ...budget,
      limit: `$${budget.limit}`,
      spent: `$${budget.spent}`,
      left: `$${budget.left}`,
    }));
    output.answer({ budgets }, table(shown, ['resource', 'period', 'limit', 'spent', 'left']));
  },
};

/** `reos budget set RESOURCE AMOUNT` */
export const budgetSet: ApiVerb = {
  describe: (command) =>
    command
      .description('Say how much may be spent on a provider or channel in a day or month; * covers everything')
      .argument('<resource>', 'sendgrid, twilio, lob, a data provider, or *')
      .argument('<dollars>', 'such as 5, 0.50 or 1,000; 0 forbids it')
      .option('--period <period>', 'day or month (UTC)', 'day')
      .addHelpText(
        'after',
        "\nExample:\n  $ reos budget set sendgrid 2 --period day\n  $ reos budget set '*' 100 --period month",
      ),
  async ask({ api, output }, [resource, dollars], options) {
    const cents = parseMoney(dollars);
    if (cents === null) {
      throw new ReosError('validation', `'${dollars}' is no amount of dollars. Write it as 5, 0.50 or 1,000.`);
    }
    const path = { resource: checkResource(resource), period: checkPeriod(options.period) };
    const body = { limit: cents / 100 };
    const shown = await take(api.PUT('/api/v1/budgets/{resource}/{period}', { params: { path }, body }));
    output.answer(
      shown,
      `${shown.resource}: $${shown.limit} a ${shown.period}, $${shown.spent} of it spent in the ${shown.period} that runs.`,
    );
  },
};

/** `reos budget remove RESOURCE` */
export const budgetRemove: ApiVerb = {
  describe: (command) =>
    command
      .description('Remove a budget; without any that covers it, nothing more is bought')
      .argument('<resource>', 'as in reos budget list')
      .option('--period <period>', 'day or month', 'day')
      .addHelpText('after', '\nExample:\n  $ reos budget remove twilio --period month'),
  async ask({ api, output }, [resource = ''], options) {
    const path = { resource, period: checkPeriod(options.period) };
    await take(api.DELETE('/api/v1/budgets/{resource}/{period}', { params: { path } }));
    output.answer({ ...path, removed: true }, `The budget for ${resource} a ${path.period} is removed.`);
  },
};

/** @throws ReosError `validation` for a name that nothing is bought from */
function checkResource(resource = ''): string {
  const known = ['*', ...Object.keys(CHANNELS), ...PROVIDER_NAMES];
  if (known.includes(resource)) return resource;
  const guess = nearestWord(resource, known);
  const help = guess === null ? `Known: ${known.join(', ')}.` : `Did you mean '${guess}'?`;
  throw new ReosError('validation', `Nothing is bought from '${resource}'. ${help}`);
}

/** @throws ReosError `validation` */
function checkPeriod(period: unknown): 'day' | 'month' {
  const found = PERIODS.find((one) => one === period);
  if (found !== undefined) return found;
  throw new ReosError('validation', `--period: '${String(period)}' is neither day nor month.`);
}
