import {
  activeWeights,
  type FeedbackChange,
  type FeedbackRow,
  insertRecommendation,
  insertWeights,
  type NewRecommendation,
  type NewWeights,
  settledFeedback,
  updateFeedback,
} from '../db/queries/market-feedback.ts';
import type { TenantTrx } from '../db/tenant.ts';
import { type ConfidenceWeights, NO_WEIGHTS } from '../domain/market/calibration.ts';

/** An outcome that recalibration learns from. */
export type SettledRow = Awaited<ReturnType<typeof settledFeedback>>[number];

/** Feedback of one tenant: always in Postgres, whatever the warehouse. */
export interface FeedbackStore {
  log(recommendation: NewRecommendation, now: Date): Promise<FeedbackRow>;
  /** @throws ReosError `not_found` for an id that is not the tenant's */
  record(id: string, change: FeedbackChange, now: Date): Promise<FeedbackRow>;
  /** Recommendations with an outcome, oldest first. */
  settled(): Promise<SettledRow[]>;
  /** Keeps a recalibration and returns its version. */
  keep(weights: NewWeights, now: Date): Promise<number>;
}

/** Feedback inside the caller's transaction. */
export function postgresFeedback(trx: TenantTrx): FeedbackStore {
  return {
    log: (recommendation, now) => insertRecommendation(trx, recommendation, now),
    record: (id, change, now) => updateFeedback(trx, id, change, now),
    settled: () => settledFeedback(trx),
    keep: (weights, now) => insertWeights(trx, weights, now),
  };
}

/** What stated confidences proved to be worth, as the last recalibration has it. */
export async function readWeights(trx: TenantTrx): Promise<ConfidenceWeights> {
  const active = await activeWeights(trx);
  if (active === undefined) return NO_WEIGHTS;
  return { version: active.version, tools: active.weights as unknown as ConfidenceWeights['tools'] };
}
