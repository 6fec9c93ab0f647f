import { ReosError } from '../../domain/errors.ts';
import { type components, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { searchFilterOf, withSearchOptions } from '../search-options.ts';
import { oneOf } from './contact-context.ts';
import { findUser } from './user.ts';

type SavedSearch = components['schemas']['SavedSearch'];
const EVERY_SEARCH = 100_000;
const USER = ['--user <user>', 'whose, by e-mail address or id: a key has none of its own'] as const;

/** `reos saved-search list`: one's own and the shared ones. */
export const savedSearchList: ApiVerb = {
  describe: (command) =>
    command
      .description('List saved searches: one’s own and the shared ones')
      .option(...USER)
      .addHelpText('after', '\nExample:\n  $ reos saved-search list --user ada@example.com'),
  async ask({ api, output }, _args, options) {
    const searches = await allSearches(api, await ownerOf(api, options.user));
    const rows = searches.map(({ owner, filter, ...row }) => ({
      ...row,
      owner: owner.name,
      filter: Object.entries(filter)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(' '),
    }));
    output.answer({ saved_searches: searches }, table(rows, ['name', 'owner', 'shared', 'alert', 'filter', 'id']));
  },
};

/** `reos saved-search add NAME WORDS`: keeps a search for somebody. */
export const savedSearchAdd: ApiVerb = {
  describe: (command) =>
    withSearchOptions(
      command
        .description('Keep a search, and have its owner told of what comes to fit')
        .argument('<name>', 'its name')
        .argument('[words...]', 'words as reos search takes them'),
    )
      .option(...USER)
      .option('--shared', 'everybody of the tenant sees it')
      .option('--alert <when>', 'off, instant or daily', 'off')
      .option('--email', 'alerts are mailed, too')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos saved-search add bargains --county king-wa --max-price 450k --alert daily --user ada@example.com',
      ),
  async ask({ api, output }, [name, ...words], options) {
    const q = words.join(' ').trim();
    const body = {
      name: String(name),
      filter: { ...(await searchFilterOf(api, options)), ...(q === '' ? {} : { q }) },
      shared: options.shared === true,
      alert: oneOf('--alert', options.alert, ['off', 'instant', 'daily'] as const),
      email: options.email === true,
      ...(await ownerOf(api, options.user)),
    };
    const made = await take(api.POST('/api/v1/saved-searches', { body }));
    output.answer({ ...made }, `${made.name} is kept for ${made.owner.name}: ${made.id}`);
  },
};

/** `reos saved-search rm NAME` */
export const savedSearchRm: ApiVerb = {
  describe: (command) =>
    command
      .description('Delete a saved search; a scheduled report of it fails until it is given another')
      .argument('<search>', 'name or id')
      .option(...USER)
      .addHelpText('after', '\nExample:\n  $ reos saved-search rm bargains --user ada@example.com'),
  async ask({ api, output }, [name], options) {
    const query = await ownerOf(api, options.user);
    const { id } = await findSavedSearch(api, String(name), query);
    await take(api.DELETE('/api/v1/saved-searches/{id}', { params: { path: { id }, query } }));
    output.answer({ id, removed: true }, `${id}: removed`);
  },
};

/** The saved search of a name or id, among those that are seen. @throws ReosError `not_found`, `conflict` */
export async function findSavedSearch(
  api: Caller['api'],
  name: string,
  owner: { user_id?: string },
): Promise<SavedSearch> {
  const fitting = (await allSearches(api, owner)).filter((one) => one.id === name || one.name === name);
  if (fitting.length > 1)
    throw new ReosError('conflict', `${fitting.length} searches are named '${name}'. Say the id.`);
  if (fitting[0] !== undefined) return fitting[0];
  throw new ReosError('not_found', `There is no saved search '${name}'. See: reos saved-search list`);
}

/** Whose things are meant, as the API takes it. @throws ReosError `not_found` */
export async function ownerOf(api: Caller['api'], user: unknown): Promise<{ user_id?: string }> {
  return user === undefined ? {} : { user_id: (await findUser(api, String(user))).id };
}

function allSearches(api: Caller['api'], owner: { user_id?: string }): Promise<SavedSearch[]> {
  return collect(EVERY_SEARCH, (page) =>
    take(api.GET('/api/v1/saved-searches', { params: { query: { ...page, ...owner } } })),
  );
}
