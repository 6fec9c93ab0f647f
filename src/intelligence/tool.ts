import { z } from 'zod';
import type { ConfidenceWeights } from '../domain/market/calibration.ts';
import type { MarketRules } from '../domain/market/risk-rules.ts';
import type { FeedbackStore } from './feedback-store.ts';
import type { Warehouse } from './warehouse.ts';

/** What a tool works with. */
export interface ToolContext {
  warehouse: Warehouse;
  /** The moment of the question: with the same data and moment the answer is the same. */
  now: Date;
  /** What stated confidences proved to be worth. */
  weights: ConfidenceWeights;
  /** How markets are scored; as delivered when not given. */
  marketRules?: MarketRules | undefined;
  /** Where recommendations and outcomes are written; always Postgres. The three feedback tools need it. */
  feedback?: FeedbackStore | undefined;
}

/** A question that the intelligence room answers, the same over HTTP, command line and MCP. */
export interface Tool<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** snake_case, such as `rank_all_markets`. */
  name: string;
  title: string;
  /** What it says, by which method, in which units, from which tables. Read by people and by models. */
  description: string;
  input: I;
  output: O;
  /** Whether it writes feedback. */
  writes: boolean;
  run(context: ToolContext, input: z.output<I>): Promise<z.input<O>>;
}

/** Defines a tool; its types are forgotten, as values are checked against the schemas. */
export function tool<I extends z.ZodType, O extends z.ZodType>(
  definition: Omit<Tool<I, O>, 'writes'> & { writes?: boolean },
): Tool {
  return { writes: false, ...definition } as unknown as Tool;
}

/** How well a figure is founded. */
export const confidenceSchema = z.object({
  value: z.number().min(0).max(1),
  sample_size: z.number(),
  reasons: z.array(z.string()),
});

/** What every answer of a reading tool carries. */
export const answerBase = {
  /** The day of the question. */
  as_of: z.string(),
  /** The newest period with data; null when there is none. */
  data_through: z.string().nullable(),
  /** What to know before relying on it: late feeds, few rows, days in the future left out. */
  notes: z.array(z.string()),
};

/** Inputs that many tools share. */
export const market = z.string().trim().min(1).max(120).describe('Market as the feeds name it, such as Phoenix, AZ');
export const segment = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .default('all')
  .describe('Segment of the market; all by default');
export const grain = z.enum(['week', 'month', 'quarter']).describe('Length of a period');
export const asOf = z.iso.date().optional().describe('Answer as of this day, looking at nothing newer; default today');
