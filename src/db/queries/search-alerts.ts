import { sql } from 'kysely';
import type { SystemTrx, TenantTrx } from '../tenant.ts';
import { type EventPlace, lastPlace } from './event-feed.ts';
import { VERSION } from './saved-searches.ts';

const READER = 'search-alerts';

/** How far the alerts have read the event log. The first time they begin at its end. */
export async function readAlertPlace(trx: SystemTrx): Promise<EventPlace> {
  const place = await trx.db
    .selectFrom('eventCursors')
    .select(['xid', 'position'])
    .where('reader', '=', READER)
    .executeTakeFirst();
  if (place !== undefined) return place;
  const end = await lastPlace(trx);
  await saveAlertPlace(trx, end);
  return end;
}

/** Remembers the place; one that is further on, from another process, stays. */
export async function saveAlertPlace(trx: SystemTrx, place: EventPlace): Promise<void> {
  await sql`insert into event_cursors (reader, xid, position) values (${READER}, ${place.xid}::xid8, ${place.position}::bigint)
    on conflict (reader) do update set xid = excluded.xid, position = excluded.position, updated_at = now()
    where (event_cursors.xid, event_cursors.position) < (excluded.xid, excluded.position)`.execute(trx.db);
}

/** A search whose owner wants to be told. */
export interface AlertingSearch {
  id: string;
  userId: string;
  name: string;
  wanted: unknown;
  alert: string;
  byEmail: boolean;
}

/** The tenant's searches with alerts, those of active users. */
export function listAlertingSearches(trx: TenantTrx): Promise<AlertingSearch[]> {
  return trx.db
    .selectFrom('savedSearches as s')
    .innerJoin('userAccounts as u', (join) =>
      join.onRef('u.tenantId', '=', 's.tenantId').onRef('u.id', '=', 's.userId'),
    )
    .select(['s.id', 's.userId', 's.name', 's.wanted', 's.alert', 's.byEmail'])
    .where('s.tenantId', '=', trx.tenantId)
    .where('s.alert', '<>', 'none')
    .where('u.status', '=', 'active')
    .orderBy('s.id')
    .execute();
}

/** A property that a search is to tell of, as it is now. Whole cents. */
export interface SearchHit {
  propertyId: string;
  version: string;
  label: string;
  listPriceCents: number | null;
  birdDogScore: number | null;
}

const HIT = sql`p.id as property_id, h.version,
  concat_ws(', ', coalesce(p.address, 'Parcel ' || p.apn, p.id::text), p.city) as label,
  p.list_price_cents, p.bird_dog_score`;

/**
 * Records which of these properties fit the search in a version that it has not told of, and returns them. Those of a
 * daily search wait for its digest.
 */
export async function recordHits(
  trx: TenantTrx,
  search: AlertingSearch,
  propertyIds: readonly string[],
): Promise<SearchHit[]> {
  const { rows } = await sql<SearchHit>`
    with h as (
      insert into saved_search_hits (tenant_id, search_id, property_id, version, alerted_at)
      select p.tenant_id, ${search.id}::uuid, p.id, ${VERSION}, ${search.alert === 'instant' ? sql`now()` : sql`null`}
      from match_property_ids(${JSON.stringify(search.wanted)}::jsonb, ${[...propertyIds]}::uuid[]) found(id)
        join properties p on p.tenant_id = ${trx.tenantId} and p.id = found.id
      on conflict (tenant_id, search_id, property_id)
        do update set version = excluded.version, alerted_at = excluded.alerted_at
        where saved_search_hits.version <> excluded.version
      returning property_id, version
    )
    select ${HIT} from h join properties p on p.tenant_id = ${trx.tenantId} and p.id = h.property_id
    order by p.bird_dog_score desc nulls last, p.id`.execute(trx.db);
  return rows;
}

/** A daily search whose digest was last made at `alertedUntil`; locked against another process. */
export async function lockDailySearches(trx: TenantTrx): Promise<(AlertingSearch & { alertedUntil: Date })[]> {
  const { rows } = await sql<AlertingSearch & { alertedUntil: Date }>`
    select s.id, s.user_id, s.name, s.wanted, s.alert, s.by_email, s.alerted_until
    from saved_searches s where s.tenant_id = ${trx.tenantId} and s.alert = 'daily'
    order by s.id for update skip locked`.execute(trx.db);
  return rows;
}

/** Takes what waits for the search's digest, best score first: the number of all, and the first of them. */
export async function takeWaitingHits(
  trx: TenantTrx,
  searchId: string,
  shown: number,
  now: Date,
): Promise<{ count: number; hits: SearchHit[] }> {
  const { rows } = await sql<SearchHit & { total: number }>`
    with h as (
      update saved_search_hits set alerted_at = ${now}
      where tenant_id = ${trx.tenantId} and search_id = ${searchId} and alerted_at is null
      returning property_id, version
    )
    select ${HIT}, count(*) over ()::int as total
    from h join properties p on p.tenant_id = ${trx.tenantId} and p.id = h.property_id
    order by p.bird_dog_score desc nulls last, p.id limit ${shown}`.execute(trx.db);
  await trx.db
    .updateTable('savedSearches')
    .set({ alertedUntil: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', searchId)
    .execute();
  return { count: rows[0]?.total ?? 0, hits: rows };
}
