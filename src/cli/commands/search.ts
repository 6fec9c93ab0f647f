import { ReosError } from '../../domain/errors.ts';
import { type components, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import type { ApiVerb } from '../main.ts';
import { usd } from '../money.ts';
import { table } from '../output.ts';
import { searchNotes } from '../search-notes.ts';
import { type SearchFilter, searchFilterOf, withSearchOptions } from '../search-options.ts';
import { oneOf } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';

type Found = components['schemas']['PropertyFinding'];
/** Orders of a search. */
export const SORTS = ['-bird_dog_score', '-updated_at', 'list_price', '-list_price'] as const;
const LARGEST_PAGE = 200;
const COLUMNS = ['property', 'city', 'price', 'score', 'status', 'id'];

/** `reos search WORDS`: properties by words, place and ranges, or by meaning. */
export const search: ApiVerb = {
  describe: (command) =>
    withSearchOptions(
      command
        .description('Search properties by words, place and ranges, or by meaning')
        .argument('[words...]', 'words of address, owner, parcel number or remarks: "corner lot" -pool'),
    )
      .option('--semantic', 'by what the words mean, nearest first; needs an embedding model')
      .option('--in <where>', 'in comments, notes, assignments, tags or contacts (with commas between), or all of them')
      .option('--sort <order>', SORTS.join(', '), '-bird_dog_score')
      .option('--facets', 'count by status, type, city and price, too')
      .option('--limit <n>', 'rows', '50')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos search corner lot --city Seattle --max-price 450k\n  $ reos search roof --in comments,notes',
      ),
  async ask(caller, words, options) {
    const q = words.join(' ').trim();
    const limit = wholeNumber('--limit', options.limit);
    if (options.in !== undefined) return searchNotes(caller, q, String(options.in), limit);
    const filter = await searchFilterOf(caller.api, options);
    if (options.semantic !== true) {
      const asked = q === '' ? filter : { ...filter, q };
      return answerSearch(caller, asked, { limit, sort: sortOf(options.sort), facets: options.facets === true });
    }
    if (q === '') throw new ReosError('validation', 'Say what is looked for: reos search --semantic quiet street');
    const query = { ...filter, semantic: q, limit };
    const { model, properties } = await take(caller.api.GET('/api/v1/properties/semantic', { params: { query } }));
    const rows = properties.map(({ similarity, property }) => ({
      similarity: similarity.toFixed(3),
      ...rowOf(property),
    }));
    caller.output.answer({ model, properties }, table(rows, ['similarity', ...COLUMNS]));
  },
};

/** @throws ReosError `validation` */
export const sortOf = (value: unknown) => oneOf('--sort', value, SORTS);

/** Answers with as many of a search's properties as are asked for, in its order. */
export async function answerSearch(
  { api, output }: Caller,
  filter: SearchFilter,
  page: { limit: number; sort: (typeof SORTS)[number]; facets: boolean },
): Promise<void> {
  const properties: Found[] = [];
  let cursor: string | undefined;
  let first: components['schemas']['PropertySearchResult'] | undefined;
  do {
    const size = Math.max(1, Math.min(LARGEST_PAGE, page.limit - properties.length));
    const facets = page.facets && first === undefined;
    const query = { ...filter, sort: page.sort, facets, limit: size, ...(cursor === undefined ? {} : { cursor }) };
    const found = await take(api.GET('/api/v1/properties/search', { params: { query } }));
    first ??= found;
    properties.push(...found.properties);
    cursor = found.next_cursor ?? undefined;
  } while (cursor !== undefined && properties.length < page.limit);
  const { total_count, total_count_is_estimate, facets } = first;
  const total = { total_count, total_count_is_estimate, ...(facets === undefined ? {} : { facets }) };
  const about = `${total_count_is_estimate ? 'About ' : ''}${total_count} fit.`;
  const counts = Object.entries(facets ?? {}).map(
    ([name, values]) => `${name}: ${values.map(({ value, count }) => `${value} ${count}`).join(', ')}`,
  );
  output.answer(
    { ...total, properties: properties.slice(0, page.limit) },
    [table(properties.slice(0, page.limit).map(rowOf), COLUMNS), about, ...counts].join('\n'),
  );
}

/** A property as a line of a table. */
function rowOf(house: Pick<Found, 'address' | 'unit' | 'city' | 'list_price' | 'bird_dog_score' | 'status' | 'id'>) {
  return {
    property: [house.address, house.unit].filter(Boolean).join(' '),
    city: house.city ?? '',
    price: usd(house.list_price),
    score: house.bird_dog_score?.toFixed(1) ?? '',
    status: house.status,
    id: house.id,
  };
}
