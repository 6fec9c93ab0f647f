import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { timeOf } from './contact-context.ts';
import { checkId, wholeNumber } from './lifecycle.ts';
import { findUser } from './user.ts';

/** `reos activity`: what people and the system did. */
export const activity: ApiVerb = {
  describe: (command) =>
    command
      .description('What people and the system did, newest first')
      .option('--property <id>', 'to this property')
      .option('--user <user>', 'by this person, by e-mail address or id')
      .option('--type <type>', 'of this kind, such as property.scored or comment.created')
      .option('--since <time>', 'since then, such as 2026-11-30')
      .option('--limit <n>', 'rows', '50')
      .addHelpText('after', '\nExample:\n  $ reos activity --user ada@example.com --since 2026-11-01'),
  async ask({ api, output }, _args, options) {
    const filter = {
      ...(options.property === undefined ? {} : { property_id: checkId(String(options.property)) }),
      ...(options.user === undefined ? {} : { actor_id: (await findUser(api, String(options.user))).id }),
      ...(options.type === undefined ? {} : { type: String(options.type) }),
      ...(options.since === undefined ? {} : { since: timeOf('--since', options.since).toISOString() }),
    };
    const happened = await collect(wholeNumber('--limit', options.limit), (page) =>
      take(api.GET('/api/v1/activity', { params: { query: { ...page, ...filter } } })),
    );
    const rows = happened.map((row) => ({ at: row.at, what: row.summary, property: row.property?.label ?? '' }));
    output.answer({ activity: happened }, table(rows, ['at', 'what', 'property']));
  },
};
