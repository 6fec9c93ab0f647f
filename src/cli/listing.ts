import { itemsOf, type Page } from '../sdk/client.ts';

const LARGEST_PAGE = 200;

/** The first items of a list of the API, from as many pages as that takes. */
export async function collect<T>(
  limit: number,
  fetchPage: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  if (limit === 0) return items;
  const pageLimit = Math.min(limit, LARGEST_PAGE);
  const pages = itemsOf((cursor) => fetchPage({ limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) }));
  for await (const item of pages) {
    items.push(item);
    if (items.length >= limit) break;
  }
  return items;
}
