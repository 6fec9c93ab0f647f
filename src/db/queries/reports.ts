import { sql } from 'kysely';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';

export interface LifecycleListRow {
  id: string;
  countyFips: string;
  status: string;
  birdDogScore: number | null;
  apn: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zipCode: string | null;
  listPriceCents: number | null;
  estimatedValueCents: number | null;
  failedStage: string | null;
  reason: string | null;
  heldUntil: Date | null;
  isPaused: boolean;
  needsReview: boolean;
  updatedAt: Date;
}

/** Properties with where their lifecycle stands, best score first. A simulated address is no address. */
export function listLifecycles(
  trx: TenantTrx,
  filter: {
    propertyId?: string;
    status?: string;
    countyFips?: string;
    needsReview?: boolean;
    isPaused?: boolean;
    limit: number;
    offset: number;
  },
): Promise<LifecycleListRow[]> {
  return trx.db
    .selectFrom('properties')
    .select([
      'id',
      'countyFips',
      'status',
      'birdDogScore',
      'apn',
      knownText('properties', 'address').as('address'),
      knownText('properties', 'city').as('city'),
      'state',
      'zipCode',
      'listPriceCents',
      'estimatedValueCents',
      'failedStage',
      sql<string | null>`coalesce(failure_reason, held_reason)`.as('reason'),
      'heldUntil',
      'isPaused',
      'needsReview',
      'updatedAt',
    ])
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.propertyId !== undefined, (query) => query.where('id', '=', filter.propertyId!))
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.countyFips !== undefined, (query) => query.where('countyFips', '=', filter.countyFips!))
    .$if(filter.needsReview !== undefined, (query) => query.where('needsReview', '=', filter.needsReview!))
    .$if(filter.isPaused !== undefined, (query) => query.where('isPaused', '=', filter.isPaused!))
    .orderBy('birdDogScore', (order) => order.desc().nullsLast())
    .orderBy('id')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
}

/** Properties per status. */
export async function countByStatus(trx: TenantTrx): Promise<Record<string, number>> {
  const rows = await trx.db
    .selectFrom('properties')
    .select(['status', sql<number>`count(*)::int`.as('count')])
    .where('tenantId', '=', trx.tenantId)
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** How many properties there are and how many are settled: nothing is left to do for them now. */
export async function countSettled(trx: TenantTrx): Promise<{ total: number; settled: number }> {
  return trx.db
    .selectFrom('properties')
    .select([sql<number>`count(*)::int`.as('total'), sql<number>`count(settled_at)::int`.as('settled')])
    .where('tenantId', '=', trx.tenantId)
    .executeTakeFirstOrThrow();
}

/** The property's timeline, oldest first. */
export function timeline(trx: TenantTrx, propertyId: string) {
  return trx.db
    .selectFrom('eventLog')
    .select(['position', 'eventType', 'timestamp', 'payload'])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .orderBy('position')
    .execute();
}

/** Current memos with their property and score, newest first. */
export function listPackets(trx: TenantTrx, filter: { propertyId?: string; limit: number }) {
  return trx.db
    .selectFrom('actionPackets as a')
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'a.tenantId').onRef('p.id', '=', 'a.propertyId'),
    )
    .select([
      'a.id',
      'a.propertyId',
      'a.path',
      'a.sha256',
      'a.bytes',
      'a.pages',
      'a.templateVersion',
      'a.createdAt',
      knownText('p', 'address').as('address'),
      'p.apn',
      'p.birdDogScore',
    ])
    .where('a.tenantId', '=', trx.tenantId)
    .where('a.status', '=', 'generated')
    .$if(filter.propertyId !== undefined, (query) => query.where('a.propertyId', '=', filter.propertyId!))
    .orderBy('p.birdDogScore', (order) => order.desc().nullsLast())
    .orderBy('a.id')
    .limit(filter.limit)
    .execute();
}

/** Refused rows and blocked pages, by source and row. */
export function listQuarantine(trx: TenantTrx, limit: number) {
  return trx.db
    .selectFrom('quarantine')
    .select(['source', 'rowReference', 'kind', 'reasons'])
    .where('tenantId', '=', trx.tenantId)
    .orderBy('source')
    .orderBy('rowReference')
    .limit(limit)
    .execute();
}
