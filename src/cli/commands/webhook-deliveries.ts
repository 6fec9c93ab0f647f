import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId, oneOf, timeOf } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';

const idOf = (text: string | undefined): string => checkContactId(text, 'webhook', 'reos webhook list');

/** `reos webhook rotate ID`: a new secret, shown once. */
export const webhookRotate: ApiVerb = {
  describe: (command) =>
    command
      .description('Take a new secret, shown once; for 24 hours the old one signs, too')
      .argument('<webhook>', 'webhook id')
      .addHelpText('after', '\nExample:\n  $ reos webhook rotate 4f7c…'),
  async ask({ api, output }, [text]) {
    const params = { path: { id: idOf(text) } };
    const made = await take(api.POST('/api/v1/webhooks/{id}/rotate-secret', { params }));
    output.answer({ ...made }, JSON.stringify(made, null, 2));
  },
};

/** `reos webhook deliveries ID` */
export const webhookDeliveries: ApiVerb = {
  describe: (command) =>
    command
      .description('What was sent to a webhook, newest first; kept for 30 days')
      .argument('<webhook>', 'webhook id')
      .option('--status <status>', 'pending, delivered or failed')
      .option('--limit <n>', 'rows', '50')
      .addHelpText('after', '\nExample:\n  $ reos webhook deliveries 4f7c… --status failed'),
  async ask({ api, output }, [text], options) {
    const path = { id: idOf(text) };
    const status =
      options.status === undefined
        ? {}
        : { status: oneOf('--status', options.status, ['pending', 'delivered', 'failed'] as const) };
    const deliveries = await collect(wholeNumber('--limit', options.limit), (page) =>
      take(api.GET('/api/v1/webhooks/{id}/deliveries', { params: { path, query: { ...page, ...status } } })),
    );
    const columns = ['created_at', 'event_type', 'status', 'attempts', 'last_status_code', 'last_error', 'id'];
    output.answer({ deliveries }, table(deliveries, columns));
  },
};

/** `reos webhook replay ID`: one delivery, or all that was missed since a time. */
export const webhookReplay: ApiVerb = {
  describe: (command) =>
    command
      .description('Send one delivery again, or everything that was missed since a time')
      .argument('<webhook>', 'webhook id')
      .option('--delivery <id>', 'this one, whatever became of it')
      .option('--since <time>', 'what was missed since then, such as 2026-11-30T08:00:00Z')
      .addHelpText('after', '\nExample:\n  $ reos webhook replay 4f7c… --since 2026-11-30'),
  async ask({ api, output }, [text], options) {
    const path = { id: idOf(text) };
    if ((options.delivery === undefined) === (options.since === undefined)) {
      throw new ReosError('validation', 'Say what to send again: either --delivery ID or --since TIME.');
    }
    if (options.delivery !== undefined) {
      const list = `reos webhook deliveries ${path.id}`;
      const delivery_id = checkContactId(String(options.delivery), 'delivery', list);
      const params = { path: { ...path, delivery_id } };
      const again = await take(api.POST('/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay', { params }));
      return output.answer({ ...again }, `${again.event_type} ${again.event_id}: ${again.status}`);
    }
    const body = { since: timeOf('--since', options.since).toISOString() };
    const { queued, has_more } = await take(api.POST('/api/v1/webhooks/{id}/replay', { params: { path }, body }));
    const more = has_more ? ' There is more: say it again when these are sent.' : '';
    output.answer({ queued, has_more }, `${queued} deliveries are sent again.${more}`);
  },
};

/** `reos webhook ping ID` */
export const webhookPing: ApiVerb = {
  describe: (command) =>
    command
      .description('Send a test message of the type webhook.ping')
      .argument('<webhook>', 'webhook id')
      .addHelpText('after', '\nExample:\n  $ reos webhook ping 4f7c…'),
  async ask({ api, output }, [text]) {
    const path = { id: idOf(text) };
    const sent = await take(api.POST('/api/v1/webhooks/{id}/ping', { params: { path } }));
    output.answer({ ...sent }, `Sent as ${sent.event_id}. What became of it: reos webhook deliveries ${path.id}`);
  },
};
