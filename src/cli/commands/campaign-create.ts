import { readFileSync } from 'node:fs';
import { configError, parseYaml } from '../../config/yaml-file.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { campaignSchema } from '../../domain/outreach/campaign.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { findCampaign } from './campaign.ts';

const collect = (value: string, all: string[] = []): string[] => [...all, value];

/** `reos campaign create`: from a file, or for a single step from options. */
export const campaignCreate: ApiVerb = {
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
      .addHelpText('after', '\nExample:\n  $ reos campaign create --file config/campaigns/example-investor.yaml'),
  async ask({ api, output }, _args, options) {
    const { file, text } = definitionText(options);
    const parsed = parseYaml(campaignSchema, file, text);
    if (!parsed.ok) throw configError('The campaign', parsed.problems);
    const body = parsed.value;
    const known = options.replace === true ? await findCampaign(api, body.name) : undefined;
    const { campaign, approval_lost: lost } =
      known === undefined
        ? { campaign: await take(api.POST('/api/v1/campaigns', { body })), approval_lost: false }
        : await take(api.PUT('/api/v1/campaigns/{id}', { params: { path: { id: known.id } }, body }));
    const next =
      body.needs_approval && campaign.approved_at === null
        ? `Look at it with: reos campaign preview "${body.name}"; then: reos campaign approve "${body.name}"`
        : `Run it with: reos campaign run "${body.name}"`;
    output.answer(
      { ...campaign, approval_lost: lost },
      `${body.name}: ${campaign.status}${lost ? '; what was approved has changed, so it waits for a new approval' : ''}. ${next}`,
    );
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
