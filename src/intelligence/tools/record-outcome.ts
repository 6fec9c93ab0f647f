import { z } from 'zod';
import { tool } from '../tool.ts';
import { feedbackOf, feedbackSchema, storeOf } from './feedback-shape.ts';

/** Writes down what was done about a recommendation, or what came of it. */
export const recordOutcome = tool({
  name: 'record_outcome',
  title: 'Record an action or outcome',
  description:
    'Adds to a recommendation what was done (accepted, rejected, modified, ignored), whether it came true, and the actual amount in dollars. prediction_accuracy is 1 − |predicted − actual| / |actual| of amounts (at least 0), else 1 − (probability − outcome)². What is left out stays. Stored in mart.feedback_log.',
  writes: true,
  input: z
    .strictObject({
      id: z
        .string()
        .regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, 'must be a uuid')
        .describe('Of the recommendation'),
      action_taken: z.enum(['accepted', 'rejected', 'modified', 'ignored']).optional(),
      outcome: z.boolean().optional().describe('Whether it came true'),
      actual_value: z.number().optional(),
      note: z.string().trim().max(2_000).optional(),
    })
    .refine(({ id: _id, ...rest }) => Object.values(rest).some((value) => value !== undefined), {
      message: 'say at least one of action_taken, outcome, actual_value and note',
    }),
  output: feedbackSchema,
  async run(context, { id, action_taken: actionTaken, actual_value: actualValue, outcome, note }) {
    return feedbackOf(await storeOf(context).record(id, { actionTaken, outcome, actualValue, note }, context.now));
  },
});
