import { randomUUID } from 'node:crypto';
import { type SqlBool, sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { predictionAccuracy } from '../../domain/market/recalibration.ts';
import type { TenantTrx } from '../tenant.ts';

/** A recommendation as it is written down. */
export interface NewRecommendation {
  id?: string | undefined;
  packetId?: string | undefined;
  tool: string;
  market?: string | undefined;
  segment?: string | undefined;
  recommendation: string;
  /** 0–1: that it comes true. */
  probability: number;
  /** In the unit of the tool's figure. */
  predictedValue?: number | undefined;
}

/** What was done about it, or what came of it; what is left out stays. */
export interface FeedbackChange {
  /** Null takes back what was said before. */
  actionTaken?: 'accepted' | 'rejected' | 'modified' | 'ignored' | null | undefined;
  outcome?: boolean | undefined;
  actualValue?: number | undefined;
  note?: string | undefined;
}

const COLUMNS = [
  'id',
  'packetId',
  'tool',
  'market',
  'segment',
  'recommendation',
  'predictedProbability',
  'predictedValue',
  'recommendedAt',
  'actionTaken',
  'actedAt',
  'outcome',
  'actualValue',
  'outcomeAt',
  'predictionAccuracy',
  'note',
] as const;

/** A row of mart.feedback_log. */
export type FeedbackRow = Awaited<ReturnType<typeof updateFeedback>>;

/** Writes a recommendation down. The same id twice is the same row. */
export async function insertRecommendation(trx: TenantTrx, made: NewRecommendation, now: Date) {
  const { probability, id = randomUUID(), ...columns } = made;
  await trx.db
    .insertInto('mart.feedbackLog')
    .values({ ...columns, id, tenantId: trx.tenantId, predictedProbability: probability, recommendedAt: now })
    .onConflict((conflict) => conflict.columns(['tenantId', 'id']).doNothing())
    .execute();
  return trx.db.selectFrom('mart.feedbackLog').select(COLUMNS).where('id', '=', id).executeTakeFirstOrThrow();
}

/**
 * Writes down what was done or what came of it, and how close the recommendation came.
 * @throws ReosError `not_found` for an id that is not the tenant's
 */
export async function updateFeedback(trx: TenantTrx, id: string, change: FeedbackChange, now: Date) {
  const known = await trx.db
    .selectFrom('mart.feedbackLog')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (known === undefined) throw new ReosError('not_found', `There is no recommendation ${id}.`);
  const outcome = change.outcome ?? known.outcome;
  const actualValue = change.actualValue ?? known.actualValue;
  const isSettled = change.outcome !== undefined || change.actualValue !== undefined;
  return trx.db
    .updateTable('mart.feedbackLog')
    .set({
      outcome,
      actualValue,
      predictionAccuracy: predictionAccuracy({
        probability: known.predictedProbability,
        predictedValue: known.predictedValue,
        outcome,
        actualValue,
      }),
      ...(change.actionTaken === undefined
        ? {}
        : { actionTaken: change.actionTaken, actedAt: change.actionTaken === null ? null : now }),
      ...(isSettled ? { outcomeAt: now } : {}),
      ...(change.note === undefined ? {} : { note: change.note }),
    })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

/** Recommendations whose outcome is known, oldest first. */
export function settledFeedback(trx: TenantTrx) {
  return trx.db
    .selectFrom('mart.feedbackLog')
    .select(['tool', 'predictedProbability', 'outcome', 'predictionAccuracy'])
    .where('outcome', 'is not', null)
    .orderBy('recommendedAt')
    .orderBy('id')
    .execute();
}

/** A recalibration to keep. */
export interface NewWeights {
  tools: object;
  outcomes: number;
  brierBefore: number | null;
  brierAfter: number | null;
  report: object;
  isActive: boolean;
}

/** Keeps a recalibration; an active one retires the one before. Returns its version, counted from 1. */
export async function insertWeights(trx: TenantTrx, made: NewWeights, now: Date): Promise<number> {
  await lockWeights(trx);
  const last = await trx.db
    .selectFrom('mart.confidenceWeights')
    .select((eb) => eb.fn.coalesce(eb.fn.max('version'), sql<number>`0`).as('version'))
    .executeTakeFirstOrThrow();
  if (made.isActive) await retireActive(trx);
  const version = last.version + 1;
  await trx.db
    .insertInto('mart.confidenceWeights')
    .values({
      tenantId: trx.tenantId,
      version,
      weights: JSON.stringify(made.tools),
      outcomes: made.outcomes,
      brierBefore: made.brierBefore,
      brierAfter: made.brierAfter,
      report: JSON.stringify(made.report),
      status: made.isActive ? 'active' : 'rejected',
      createdAt: now,
    })
    .execute();
  return version;
}

/** The recalibration in use; undefined before the first. */
export function activeWeights(trx: TenantTrx) {
  return trx.db
    .selectFrom('mart.confidenceWeights')
    .select(['version', 'weights', 'createdAt'])
    .where('status', '=', 'active')
    .executeTakeFirst();
}

/** Every recalibration, newest first. */
export function listWeights(trx: TenantTrx, limit: number) {
  return trx.db
    .selectFrom('mart.confidenceWeights')
    .select(['version', 'weights', 'outcomes', 'brierBefore', 'brierAfter', 'report', 'status', 'createdAt'])
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Retires the active recalibration and makes the newest retired one before it active again; with none before, what tools
 * state counts as it is. Returns the version that is active now, 0 for none.
 * @throws ReosError `conflict` when nothing is active
 */
export async function rollBackWeights(trx: TenantTrx): Promise<number> {
  await lockWeights(trx);
  const active = await activeWeights(trx);
  if (active === undefined) {
    throw new ReosError('conflict', 'No recalibration is in use, so there is nothing to roll back.');
  }
  await retireActive(trx);
  const before = await trx.db
    .updateTable('mart.confidenceWeights')
    .set({ status: 'active' })
    .where(
      sql<SqlBool>`version = (select max(version) from mart.confidence_weights where status = 'retired' and version < ${active.version})`,
    )
    .returning('version')
    .executeTakeFirst();
  return before?.version ?? 0;
}

const retireActive = (trx: TenantTrx) =>
  trx.db.updateTable('mart.confidenceWeights').set({ status: 'retired' }).where('status', '=', 'active').execute();

/** Two recalibrations at once would take the same version. */
async function lockWeights(trx: TenantTrx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`confidence-weights:${trx.tenantId}`}, 0))`.execute(trx.db);
}
