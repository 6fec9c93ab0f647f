import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId, oneOf } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos outreach unknowns`: sends of which nobody knows whether they left. */
export const outreachUnknowns: ApiVerb = {
  describe: (command) =>
    command
      .description('List sends whose outcome is not known; events of the provider or a person settle them')
      .option('--limit <n>', 'rows, 200 at most', '200')
      .addHelpText('after', '\nExample:\n  $ reos outreach unknowns --json'),
  async ask({ api, output }, _args, options) {
    const query = { limit: wholeNumber('--limit', options.limit) };
    const { items: unknowns } = await take(api.GET('/api/v1/outreach/unknowns', { params: { query } }));
    const text =
      unknowns.length === 0
        ? 'No send is unknown.'
        : `${table(unknowns, ['send_id', 'channel', 'provider', 'contact', 'property', 'since', 'why'])}\n\nLook each up at its provider, then: reos outreach settle SEND_ID --as sent|error --note "what was found"`;
    output.answer({ unknowns }, text);
  },
};

/** `reos outreach settle SEND_ID`: a person's decision on an unknown send. */
export const outreachSettle: ApiVerb = {
  describe: (command) =>
    command
      .description('Say what became of an unknown send; it is never posted again')
      .argument('<send>', 'send id')
      .requiredOption('--as <status>', 'sent or error')
      .requiredOption('--note <text>', 'how it was found out')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos outreach settle 4f7c… --as sent --note "in the provider\'s activity feed"',
      ),
  async ask({ api, output }, [text], options) {
    const id = checkContactId(text, 'send', 'reos outreach unknowns');
    const as = oneOf('--as', options.as, ['sent', 'error']);
    const note = String(options.note).trim();
    if (note === '') throw new ReosError('validation', '--note must say how it was found out.');
    const settled = await take(
      api.POST('/api/v1/outreach/unknowns/{id}/settle', { params: { path: { id } }, body: { as, note } }),
    );
    output.answer(settled, `${id}: ${as}${settled.settled ? '' : ', as before'}`);
  },
};
