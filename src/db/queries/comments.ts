import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** What a person or key wrote about a property. `body` is null once it was deleted: the answers to it stay. */
export interface Comment {
  id: string;
  propertyId: string;
  parentId: string | null;
  kind: string;
  /** Null when a key wrote it or the user is gone. */
  authorId: string | null;
  authorName: string;
  body: string | null;
  mentions: string[];
  createdAt: Date;
  editedAt: Date | null;
}

/** The columns of a comment; its table is called `c`. */
export const COMMENT_COLUMNS = [
  'c.id',
  'c.propertyId',
  'c.parentId',
  'c.kind',
  'c.authorId',
  'c.authorName',
  'c.createdAt',
  'c.editedAt',
  sql<string | null>`case when c.deleted_at is null then c.body end`.as('body'),
  sql<string[]>`array(select m.user_id from mentions m where m.tenant_id = c.tenant_id and m.comment_id = c.id
    order by m.user_id)::text[]`.as('mentions'),
] as const;

/** The comments of a property, oldest first. */
export function listComments(
  trx: TenantTrx,
  propertyId: string,
  page: { limit: number; after: TimePlace | undefined },
): Promise<(Comment & { micros: number })[]> {
  return trx.db
    .selectFrom('comments as c')
    .select([...COMMENT_COLUMNS, microsOf('c.createdAt').as('micros')])
    .where('c.tenantId', '=', trx.tenantId)
    .where('c.propertyId', '=', propertyId)
    .$if(page.after !== undefined, (query) => query.where(isAfter('c.createdAt', 'c.id', page.after!, 'asc')))
    .orderBy('c.createdAt')
    .orderBy('c.id')
    .limit(page.limit)
    .execute();
}

/** A comment that was not deleted, locked until the transaction ends; undefined when there is none of that id. */
export function findComment(trx: TenantTrx, commentId: string): Promise<Comment | undefined> {
  return trx.db
    .selectFrom('comments as c')
    .select([...COMMENT_COLUMNS])
    .where('c.tenantId', '=', trx.tenantId)
    .where('c.id', '=', commentId)
    .where('c.deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst();
}

/** Writes a comment; returns its id. */
export async function insertComment(
  trx: TenantTrx,
  comment: Pick<Comment, 'propertyId' | 'parentId' | 'kind' | 'authorId' | 'authorName'> & { body: string },
): Promise<string> {
  const { id } = await trx.db
    .insertInto('comments')
    .values({ tenantId: trx.tenantId, ...comment })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes a comment's text. */
export async function updateComment(trx: TenantTrx, commentId: string, body: string, now: Date): Promise<void> {
  await trx.db
    .updateTable('comments')
    .set({ body, editedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', commentId)
    .execute();
}

/** The users whom a comment names, from now on. */
export async function setMentions(trx: TenantTrx, commentId: string, userIds: readonly string[]): Promise<void> {
  await trx.db.deleteFrom('mentions').where('tenantId', '=', trx.tenantId).where('commentId', '=', commentId).execute();
  if (userIds.length === 0) return;
  await trx.db
    .insertInto('mentions')
    .values(userIds.map((userId) => ({ tenantId: trx.tenantId, commentId, userId })))
    .execute();
}

/** Takes a comment's text, mentions and notifications away for good; the place in its thread stays. */
export async function eraseComment(trx: TenantTrx, commentId: string, now: Date): Promise<void> {
  await setMentions(trx, commentId, []);
  await trx.db
    .updateTable('comments')
    .set({ body: '(deleted)', deletedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', commentId)
    .execute();
  await trx.db
    .deleteFrom('notifications')
    .where('tenantId', '=', trx.tenantId)
    .where('reference', '=', `comment:${commentId}`)
    .execute();
}
