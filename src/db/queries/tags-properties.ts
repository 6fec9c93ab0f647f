import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import type { Tag } from './tags.ts';

const UNIQUE_VIOLATION = '23505';

/** A tag by its id, which is not deleted before the transaction ends; undefined when there is none. */
export function findTag(trx: TenantTrx, tagId: string): Promise<Tag | undefined> {
  return trx.db
    .selectFrom('tags')
    .select(['id', 'name', 'color', 'createdAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', tagId)
    .forKeyShare()
    .executeTakeFirst();
}

/**
 * Changes a tag's name or colour: `undefined` for an unknown id, `taken` when another one has the name; the transaction
 * can then only be rolled back.
 */
export async function updateTag(
  trx: TenantTrx,
  tagId: string,
  change: { name?: string | undefined; color?: string | null | undefined },
): Promise<Tag | 'taken' | undefined> {
  const known = await findTag(trx, tagId);
  if (known === undefined) return undefined;
  const name = change.name ?? known.name;
  const color = change.color === undefined ? known.color : change.color;
  try {
    return await trx.db
      .updateTable('tags')
      .set({ name, color })
      .where('tenantId', '=', trx.tenantId)
      .where('id', '=', tagId)
      .returning(['id', 'name', 'color', 'createdAt'])
      .executeTakeFirst();
  } catch (error) {
    if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return 'taken';
    throw error;
  }
}

/** The tags of a property by name. */
export function listPropertyTags(trx: TenantTrx, propertyId: string): Promise<Tag[]> {
  return trx.db
    .selectFrom('propertyTags as p')
    .innerJoin('tags as t', (join) => join.onRef('t.tenantId', '=', 'p.tenantId').onRef('t.id', '=', 'p.tagId'))
    .select(['t.id', 't.name', 't.color', 't.createdAt'])
    .where('p.tenantId', '=', trx.tenantId)
    .where('p.propertyId', '=', propertyId)
    .orderBy(sql`lower(t.name)`)
    .execute();
}

/** Which of these ids are no properties of the tenant. */
export async function unknownProperties(trx: TenantTrx, propertyIds: readonly string[]): Promise<string[]> {
  const rows = await trx.db
    .selectFrom('properties')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', 'in', [...propertyIds])
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  return propertyIds.filter((id) => !known.has(id));
}

/** Puts a tag on properties; returns those that did not have it. `by`: the id of who does it. */
export async function tagProperties(
  trx: TenantTrx,
  tagId: string,
  propertyIds: readonly string[],
  by: string,
): Promise<string[]> {
  const rows = await trx.db
    .insertInto('propertyTags')
    .values([...propertyIds].sort().map((propertyId) => ({ tenantId: trx.tenantId, propertyId, tagId, createdBy: by })))
    .onConflict((oc) => oc.columns(['tenantId', 'propertyId', 'tagId']).doNothing())
    .returning('propertyId')
    .execute();
  return rows.map(({ propertyId }) => propertyId);
}

/** Takes a tag off a property; false when it was not on it. */
export async function untagProperty(trx: TenantTrx, tagId: string, propertyId: string): Promise<boolean> {
  const { numDeletedRows } = await trx.db
    .deleteFrom('propertyTags')
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .where('tagId', '=', tagId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
