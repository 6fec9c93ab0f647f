import { PROVIDER_NAMES } from '../../activities/enrich/registry.ts';
import { CHANNELS } from '../../activities/outreach/registry.ts';
import { nearestWord } from '../../config/suggest.ts';
import { type BudgetState, listBudgets, removeBudget, setBudget } from '../../db/queries/budgets.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { parseMoney } from '../../domain/money.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { operatorName } from './contact-context.ts';

const PERIODS = ['day', 'month'] as const;

/** `reos budget list`: what may be spent, and what is left of it. */
export const budgetList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description(
        'List what may be spent on providers and messages, and what is left. Nothing is bought without a budget',
      )
      .addHelpText('after', '\nExample:\n  $ reos budget list --json'),
  run: (context) =>
    useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const budgets = (await withTenant(system.db, tenant.id, (trx) => listBudgets(trx))).map(publicBudget);
      const shown = budgets.map((budget) => ({
        ...budget,
        limit: `$${budget.limit}`,
        spent: `$${budget.spent}`,
        left: `$${budget.left}`,
      }));
      context.output.answer({ budgets }, table(shown, ['resource', 'period', 'limit', 'spent', 'left']));
    }),
};

/** `reos budget set RESOURCE AMOUNT` */
export const budgetSet: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  run: (context, [resource, dollars], options) =>
    useSystem(context, { services: false }, async (system) => {
      const cents = parseMoney(dollars);
      if (cents === null) {
        throw new ReosError('validation', `'${dollars}' is no amount of dollars. Write it as 5, 0.50 or 1,000.`);
      }
      const budget = {
        resource: checkResource(resource),
        period: checkPeriod(options.period),
        limitMicros: cents * 10_000,
      };
      const tenant = await chooseTenant(context, system.db);
      const [now] = await withTenant(system.db, tenant.id, async (trx) => {
        await setBudget(trx, { ...budget, by: operatorName() });
        const all = await listBudgets(trx, budget.resource);
        return all.filter((one) => one.resource === budget.resource && one.period === budget.period);
      });
      const shown = publicBudget(now!);
      context.output.answer(
        shown,
        `${shown.resource}: $${shown.limit} a ${shown.period}, $${shown.spent} of it spent in the ${shown.period} that runs.`,
      );
    }),
};

/** `reos budget remove RESOURCE` */
export const budgetRemove: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Remove a budget; without any that covers it, nothing more is bought')
      .argument('<resource>', 'as in reos budget list')
      .option('--period <period>', 'day or month', 'day')
      .addHelpText('after', '\nExample:\n  $ reos budget remove twilio --period month'),
  run: (context, [resource = ''], options) =>
    useSystem(context, { services: false }, async (system) => {
      const period = checkPeriod(options.period);
      const tenant = await chooseTenant(context, system.db);
      const removed = await withTenant(system.db, tenant.id, (trx) =>
        removeBudget(trx, { resource, period, by: operatorName() }),
      );
      if (!removed) {
        throw new ReosError('not_found', `There is no budget for ${resource} a ${period}. See: reos budget list`);
      }
      context.output.answer({ resource, period, removed }, `The budget for ${resource} a ${period} is removed.`);
    }),
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

function publicBudget({ resource, period, limitMicros, spentMicros }: BudgetState) {
  const dollars = (micros: number) => micros / 1e6;
  return {
    resource,
    period,
    limit: dollars(limitMicros),
    spent: dollars(spentMicros),
    left: dollars(Math.max(0, limitMicros - spentMicros)),
  };
}
