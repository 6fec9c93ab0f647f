import { z } from 'zod';
import type { FeedbackRow } from '../../db/queries/market-feedback.ts';
import { ReosError } from '../../domain/errors.ts';
import type { FeedbackStore } from '../feedback-store.ts';
import type { ToolContext } from '../tool.ts';

/** A row of mart.feedback_log as the tools answer it. */
export const feedbackSchema = z.object({
  id: z.string(),
  packet_id: z.string().nullable(),
  tool: z.string(),
  market: z.string().nullable(),
  segment: z.string().nullable(),
  recommendation: z.string(),
  predicted_probability: z.number(),
  predicted_value: z.number().nullable(),
  recommended_at: z.string(),
  action_taken: z.string().nullable(),
  outcome: z.boolean().nullable(),
  actual_value: z.number().nullable(),
  outcome_at: z.string().nullable(),
  prediction_accuracy: z.number().nullable(),
  note: z.string().nullable(),
});

/** The row in that shape. */
export function feedbackOf(row: FeedbackRow): z.input<typeof feedbackSchema> {
  return {
    id: row.id,
    packet_id: row.packetId,
    tool: row.tool,
    market: row.market,
    segment: row.segment,
    recommendation: row.recommendation,
    predicted_probability: row.predictedProbability,
    predicted_value: row.predictedValue,
    recommended_at: row.recommendedAt.toISOString(),
    action_taken: row.actionTaken,
    outcome: row.outcome,
    actual_value: row.actualValue,
    outcome_at: row.outcomeAt?.toISOString() ?? null,
    prediction_accuracy: row.predictionAccuracy,
    note: row.note,
  };
}

/** @throws ReosError `missing_part` where feedback cannot be written: over files alone */
export function storeOf({ feedback }: ToolContext): FeedbackStore {
  if (feedback !== undefined) return feedback;
  throw new ReosError('missing_part', 'Feedback is kept in Postgres. Ask without --files, or set DATABASE_URL.');
}
