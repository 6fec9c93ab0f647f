import { ReosError } from '../domain/errors.ts';
import { take } from '../sdk/client.ts';
import type { Caller } from './caller.ts';
import { table } from './output.ts';

const LARGEST_PAGE = 200;

/**
 * Answers with what people wrote, tags and contacts that have the words.
 * @param places as the API takes them, such as `comments,tags`; `all` for everywhere
 * @throws ReosError `validation` without words
 */
export async function searchNotes(
  { api, output }: Caller,
  words: string,
  places: string,
  limit: number,
): Promise<void> {
  if (words === '') throw new ReosError('validation', 'Say what is looked for: reos search roof --in comments');
  const where = places === 'all' ? {} : { in: places };
  const ask = (page: { limit: number; cursor?: string }) =>
    take(api.GET('/api/v1/search', { params: { query: { q: words, ...where, ...page } } }));
  const first = await ask({ limit: Math.max(1, Math.min(limit, LARGEST_PAGE)) });
  const items = [...first.items];
  let cursor = first.next_cursor;
  while (cursor !== null && items.length < limit) {
    const page = await ask({ limit: Math.min(limit - items.length, LARGEST_PAGE), cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  const { tags, contacts } = first;
  const found = { items: items.slice(0, limit), tags: tags.slice(0, limit), contacts: contacts.slice(0, limit) };
  const rows = found.items.map((one) => ({ ...one, text: one.text.replace(/\s+/g, ' ') }));
  const parts = [
    ...(rows.length === 0 ? [] : [table(rows, ['at', 'kind', 'name', 'text', 'property_id'])]),
    ...(found.tags.length === 0 ? [] : [table(found.tags, ['name', 'color', 'id'])]),
    ...(found.contacts.length === 0 ? [] : [table(found.contacts, ['name', 'kind', 'email', 'phone', 'id'])]),
  ];
  output.answer(found, parts.length === 0 ? 'Nothing was found.' : parts.join('\n\n'));
}
