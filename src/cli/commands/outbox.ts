import { join } from 'node:path';
import { take } from '../../sdk/client.ts';
import { type Caller, withCaller } from '../caller.ts';
import { collect } from '../listing.ts';
import type { EitherVerb } from '../main.ts';
import { table } from '../output.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos outbox`: what was sent, to whom, and what became of it. */
export const outbox: EitherVerb = {
  describe: (command) =>
    command
      .description('List messages with their status; without a mail provider they are files in the outbox folder')
      .option('--status <status>', 'such as sent, delivered, opened, clicked, unknown')
      .option('--limit <n>', 'rows', '200')
      .addHelpText('after', '\nExample:\n  $ reos outbox --status unknown'),
  run: (context, _args, options) =>
    withCaller(context, {}, async (caller) => {
      const { items } = await take(caller.api.GET('/api/v1/tenants', { params: {} }));
      return tell(caller, options, join(context.settings.home, 'outbox', items[0]!.id));
    }),
  askRemote: (caller, _args, options) => tell(caller, options, null),
};

/** @param folder where the files are; null when that is another machine's disk */
async function tell({ api, output }: Caller, options: Record<string, unknown>, folder: string | null): Promise<void> {
  const status = options.status === undefined ? {} : { status: String(options.status) };
  const messages = await collect(wholeNumber('--limit', options.limit), (page) =>
    take(api.GET('/api/v1/outbox', { params: { query: { ...page, ...status } } })),
  );
  const shown = messages.map((row) => ({
    ...row,
    property: row.address ?? row.apn,
    opens: row.open_count,
    clicks: row.click_count,
  }));
  const rows = table(shown, ['contact', 'property', 'status', 'opens', 'clicks', 'send_id']);
  output.answer({ folder, messages }, folder === null ? rows : `${rows}\n\nFolder: ${folder}`);
}
