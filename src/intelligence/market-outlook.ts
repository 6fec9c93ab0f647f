import { z } from 'zod';
import { runTool } from './registry.ts';
import { answerBase, confidenceSchema, grain, type ToolContext } from './tool.ts';
import { forecastSchema } from './tools/market-forecasts.ts';

/** Of which market, in which periods, how far ahead. */
export interface OutlookQuestion {
  market: string;
  segment?: string | undefined;
  grain?: 'week' | 'month' | 'quarter' | undefined;
  horizon: number;
  as_of?: string | undefined;
}

/** Where price, days on market and sales of a market go, with what such forecasts were worth on its own past. */
export const outlookSchema = z.object({
  ...answerBase,
  market: z.string(),
  segment: z.string(),
  grain: grain.nullable(),
  horizon: z.number(),
  forecasts: z.array(forecastSchema),
  confidence: confidenceSchema,
});
export type Outlook = z.infer<typeof outlookSchema>;

/** In whose periods the forecasts are made: the first figure that the market has. */
const FIGURES = ['median_sale_price', 'home_value_index', 'homes_sold', 'days_on_market'] as const;

/** The forecasts of `get_market_trend` alone, for markets that have any of their figures. */
export async function readOutlook(context: ToolContext, question: OutlookQuestion): Promise<Outlook> {
  let found: Outlook | undefined;
  for (const metric of FIGURES) {
    const answer = (await runTool(context, 'get_market_trend', { ...question, metric })) as Record<string, unknown>;
    const { forecast, ...about } = answer;
    const outlook = outlookSchema.parse({ ...about, horizon: question.horizon, forecasts: forecast });
    if (outlook.forecasts.length > 0) return outlook;
    found ??= outlook;
  }
  return { ...found!, notes: [`${question.market} has no prices, sales or days on market to forecast.`] };
}
