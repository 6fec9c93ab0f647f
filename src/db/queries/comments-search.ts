import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { COMMENT_COLUMNS, type Comment } from './comments.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** How many of a tenant's newest comments a search looks at. */
export const SEARCHED_COMMENTS = 10_000;

/**
 * Comments with all the words of `words` (in the manner of a web search: "a phrase", -without), newest first. Looks at
 * the newest `SEARCHED_COMMENTS` after the place.
 */
export async function searchComments(
  trx: TenantTrx,
  search: { words: string; limit: number; after: TimePlace | undefined },
): Promise<(Comment & { micros: number })[]> {
  const newest = trx.db
    .selectFrom('comments as c')
    .selectAll('c')
    .where('c.tenantId', '=', trx.tenantId)
    .where('c.deletedAt', 'is', null)
    .$if(search.after !== undefined, (query) => query.where(isAfter('c.createdAt', 'c.id', search.after!, 'desc')))
    .orderBy('c.createdAt', 'desc')
    .orderBy('c.id', 'desc')
    .limit(SEARCHED_COMMENTS);
  return trx.db
    .selectFrom(newest.as('c'))
    .select([...COMMENT_COLUMNS, microsOf('c.createdAt').as('micros')])
    .where(sql<boolean>`to_tsvector('english', c.body) @@ websearch_to_tsquery('english', ${search.words})`)
    .orderBy('c.createdAt', 'desc')
    .orderBy('c.id', 'desc')
    .limit(search.limit)
    .execute();
}
