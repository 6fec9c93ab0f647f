import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { timeOf } from './contact-context.ts';
import { checkId, wholeNumber } from './lifecycle.ts';
import { findUser } from './user.ts';

/** `reos assign list`: who looks after a property, or what somebody looks after. */
export const assignList: ApiVerb = {
  describe: (command) =>
    command
      .description('Who looks after a property, or what somebody looks after')
      .option('--property <id>', 'who looks after this one')
      .option('--user <user>', 'what this person looks after, by e-mail address or id')
      .option('--open', 'with --user: only what is not completed')
      .option('--limit <n>', 'rows', '200')
      .addHelpText('after', '\nExample:\n  $ reos assign list --user ada@example.com --open'),
  async ask({ api, output }, _args, options) {
    if ((options.property === undefined) === (options.user === undefined)) {
      throw new ReosError('validation', 'Say of what: either --property ID or --user EMAIL.');
    }
    if (options.property !== undefined) {
      const path = { id: checkId(String(options.property)) };
      const { items } = await take(api.GET('/api/v1/properties/{id}/assignments', { params: { path } }));
      return output.answer({ assignments: items }, table(items, ['user_name', 'due_at', 'completed_at', 'note']));
    }
    const user = (await findUser(api, String(options.user))).id;
    const open = options.open === true ? { open: true } : {};
    const assignments = await collect(wholeNumber('--limit', options.limit), (page) =>
      take(api.GET('/api/v1/assignments', { params: { query: { ...page, user, ...open } } })),
    );
    output.answer({ assignments }, table(assignments, ['property_id', 'due_at', 'completed_at', 'note']));
  },
};

/** `reos assign set PROPERTY USER` */
export const assignSet: ApiVerb = {
  describe: (command) =>
    command
      .description('Assign a property to somebody, who is told; or say that it is done')
      .argument('<property>', 'property id')
      .argument('<user>', 'e-mail address or id')
      .option('--note <text>', 'what is to be done')
      .option('--due <time>', 'by when, such as 2026-11-30')
      .option('--done', 'it is completed')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos assign set 4f7c… ada@example.com --note "Call the owner" --due 2026-11-30',
      ),
  async ask({ api, output }, [property, user], options) {
    const path = { id: checkId(property), user_id: (await findUser(api, user)).id };
    const { items } = await take(api.GET('/api/v1/properties/{id}/assignments', { params: { path: { id: path.id } } }));
    // What is not said stays as it is.
    const before = items.find(({ user_id }) => user_id === path.user_id);
    const body = {
      note: options.note === undefined ? (before?.note ?? null) : String(options.note),
      due_at: options.due === undefined ? (before?.due_at ?? null) : timeOf('--due', options.due).toISOString(),
      completed: options.done === true,
    };
    const done = await take(api.PUT('/api/v1/properties/{id}/assignments/{user_id}', { params: { path }, body }));
    output.answer({ ...done }, `${path.id}: ${options.done === true ? 'completed' : 'assigned'}`);
  },
};

/** `reos assign remove PROPERTY USER` */
export const assignRemove: ApiVerb = {
  describe: (command) =>
    command
      .description('Take a property from somebody')
      .argument('<property>', 'property id')
      .argument('<user>', 'e-mail address or id')
      .addHelpText('after', '\nExample:\n  $ reos assign remove 4f7c… ada@example.com'),
  async ask({ api, output }, [property, user]) {
    const path = { id: checkId(property), user_id: (await findUser(api, user)).id };
    await take(api.DELETE('/api/v1/properties/{id}/assignments/{user_id}', { params: { path } }));
    output.answer({ property_id: path.id, user_id: path.user_id, removed: true }, `${path.id}: taken back`);
  },
};
