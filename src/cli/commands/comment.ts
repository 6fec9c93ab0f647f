import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { repeated } from '../search-options.ts';
import { checkContactId } from './contact-context.ts';
import { checkId, wholeNumber } from './lifecycle.ts';
import { findUser } from './user.ts';

const idOf = (text: string | undefined) => checkContactId(text, 'comment', 'reos comment list PROPERTY');

/** `reos comment list PROPERTY` */
export const commentList: ApiVerb = {
  describe: (command) =>
    command
      .description('Comments and notes on a property, oldest first')
      .argument('<property>', 'property id')
      .option('--limit <n>', 'rows', '200')
      .addHelpText('after', '\nExample:\n  $ reos comment list 4f7c…'),
  async ask({ api, output }, [text], options) {
    const path = { id: checkId(text) };
    const comments = await collect(wholeNumber('--limit', options.limit), (query) =>
      take(api.GET('/api/v1/properties/{id}/comments', { params: { path, query } })),
    );
    output.answer({ comments }, table(comments, ['created_at', 'kind', 'author_name', 'body', 'id']));
  },
};

/** `reos comment add PROPERTY TEXT` */
export const commentAdd: ApiVerb = {
  describe: (command) =>
    command
      .description('Write a comment on a property; everybody it names is told')
      .argument('<property>', 'property id')
      .argument('<text>', 'what it says')
      .option('--note', 'a note of its own, not part of a talk')
      .option('--to <comment>', 'as an answer to this comment')
      .option('--mention <user>', 'tell this person, by e-mail address or id; again for more', repeated)
      .addHelpText('after', '\nExample:\n  $ reos comment add 4f7c… "Roof is from 2019" --mention ada@example.com'),
  async ask({ api, output }, [property, text], options) {
    const path = { id: checkId(property) };
    const mentions: string[] = [];
    for (const name of (options.mention as string[] | undefined) ?? []) mentions.push((await findUser(api, name)).id);
    const body = {
      body: String(text),
      kind: options.note === true ? ('note' as const) : ('comment' as const),
      ...(options.to === undefined ? {} : { parent_id: idOf(String(options.to)) }),
      mentions,
    };
    const made = await take(api.POST('/api/v1/properties/{id}/comments', { params: { path }, body }));
    output.answer({ ...made }, `${made.id}: written`);
  },
};

/** `reos comment rm ID` */
export const commentRm: ApiVerb = {
  describe: (command) =>
    command
      .description('Delete a comment: its text is erased, its place in the talk stays')
      .argument('<comment>', 'comment id')
      .addHelpText('after', '\nExample:\n  $ reos comment rm 4f7c…'),
  async ask({ api, output }, [text]) {
    const id = idOf(text);
    await take(api.DELETE('/api/v1/comments/{id}', { params: { path: { id } } }));
    output.answer({ id, removed: true }, `${id}: removed`);
  },
};
