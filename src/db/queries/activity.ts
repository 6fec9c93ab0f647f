import { sql } from 'kysely';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';

/** How many events a page looks at when it is narrowed by actor or type. */
export const SEARCHED_EVENTS = 10_000;

/** What the feed is narrowed by. */
export interface ActivityFilter {
  propertyId?: string | undefined;
  /** A user's id. */
  actorId?: string | undefined;
  /** An event's type, or what its payload says happened: `comment.created`, `failed`. */
  type?: string | undefined;
  since?: Date | undefined;
}

/** Something that happened. */
export interface ActivityRow {
  position: number;
  eventId: string;
  eventType: string;
  /** What the payload says happened; null when the type says it all. */
  what: string | null;
  timestamp: Date;
  source: string | null;
  userId: string | null;
  userName: string | null;
  propertyId: string | null;
  address: string | null;
  unit: string | null;
  city: string | null;
  apn: string | null;
  payload: unknown;
}

/**
 * Events newest first, before a position. `lookedTo`: the position that was looked at last when the page may have ended
 * before `limit` because it had looked at SEARCHED_EVENTS; null otherwise.
 */
export async function listActivity(
  trx: TenantTrx,
  filter: ActivityFilter,
  page: { limit: number; before: number | undefined },
): Promise<{ rows: ActivityRow[]; lookedTo: number | null }> {
  const isNarrow = filter.actorId !== undefined || filter.type !== undefined;
  const size = isNarrow ? SEARCHED_EVENTS : page.limit;
  const newest = trx.db
    .selectFrom('eventLog as e')
    .select(['e.tenantId', 'e.position', 'e.eventId', 'e.eventType', 'e.timestamp', 'e.propertyId'])
    .select(['e.payload', sql<string | null>`coalesce(e.payload ->> 'what', e.payload ->> 'kind')`.as('what')])
    .select([
      sql<string | null>`e.metadata ->> 'user_id'`.as('userId'),
      sql<string | null>`e.metadata ->> 'source'`.as('source'),
    ])
    .where('e.tenantId', '=', trx.tenantId)
    .$if(filter.propertyId !== undefined, (query) => query.where('e.propertyId', '=', filter.propertyId!))
    .$if(filter.since !== undefined, (query) => query.where('e.timestamp', '>=', filter.since!))
    .$if(page.before !== undefined, (query) => query.where('e.position', '<', page.before!))
    .orderBy('e.position', 'desc')
    .limit(size);
  const rows = await trx.db
    .with('newest', () => newest)
    .selectFrom('newest as e')
    .leftJoin('userAccounts as u', (join) =>
      join.onRef('u.tenantId', '=', 'e.tenantId').on(sql<boolean>`u.id::text = e.user_id`),
    )
    .leftJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'e.tenantId').onRef('p.id', '=', 'e.propertyId'),
    )
    .select([
      'e.position',
      'e.eventId',
      'e.eventType',
      'e.what',
      'e.timestamp',
      'e.source',
      'e.propertyId',
      'e.payload',
    ])
    .select(['u.id as userId', 'u.name as userName', 'p.apn', 'p.unit'])
    .select([knownText('p', 'address').as('address'), knownText('p', 'city').as('city')])
    .$if(filter.actorId !== undefined, (query) => query.where('e.userId', '=', filter.actorId!))
    .$if(filter.type !== undefined, (query) =>
      query.where((eb) => eb.or([eb('e.eventType', '=', filter.type!), eb('e.what', '=', filter.type!)])),
    )
    .orderBy('e.position', 'desc')
    .limit(page.limit)
    .execute();
  if (!isNarrow || rows.length === page.limit) return { rows, lookedTo: null };
  const looked = await trx.db
    .with('newest', () => newest)
    .selectFrom('newest')
    .select([sql<number>`count(*)::int`.as('count'), sql<number | null>`min(position)`.as('last')])
    .executeTakeFirstOrThrow();
  return { rows, lookedTo: looked.count === SEARCHED_EVENTS ? looked.last : null };
}
