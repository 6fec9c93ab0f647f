import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId } from './contact-context.ts';

const EVERY_WEBHOOK = 1_000;
const idOf = (text: string | undefined): string => checkContactId(text, 'webhook', 'reos webhook list');

/** `reos webhook list` */
export const webhookList: ApiVerb = {
  describe: (command) =>
    command
      .description('List the addresses that events are sent to')
      .addHelpText('after', '\nExample:\n  $ reos webhook list --json'),
  async ask({ api, output }) {
    const webhooks = await collect(EVERY_WEBHOOK, (query) => take(api.GET('/api/v1/webhooks', { params: { query } })));
    output.answer({ webhooks }, table(webhooks, ['url', 'status', 'event_types', 'description', 'id']));
  },
};

/** `reos webhook add URL`: the secret is shown once. */
export const webhookAdd: ApiVerb = {
  describe: (command) =>
    command
      .description('Have events sent to an address, signed; the secret is shown once')
      .argument('<url>', 'https address')
      .option('--event <type...>', 'only these events, such as property.scored (default: all)')
      .option('--description <text>', 'what it is for', '')
      .addHelpText('after', '\nExample:\n  $ reos webhook add https://hooks.example.com/reos --event property.scored'),
  async ask({ api, output }, [url], options) {
    const events = (options.event ?? []) as string[];
    const body = { url: String(url), description: String(options.description), event_types: events as never[] };
    const made = await take(api.POST('/api/v1/webhooks', { body }));
    output.answer({ ...made }, JSON.stringify(made, null, 2));
  },
};

/** `reos webhook show ID` */
export const webhookShow: ApiVerb = {
  describe: (command) =>
    command
      .description('One webhook, with its last success and failure')
      .argument('<webhook>', 'webhook id')
      .addHelpText('after', '\nExample:\n  $ reos webhook show 4f7c…'),
  async ask({ api, output }, [text]) {
    const found = await take(api.GET('/api/v1/webhooks/{id}', { params: { path: { id: idOf(text) } } }));
    output.answer({ ...found }, JSON.stringify(found, null, 2));
  },
};

/** `reos webhook disable ID` */
export const webhookDisable: ApiVerb = {
  describe: (command) =>
    command
      .description('Send no more events to an address')
      .argument('<webhook>', 'webhook id')
      .addHelpText('after', '\nExample:\n  $ reos webhook disable 4f7c…'),
  ask: (caller, [text]) => setStatus(caller, text, 'disabled'),
};

/** `reos webhook enable ID` */
export const webhookEnable: ApiVerb = {
  describe: (command) =>
    command
      .description('Send events to an address again, from now on')
      .argument('<webhook>', 'webhook id')
      .addHelpText('after', '\nExample:\n  $ reos webhook enable 4f7c…'),
  ask: (caller, [text]) => setStatus(caller, text, 'active'),
};

/** `reos webhook remove ID --yes` */
export const webhookRemove: ApiVerb = {
  describe: (command) =>
    command
      .description('Delete a webhook and its deliveries')
      .argument('<webhook>', 'webhook id')
      .option('--yes', 'really: its deliveries go, too')
      .addHelpText('after', '\nExample:\n  $ reos webhook remove 4f7c… --yes'),
  async ask({ api, output }, [text], options) {
    const id = idOf(text);
    if (options.yes !== true) throw new ReosError('validation', `Deleting ${id} cannot be undone: add --yes.`);
    await take(api.DELETE('/api/v1/webhooks/{id}', { params: { path: { id } } }));
    output.answer({ id, removed: true }, `${id}: removed`);
  },
};

async function setStatus({ api, output }: Caller, text: string | undefined, status: 'active' | 'disabled') {
  const params = { path: { id: idOf(text) } };
  const changed = await take(api.PATCH('/api/v1/webhooks/{id}', { params, body: { status } }));
  output.answer({ ...changed }, `${changed.url}: ${changed.status}`);
}
