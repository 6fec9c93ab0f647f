import { joinProblems, ReosError } from '../domain/errors.ts';
import { findUnplainText } from '../domain/plain-text.ts';
import type { Tool, ToolContext } from './tool.ts';
import { analyzeFunnelDrop } from './tools/analyze-funnel-drop.ts';
import { analyzePricingAccuracy } from './tools/analyze-pricing-accuracy.ts';
import { detectAnomalies } from './tools/detect-anomalies.ts';
import { detectInventorySurges } from './tools/detect-inventory-surges.ts';
import { estimateBusinessImpact } from './tools/estimate-business-impact.ts';
import { estimateRenovation } from './tools/estimate-renovation.ts';
import { generatePricingActions } from './tools/generate-pricing-actions.ts';
import { getContributionMarginForecast } from './tools/get-contribution-margin-forecast.ts';
import { getMarketSummary } from './tools/get-market-summary.ts';
import { getMarketTrend } from './tools/get-market-trend.ts';
import { getTopDeals } from './tools/get-top-deals.ts';
import { logRecommendation } from './tools/log-recommendation.ts';
import { rankAllMarkets } from './tools/rank-all-markets.ts';
import { rankTop100Deals } from './tools/rank-top-100-deals.ts';
import { recalibrateConfidence } from './tools/recalibrate-confidence.ts';
import { recordOutcome } from './tools/record-outcome.ts';
import { scoreMarketRisk } from './tools/score-market-risk.ts';

/** Every tool. A new one is one file and one line. */
export const TOOLS: readonly Tool[] = [
  getMarketSummary,
  getMarketTrend,
  detectAnomalies,
  detectInventorySurges,
  scoreMarketRisk,
  rankAllMarkets,
  getTopDeals,
  estimateRenovation,
  getContributionMarginForecast,
  rankTop100Deals,
  analyzePricingAccuracy,
  analyzeFunnelDrop,
  generatePricingActions,
  estimateBusinessImpact,
  logRecommendation,
  recordOutcome,
  recalibrateConfidence,
];

/** The tool of that name, with underscores or hyphens; undefined for another word. */
export function toolOf(name: string): Tool | undefined {
  return TOOLS.find((one) => one.name === name.replaceAll('-', '_'));
}

/**
 * Checks the input, runs the tool, checks the answer.
 * @throws ReosError `not_found` for an unknown tool, `validation` naming every wrong field
 */
export async function runTool(context: ToolContext, name: string, input: unknown): Promise<unknown> {
  const found = toolOf(name);
  if (found === undefined) {
    throw new ReosError('not_found', `There is no tool '${name}'. Tools: ${TOOLS.map((one) => one.name).join(', ')}.`);
  }
  const checked = found.input.safeParse(input ?? {});
  if (!checked.success) {
    const [first] = checked.error.issues;
    const words = checked.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
    throw new ReosError('validation', `${found.name}: ${joinProblems(words)}`, {
      details: { field: first?.path.join('.') ?? 'input' },
    });
  }
  const unplain = findUnplainText(checked.data);
  if (unplain !== null) {
    throw new ReosError('validation', `${found.name}: ${unplain.field}: ${unplain.message}.`, {
      details: { field: unplain.field },
    });
  }
  return found.output.parse(await found.run(context, checked.data));
}
