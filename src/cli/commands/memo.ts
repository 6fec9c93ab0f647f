import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import { type components, take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkId, wholeNumber } from './lifecycle.ts';

type Memo = components['schemas']['Document'];

/** The four facts of a property's newest memo for a script; null in each when it has none. */
const newestOf = (memo: Memo | undefined) => ({
  path: memo?.path ?? null,
  pages: memo?.pages ?? null,
  sha256: memo?.sha256 ?? null,
  url: memo?.url ?? null,
});

/** `reos memo [ID]`: the memos, or one property's: its link, or its PDF in a file. */
export const memo: ApiVerb = {
  describe: (command) =>
    command
      .description('List memos with signed links, or save one as a file')
      .argument('[property]', 'property id')
      .option('--out <file>', 'write the PDF there')
      .option('--limit <n>', 'rows', '100')
      .addHelpText('after', '\nExample:\n  $ reos memo 4f7c… --out memo.pdf'),
  async ask({ api, output, download }, [text], options) {
    const id = text === undefined ? undefined : checkId(text);
    const limit = wholeNumber('--limit', options.limit);
    if (id === undefined && options.out !== undefined) {
      throw new ReosError('validation', '--out needs a property id: reos memo ID --out FILE');
    }
    // An unknown property is said to be unknown, and not to have no memo.
    if (id !== undefined) await take(api.GET('/api/lifecycles/{id}', { params: { path: { id } } }));
    const filter = { status: 'generated', ...(id === undefined ? {} : { property_id: id }) } as const;
    const memos = await collect(limit, (page) =>
      take(api.GET('/api/v1/documents', { params: { query: { ...page, ...filter } } })),
    );
    if (options.out !== undefined) {
      const [chosen] = memos;
      if (chosen === undefined) {
        const message = `Property ${id} has no memo. A memo is written from the memo threshold on.`;
        throw new ReosError('not_found', message);
      }
      if (chosen.url === null) throw new ReosError('missing_part', 'The server makes no links to files.');
      await writeFile(resolve(String(options.out)), await download(chosen.url));
    }
    const shown = memos.map((row) => ({ property: row.property_id, pages: row.pages, link: row.url }));
    const none = 'No memo yet: one is written from the memo threshold on (thresholds.memo in config/scoring.yaml).';
    output.answer(
      { ...(id === undefined ? {} : newestOf(memos[0])), memos },
      id !== undefined && memos.length === 0 ? none : table(shown, ['property', 'pages', 'link']),
    );
  },
};
