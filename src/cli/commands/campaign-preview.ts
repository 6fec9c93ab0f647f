import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CampaignPreview, previewCampaign } from '../../activities/outreach/campaign-preview.ts';
import type { OutboundMessage } from '../../activities/outreach/channel.ts';
import { createDeps } from '../../workers/deps.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { campaignOf } from './campaign.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos campaign preview NAME`: a dry run with its cost, and each step as the recipient would see it. */
export const campaignPreview: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Dry run: who would get what, the cost, and each step as the first recipient would see it')
      .argument('<campaign>', 'name or id')
      .option('--first <n>', 'recipients to list', '10')
      .option('--out <folder>', 'where the rendered steps go (a folder under the home)')
      .addHelpText('after', '\nExample:\n  $ reos campaign preview "Deals of the week" --out preview'),
  async run(context, [name], options) {
    const first = Math.max(1, wholeNumber('--first', options.first));
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const settings = {
        ...context.settings,
        databaseUrl: system.databaseUrl,
        temporalAddress: system.temporalAddress,
      };
      const { deps, close } = await createDeps(settings, context.logger);
      let preview: CampaignPreview;
      try {
        preview = await previewCampaign(deps.outreach, { tenantId: tenant.id, campaign: String(name), first });
      } finally {
        await close();
      }
      const folder = String(options.out ?? join(context.settings.home, 'previews', preview.campaign.id));
      const steps = preview.steps.map(({ message, costEachMicros, ...step }) => ({
        step: step.step,
        variant: step.variant,
        channel: step.channel,
        provider: step.provider,
        messages: step.messages,
        cost_each: dollars(costEachMicros),
        problem: step.problem,
        files:
          message === null
            ? []
            : writeMessage(folder, `step-${step.step}${step.variant === null ? '' : `-${step.variant}`}`, message),
      }));
      const costs = costsOf(preview);
      const list = preview.first.map(({ contactName, propertyId, property, score }) => ({
        contact: contactName,
        property,
        score,
        property_id: propertyId,
      }));
      const passed = Object.entries(preview.passedOver).map(([why, count]) => `${count} ${why}`);
      context.output.answer(
        {
          ...campaignOf(tenant.id, preview.campaign),
          would_run: preview.reason === null,
          not_yet: preview.reason,
          audience: preview.audience,
          messages: preview.messages,
          passed_over: preview.passedOver,
          first: list,
          steps,
          costs,
          folder,
        },
        [
          `${preview.campaign.definition.name}: about ${preview.audience} properties; a run would send ${preview.messages} messages now. Nothing was written.`,
          ...(preview.reason === null ? [] : [preview.reason]),
          ...(passed.length === 0 ? [] : [`Passed over: ${passed.join(', ')}`]),
          table(list, ['contact', 'property', 'score']),
          table(steps, ['step', 'variant', 'channel', 'provider', 'messages', 'cost_each', 'problem']),
          ...costs.map(
            ({ provider, first_step, at_most, budget }) =>
              `${provider}: $${first_step.toFixed(4)} now, $${at_most.toFixed(4)} at most with every follow-up. ${budget}`,
          ),
          `As the recipient sees it: ${folder}`,
        ].join('\n'),
      );
    });
  },
};

/** Cost per provider: of the run's first step, and with every follow-up if nobody answers, against the budgets. */
function costsOf({ steps, budgets }: CampaignPreview) {
  const providers = [...new Set(steps.map(({ provider }) => provider))];
  return providers.map((provider) => {
    const own = steps.filter((step) => step.provider === provider);
    // Variants of a step share its recipients: the dearest counts.
    const perStep = new Map<number, number>();
    for (const { step, costEachMicros, messages } of own) {
      perStep.set(step, Math.max(perStep.get(step) ?? 0, (costEachMicros ?? 0) * messages));
    }
    const atMost = [...perStep.values()].reduce((sum, cost) => sum + cost, 0);
    const first = perStep.get(1) ?? 0;
    const left = budgets
      .filter(({ resource }) => resource === provider || resource === '*')
      .map((budget) => budget.limitMicros - budget.spentMicros);
    const budget =
      atMost === 0
        ? 'It costs nothing.'
        : left.length === 0
          ? 'No budget is set, so nothing would leave: set one first.'
          : `The budget has $${(Math.min(...left) / 1e6).toFixed(4)} left${Math.min(...left) < first ? ', which is too little: the rest would wait' : ''}.`;
    return { provider, first_step: first / 1e6, at_most: atMost / 1e6, budget };
  });
}

const dollars = (micros: number | null): number | null => (micros === null ? null : micros / 1e6);

/** Writes a message as files that a person can open; returns their paths. */
function writeMessage(folder: string, name: string, message: OutboundMessage): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (suffix: string, content: string | Buffer): string => {
    const path = join(folder, `${name}${suffix}`);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  if (message.kind === 'sms') return [write('.txt', `To: ${message.to}\n\n${message.body}\n`)];
  if (message.kind === 'mail') {
    const { piece } = message;
    return piece.format === 'letter'
      ? [write('.html', piece.html)]
      : [write('-front.html', piece.front), write('-back.html', piece.back)];
  }
  const head = `From: ${message.from.name} <${message.from.email}>\nTo: ${message.to.name} <${message.to.email}>\nSubject: ${message.subject}\n`;
  const files = [write('.html', message.html), write('.txt', `${head}\n${message.text}\n`)];
  if (message.attachment !== null) files.push(write(`-${message.attachment.filename}`, message.attachment.content));
  return files;
}
