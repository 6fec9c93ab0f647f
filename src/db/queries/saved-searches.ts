import { sql } from 'kysely';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';
import { EXACT_COUNT, type PropertySearch, wantedOf } from './property-search.ts';

/** When the owner is told of new matches. */
export const ALERTS = ['none', 'instant', 'daily'] as const;
export type Alert = (typeof ALERTS)[number];

/** A search that somebody keeps. `query` is what the search route takes. */
export interface SavedSearch {
  id: string;
  userId: string;
  ownerName: string;
  name: string;
  query: unknown;
  isShared: boolean;
  alert: string;
  byEmail: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** What can be changed of a saved search. */
export interface SavedSearchChange {
  name?: string | undefined;
  query?: Record<string, unknown> | undefined;
  /** What `query` asks for; goes with it. */
  search?: PropertySearch | undefined;
  isShared?: boolean | undefined;
  alert?: Alert | undefined;
  byEmail?: boolean | undefined;
}

const visible = (trx: TenantTrx, userId: string | null) =>
  trx.db
    .selectFrom('savedSearches as s')
    .innerJoin('userAccounts as u', (join) =>
      join.onRef('u.tenantId', '=', 's.tenantId').onRef('u.id', '=', 's.userId'),
    )
    .where('s.tenantId', '=', trx.tenantId)
    .where((eb) => eb.or([eb('s.isShared', '=', true), ...(userId === null ? [] : [eb('s.userId', '=', userId)])]))
    .select([
      's.id',
      's.userId',
      'u.name as ownerName',
      's.name',
      's.query',
      's.isShared',
      's.alert',
      's.byEmail',
      's.createdAt',
      's.updatedAt',
    ]);

/** The user's own searches and the shared ones, by name; for a key (null) the shared ones. */
export function listSavedSearches(
  trx: TenantTrx,
  userId: string | null,
  page: { limit: number; after: { name: string; id: string } | undefined },
): Promise<SavedSearch[]> {
  return visible(trx, userId)
    .$if(page.after !== undefined, (query) =>
      query.where(sql<boolean>`(s.name, s.id) > (${page.after!.name}, ${page.after!.id}::uuid)`),
    )
    .orderBy('s.name')
    .orderBy('s.id')
    .limit(page.limit)
    .execute();
}

/** One search that the user may see; undefined when there is none. */
export function readSavedSearch(trx: TenantTrx, userId: string | null, id: string): Promise<SavedSearch | undefined> {
  return visible(trx, userId).where('s.id', '=', id).executeTakeFirst();
}

/** How many searches the user keeps. */
export async function countSavedSearches(trx: TenantTrx, userId: string): Promise<number> {
  const row = await trx.db
    .selectFrom('savedSearches')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('tenantId', '=', trx.tenantId)
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Keeps a search; undefined when the user has one of that name. */
export async function insertSavedSearch(
  trx: TenantTrx,
  search: { userId: string } & Required<SavedSearchChange>,
): Promise<string | undefined> {
  const { userId, name, query, search: wanted, isShared, alert, byEmail } = search;
  const row = await trx.db
    .insertInto('savedSearches')
    .values({
      tenantId: trx.tenantId,
      userId,
      name: name!,
      query: json(query),
      wanted: json(wantedOf(wanted!)),
      isShared: isShared!,
      alert: alert!,
      byEmail: byEmail!,
    })
    .onConflict((oc) => oc.columns(['tenantId', 'userId', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Changes what is given. Returns `taken` when the owner has another search of that name. */
export async function updateSavedSearch(
  trx: TenantTrx,
  { id, userId }: { id: string; userId: string },
  change: SavedSearchChange,
): Promise<'done' | 'taken'> {
  if (change.name !== undefined) {
    const other = await trx.db
      .selectFrom('savedSearches')
      .select('id')
      .where('tenantId', '=', trx.tenantId)
      .where('userId', '=', userId)
      .where('name', '=', change.name)
      .where('id', '<>', id)
      .executeTakeFirst();
    if (other !== undefined) return 'taken';
  }
  const { query, search, ...plain } = change;
  await trx.db
    .updateTable('savedSearches')
    .set({
      ...plain,
      ...(query === undefined ? {} : { query: json(query) }),
      ...(search === undefined ? {} : { wanted: json(wantedOf(search)) }),
      updatedAt: sql`now()`,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .execute();
  return 'done';
}

/** Deletes a search with what it has told of. */
export async function deleteSavedSearch(trx: TenantTrx, id: string): Promise<void> {
  await trx.db.deleteFrom('savedSearches').where('tenantId', '=', trx.tenantId).where('id', '=', id).execute();
}

/** Another price or another whole score is another version of a property. */
export const VERSION = sql<string>`concat_ws('/', coalesce(p.list_price_cents, -1), coalesce(floor(p.bird_dog_score), -1))`;

/**
 * Takes everything that the search finds now as known, so that its alerts tell of what comes after. Returns false,
 * and has done nothing, when more than EXACT_COUNT fit.
 */
export async function startAlerts(trx: TenantTrx, searchId: string, search: PropertySearch): Promise<boolean> {
  const wanted = JSON.stringify(wantedOf(search));
  const found = sql`find_property_ids(${wanted}::jsonb, 'none', null, null, ${EXACT_COUNT + 1}::int) found(id)`;
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${found}`.execute(trx.db);
  if ((rows[0]?.count ?? 0) > EXACT_COUNT) return false;
  await trx.db
    .deleteFrom('savedSearchHits')
    .where('tenantId', '=', trx.tenantId)
    .where('searchId', '=', searchId)
    .execute();
  await sql`insert into saved_search_hits (tenant_id, search_id, property_id, version, alerted_at)
    select p.tenant_id, ${searchId}::uuid, p.id, ${VERSION}, now() from ${found}
    join properties p on p.tenant_id = ${trx.tenantId} and p.id = found.id`.execute(trx.db);
  return true;
}
