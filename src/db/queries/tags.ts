import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** A tenant's label for properties. */
export interface Tag {
  id: string;
  name: string;
  color: string | null;
  createdAt: Date;
}

/** Tags by name, those after `afterName` (in lower case). */
export function listTags(trx: TenantTrx, page: { limit: number; afterName: string | undefined }): Promise<Tag[]> {
  return trx.db
    .selectFrom('tags')
    .select(['id', 'name', 'color', 'createdAt'])
    .where('tenantId', '=', trx.tenantId)
    .$if(page.afterName !== undefined, (query) => query.where(sql`lower(name)`, '>', page.afterName))
    .orderBy(sql`lower(name)`)
    .limit(page.limit)
    .execute();
}

/** Makes a tag; undefined when there is one of that name. */
export function insertTag(trx: TenantTrx, tag: { name: string; color: string | null }): Promise<Tag | undefined> {
  return trx.db
    .insertInto('tags')
    .values({ tenantId: trx.tenantId, ...tag })
    .onConflict((oc) => oc.expression(sql`tenant_id, lower(name)`).doNothing())
    .returning(['id', 'name', 'color', 'createdAt'])
    .executeTakeFirst();
}

/** Deletes a tag; false when there is none of that id. */
export async function deleteTag(trx: TenantTrx, tagId: string): Promise<boolean> {
  const { numDeletedRows } = await trx.db
    .deleteFrom('tags')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', tagId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Tags whose name has the words in it, by name. */
export function findTagsByName(trx: TenantTrx, words: string, limit: number): Promise<Tag[]> {
  return trx.db
    .selectFrom('tags')
    .select(['id', 'name', 'color', 'createdAt'])
    .where('tenantId', '=', trx.tenantId)
    .where(sql<boolean>`strpos(lower(name), lower(${words}::text)) > 0`)
    .orderBy(sql`lower(name)`)
    .limit(limit)
    .execute();
}
