import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';
import { ownerOf } from './saved-search.ts';

const USER = ['--user <user>', 'whose, by e-mail address or id: a key has none of its own'] as const;

/** `reos notification list` */
export const notificationList: ApiVerb = {
  describe: (command) =>
    command
      .description('What a person was told of, newest first')
      .option(...USER)
      .option('--unread', 'only what was not read yet')
      .option('--limit <n>', 'rows', '50')
      .addHelpText('after', '\nExample:\n  $ reos notification list --user ada@example.com --unread'),
  async ask({ api, output }, _args, options) {
    const of = { ...(await ownerOf(api, options.user)), ...(options.unread === true ? { unread: true } : {}) };
    const notifications = await collect(wholeNumber('--limit', options.limit), (page) =>
      take(api.GET('/api/v1/notifications', { params: { query: { ...page, ...of } } })),
    );
    output.answer({ notifications }, table(notifications, ['created_at', 'kind', 'title', 'read_at', 'id']));
  },
};

/** `reos notification read ID` or `--all` */
export const notificationRead: ApiVerb = {
  describe: (command) =>
    command
      .description('Mark a notification as read, or all of a person')
      .argument('[notification]', 'notification id')
      .option('--all', 'all of them')
      .option(...USER)
      .addHelpText('after', '\nExample:\n  $ reos notification read --all --user ada@example.com'),
  async ask({ api, output }, [text], options) {
    if ((text === undefined) === (options.all !== true)) {
      throw new ReosError('validation', 'Say which: a notification id, or --all. See: reos notification list');
    }
    const query = await ownerOf(api, options.user);
    if (text === undefined) {
      const { read } = await take(api.POST('/api/v1/notifications/read-all', { params: { query } }));
      return output.answer({ read }, `${read} marked as read`);
    }
    const id = checkContactId(text, 'notification', 'reos notification list');
    await take(api.POST('/api/v1/notifications/{id}/read', { params: { path: { id }, query } }));
    output.answer({ read: 1 }, `${id}: read`);
  },
};
