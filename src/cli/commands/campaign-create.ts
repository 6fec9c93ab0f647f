import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCampaign } from '../../activities/outreach/campaign-file.ts';
import { createTemplates } from '../../activities/outreach/templates.ts';
import { insertCampaign, replaceCampaign } from '../../db/queries/campaigns.ts';
import { withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { campaignOf } from './campaign.ts';

const collect = (value: string, all: string[] = []): string[] => [...all, value];

/** `reos campaign create`: from a file, or for a single step from options. */
export const campaignCreate: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Create a campaign from a file, or one of a single step from options; it sends nothing yet')
      .option('--file <path>', 'YAML or JSON; a sample is config/campaigns/example-investor.yaml')
      .option('--replace', 'change the campaign of that name; a changed content needs a new approval')
      .option('--name <name>', 'instead of a file: its name')
      .option('--kind <kind>', 'investor or owner')
      .option('--min-score <n>', 'lowest score (60)')
      .option('--county <slug>', 'only this county; may be repeated', collect)
      .option('--contact-tag <tag>', 'only contacts with this tag; may be repeated', collect)
      .option('--channel <channel>', 'email, sms or mail (email)')
      .option('--template <name>', 'template of the message')
      .option('--max-per-run <n>', 'messages a day (100)')
      .option('--sender-name <name>', 'who writes')
      .option('--sender-email <address>', 'where from')
      .option('--postal-address <text>', 'the sender’s, for the foot of each message')
      .option('--no-approval', 'send without a person’s approval')
      .option('--by <name>', 'who creates it', 'operator')
      .addHelpText('after', '\nExample:\n  $ reos campaign create --file config/campaigns/example-investor.yaml'),
  async run(context, _args, options) {
    const { file, text } = definitionText(options);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const folder = join(context.settings.configDir, 'templates', 'outreach');
      const deps = { templates: createTemplates({ db: system.db, folder }), counties: await system.counties() };
      const { definition, countyFips } = await readCampaign(deps, tenant.id, file, text);
      const { campaign, approvalLost } = await withTenant(system.db, tenant.id, async (trx) =>
        options.replace === true
          ? replaceCampaign(trx, definition, countyFips)
          : {
              campaign: await insertCampaign(trx, definition, { countyFips, createdBy: String(options.by) }),
              approvalLost: false,
            },
      );
      const next =
        definition.needs_approval && campaign.approvedAt === null
          ? `Look at it with: reos campaign preview "${definition.name}"; then: reos campaign approve "${definition.name}"`
          : `Run it with: reos campaign run "${definition.name}"`;
      context.output.answer(
        { ...campaignOf(tenant.id, campaign), approval_lost: approvalLost },
        `${definition.name}: ${campaign.status}${approvalLost ? '; what was approved has changed, so it waits for a new approval' : ''}. ${next}`,
      );
    });
  },
};

/** @throws ReosError `validation` when the file cannot be read, or neither a file nor a name is given */
function definitionText(options: Record<string, unknown>): { file: string; text: string } {
  if (typeof options.file === 'string') {
    try {
      return { file: options.file, text: readFileSync(options.file, 'utf8') };
    } catch (cause) {
      throw new ReosError('validation', `--file: ${options.file} cannot be read: ${messageOf(cause)}`, { cause });
    }
  }
  if (options.name === undefined) {
    throw new ReosError('validation', 'Give --file campaign.yaml, or --name with the other options.');
  }
  const number = (value: unknown) => (value === undefined ? undefined : Number(value));
  const definition = {
    name: options.name,
    kind: options.kind,
    audience: {
      min_score: number(options.minScore),
      counties: options.county,
      contact_tags: options.contactTag,
    },
    steps: [{ channel: options.channel ?? 'email', template: options.template }],
    needs_approval: options.approval !== false,
    max_per_run: number(options.maxPerRun),
    sender: { name: options.senderName, email: options.senderEmail },
    postal_address: options.postalAddress,
  };
  return { file: 'options', text: JSON.stringify(definition) };
}
