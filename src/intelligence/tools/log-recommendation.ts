import { z } from 'zod';
import { tool } from '../tool.ts';
import { feedbackOf, feedbackSchema, storeOf } from './feedback-shape.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, 'must be a uuid');

/** Writes a recommendation down before its outcome is known. */
export const logRecommendation = tool({
  name: 'log_recommendation',
  title: 'Log a recommendation',
  description:
    'Writes down what was recommended, by which tool, with the probability (0–1) that it comes true as the tool stated it, before any calibration, and, where it is about an amount, the amount expected in dollars. With an id of the caller it is written once. Stored in mart.feedback_log.',
  writes: true,
  input: z.strictObject({
    id: uuid.optional().describe('Of the caller: the same id is the same recommendation'),
    packet_id: uuid.optional(),
    tool: z.string().trim().min(1).max(100),
    market: z.string().trim().min(1).max(120).optional(),
    segment: z.string().trim().min(1).max(60).optional(),
    recommendation: z.string().trim().min(1).max(2_000),
    predicted_probability: z.number().min(0).max(1),
    predicted_value: z.number().optional(),
  }),
  output: feedbackSchema,
  async run(context, input) {
    const row = await storeOf(context).log(
      {
        id: input.id,
        packetId: input.packet_id,
        tool: input.tool,
        market: input.market,
        segment: input.segment,
        recommendation: input.recommendation,
        probability: input.predicted_probability,
        predictedValue: input.predicted_value,
      },
      context.now,
    );
    return feedbackOf(row);
  },
});
