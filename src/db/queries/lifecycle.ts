import { type SqlBool, sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { isForward, type PropertyStatus, STATUS_BEFORE, type Stage } from '../../domain/lifecycle.ts';
import type { TenantTrx } from '../tenant.ts';
import { appendEvent } from './events.ts';

/** The row behind a lifecycle state, before thresholds and county names are put to it. */
export interface LifecycleRow {
  status: PropertyStatus;
  failedStage: Stage | null;
  failureReason: string | null;
  heldReason: string | null;
  isPaused: boolean;
  needsReview: boolean;
  countyFips: string;
  apn: string | null;
  birdDogScore: number | null;
  rescoreRequested: boolean;
  source: string | null;
  memoPath: string | null;
  memoIsCurrent: boolean;
  inFlight: number;
  campaignId: string | null;
  waitDays: number | null;
  sendsDueInMs: number | null;
}

/**
 * Reads what the workflow decides on, in one round trip.
 * @throws ReosError `not_found` when the tenant has no such property
 */
export async function readLifecycle(trx: TenantTrx, propertyId: string): Promise<LifecycleRow> {
  const row = await trx.db
    .selectFrom('properties as p')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('actionPackets as a')
          .select([
            'a.path',
            sql<boolean>`a.score_id = (select s.id from property_scores s where s.tenant_id = p.tenant_id and s.property_id = p.id order by s.scored_at desc limit 1)`.as(
              'current',
            ),
          ])
          .whereRef('a.tenantId', '=', 'p.tenantId')
          .whereRef('a.propertyId', '=', 'p.id')
          .where('a.status', '=', 'generated')
          .orderBy('a.createdAt', 'desc')
          .limit(1)
          .as('packet'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('outreachMessages as m')
          .innerJoin('campaigns as c', (join) =>
            join.onRef('c.tenantId', '=', 'm.tenantId').onRef('c.id', '=', 'm.campaignId'),
          )
          .select([
            sql<number>`count(*) filter (where m.status in ('sending', 'sent', 'delivered', 'opened', 'clicked', 'unknown')
              and coalesce(m.sent_at, m.sending_at, m.created_at) > now() - make_interval(secs => c.wait_days * 86400))::int`.as(
              'open',
            ),
            sql<string | null>`(array_agg(m.campaign_id order by m.created_at))[1]`.as('campaignId'),
            sql<number | null>`max(c.wait_days)`.as('waitDays'),
            // A send without a time waits for a person, unless it was planned and never looked at.
            sql<
              number | null
            >`max(0) filter (where m.status = 'pending' and (m.held_until is not null or m.held_reason is null))
              + greatest(0, extract(epoch from min(coalesce(m.held_until, now()))
                filter (where m.status = 'pending' and (m.held_until is not null or m.held_reason is null)) - now()) * 1000)::float8`.as(
              'dueInMs',
            ),
          ])
          .whereRef('m.tenantId', '=', 'p.tenantId')
          .whereRef('m.propertyId', '=', 'p.id')
          .as('sends'),
      (join) => join.onTrue(),
    )
    .select([
      'p.status',
      'p.failedStage',
      'p.failureReason',
      'p.heldReason',
      'p.isPaused',
      'p.needsReview',
      'p.countyFips',
      'p.apn',
      'p.birdDogScore',
      sql<boolean>`p.rescore_requested_at is not null`.as('rescoreRequested'),
      'packet.path as memoPath',
      sql<boolean>`coalesce(packet.current, false)`.as('memoIsCurrent'),
      sql<number>`coalesce(sends.open, 0)`.as('inFlight'),
      'sends.campaignId',
      'sends.waitDays',
      'sends.dueInMs as sendsDueInMs',
      (eb) =>
        eb
          .selectFrom('prospectQueue as q')
          .select('q.source')
          .whereRef('q.tenantId', '=', 'p.tenantId')
          .whereRef('q.propertyId', '=', 'p.id')
          .orderBy('q.createdAt')
          .limit(1)
          .as('source'),
    ])
    .where('p.tenantId', '=', trx.tenantId)
    .where('p.id', '=', propertyId)
    .executeTakeFirst();
  if (row === undefined) {
    throw new ReosError('not_found', `The tenant has no property ${propertyId}. List them with: reos lifecycle list`);
  }
  return { ...row, status: row.status as PropertyStatus, failedStage: row.failedStage as Stage | null };
}

/** Puts a failed property back to where its failed stage starts. Any other status stays. */
export async function restoreFailed(trx: TenantTrx, propertyId: string): Promise<void> {
  const row = await trx.db
    .selectFrom('properties')
    .select(['status', 'failedStage'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .forUpdate()
    .executeTakeFirst();
  if (row?.status !== 'failed') return;
  const stage = (row.failedStage ?? 'enrich') as Stage;
  await trx.db
    .updateTable('properties')
    .set({
      status: STATUS_BEFORE[stage],
      failedStage: null,
      failureReason: null,
      settledAt: null,
      updatedAt: sql`now()`,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .execute();
}

/** Moves the status forward; a status that is already further stays. Returns the status that now holds. */
export async function advanceStatus(trx: TenantTrx, propertyId: string, to: PropertyStatus): Promise<PropertyStatus> {
  const row = await trx.db
    .selectFrom('properties')
    .select('status')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new ReosError('not_found', `The tenant has no property ${propertyId}.`);
  const from = row.status as PropertyStatus;
  if (from === to || !isForward(from, to)) return from;
  await trx.db
    .updateTable('properties')
    .set({ status: to, updatedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .execute();
  return to;
}

/** Marks the property failed with the stage and a reason a person can act on, and tells the timeline. */
export async function markFailed(trx: TenantTrx, propertyId: string, stage: Stage, reason: string): Promise<void> {
  await trx.db
    .updateTable('properties')
    .set({ status: 'failed', failedStage: stage, failureReason: reason, settledAt: sql`now()`, updatedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .execute();
  await tell(trx, propertyId, { what: 'failed', stage, reason });
}

/** Remembers that nothing is left to do now, and why the property is held when it is. */
export async function markSettled(trx: TenantTrx, propertyId: string, heldReason: string | null): Promise<void> {
  await trx.db
    .updateTable('properties')
    .set({ settledAt: sql`coalesce(settled_at, now())`, heldReason })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .where((eb) => eb.or([eb('settledAt', 'is', null), sql<SqlBool>`held_reason is distinct from ${heldReason}`]))
    .execute();
}

/** Pauses or resumes; the workflow obeys, this is what restarts and screens read. */
export async function setPaused(trx: TenantTrx, propertyId: string, isPaused: boolean): Promise<void> {
  const { numUpdatedRows } = await trx.db
    .updateTable('properties')
    .set({ isPaused, updatedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .where('isPaused', '!=', isPaused)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await tell(trx, propertyId, { what: isPaused ? 'paused' : 'resumed' });
}

/** Ends the lifecycle by a person's word: `suppressed` (no outreach ever) or `closed` (the outcome is known). */
export async function endLifecycle(
  trx: TenantTrx,
  propertyId: string,
  status: 'suppressed' | 'closed',
  detail: Record<string, string | undefined>,
): Promise<void> {
  await trx.db
    .updateTable('properties')
    .set({ status, settledAt: sql`now()`, updatedAt: sql`now()`, failedStage: null, failureReason: null })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .execute();
  await tell(trx, propertyId, { what: status, ...detail });
}

function tell(trx: TenantTrx, propertyId: string, payload: Record<string, unknown>): Promise<void> {
  return appendEvent(trx, {
    eventType: 'timeline.updated',
    propertyId,
    correlationId: propertyId,
    payload,
    source: 'lifecycle',
  });
}
