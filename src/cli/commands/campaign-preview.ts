import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type components, take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { findCampaign } from './campaign.ts';
import { wholeNumber } from './lifecycle.ts';

type Preview = components['schemas']['CampaignPreview'];
type Budget = components['schemas']['Budget'];

/** `reos campaign preview NAME`: a dry run with its cost, and each step as the recipient would see it. */
export const campaignPreview: ApiVerb = {
  describe: (command) =>
    command
      .description('Dry run: who would get what, the cost, and each step as the first recipient would see it')
      .argument('<campaign>', 'name or id')
      .option('--first <n>', 'recipients to list', '10')
      .option('--out <folder>', 'where the rendered steps go (a folder under the home)')
      .addHelpText('after', '\nExample:\n  $ reos campaign preview "Deals of the week" --out preview'),
  async ask({ api, output, settings }, [name], options) {
    const first = Math.max(1, wholeNumber('--first', options.first));
    const campaign = await findCampaign(api, name);
    const params = { path: { id: campaign.id }, query: { first } };
    const preview = await take(api.GET('/api/v1/campaigns/{id}/preview', { params }));
    const { items: budgets } = await take(api.GET('/api/v1/budgets'));
    const folder = String(options.out ?? join(settings.home, 'previews', campaign.id));
    const steps = preview.steps.map(({ parts, ...step }) => ({
      ...step,
      files:
        parts === null
          ? []
          : writeMessage(folder, `step-${step.step}${step.variant === null ? '' : `-${step.variant}`}`, parts),
    }));
    const isRendered = steps.some(({ files }) => files.length > 0);
    const costs = costsOf(preview, budgets);
    const passed = Object.entries(preview.passed_over).map(([why, count]) => `${count} ${why}`);
    output.answer(
      { ...campaign, ...preview, steps, costs, folder: isRendered ? folder : null },
      [
        `${campaign.name}: about ${preview.audience} properties; a run would send ${preview.messages} messages now. Nothing was written.`,
        ...(preview.not_yet === null ? [] : [preview.not_yet]),
        ...(passed.length === 0 ? [] : [`Passed over: ${passed.join(', ')}`]),
        table(preview.first, ['contact', 'property', 'score']),
        table(steps, ['step', 'variant', 'channel', 'provider', 'messages', 'cost_each', 'problem']),
        ...costs.map(
          ({ provider, first_step, at_most, budget }) =>
            `${provider}: $${first_step.toFixed(4)} now, $${at_most.toFixed(4)} at most with every follow-up. ${budget}`,
        ),
        isRendered ? `As the recipient sees it: ${folder}` : 'Nobody would get a message, so there is none to look at.',
      ].join('\n'),
    );
  },
};

/** Cost per provider: of the run's first step, and with every follow-up if nobody answers, against the budgets. */
function costsOf({ steps }: Preview, budgets: readonly Budget[]) {
  const providers = [...new Set(steps.map(({ provider }) => provider))];
  return providers.map((provider) => {
    const own = steps.filter((step) => step.provider === provider);
    // Variants of a step share its recipients: the dearest counts.
    const perStep = new Map<number, number>();
    for (const { step, cost_each: each, messages } of own) {
      perStep.set(step, Math.max(perStep.get(step) ?? 0, (each ?? 0) * messages));
    }
    const atMost = [...perStep.values()].reduce((sum, cost) => sum + cost, 0);
    const first = perStep.get(1) ?? 0;
    const left = budgets.filter(({ resource }) => resource === provider || resource === '*').map((row) => row.left);
    return { provider, first_step: first, at_most: atMost, budget: budgetWords(atMost, first, left) };
  });
}

function budgetWords(atMost: number, first: number, left: readonly number[]): string {
  if (atMost === 0) return 'It costs nothing.';
  if (left.length === 0) return 'No budget is set, so nothing would leave: set one first.';
  const least = Math.min(...left);
  return `The budget has $${least.toFixed(4)} left${least < first ? ', which is too little: the rest would wait' : ''}.`;
}

/** Writes a message's parts as files that a person can open; returns their paths. */
function writeMessage(folder: string, name: string, parts: Record<string, string>): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (suffix: string, content: string): string => {
    const path = join(folder, `${name}${suffix}`);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const { body, html, front, back, to = '', subject = '', text = '' } = parts;
  if (body !== undefined) return [write('.txt', `To: ${to}\n\n${body}\n`)];
  if (front !== undefined) return [write('-front.html', front), write('-back.html', back ?? '')];
  const files = html === undefined ? [] : [write('.html', html)];
  if (to !== '') files.push(write('.txt', `To: ${to}\nSubject: ${subject}\n\n${text}\n`));
  return files;
}
