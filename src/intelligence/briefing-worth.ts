import { z } from 'zod';
import type { Change } from '../domain/market/impact.ts';
import type { Finding, Impact } from '../domain/market/packets.ts';
import { medianOf } from '../domain/valuation/quantile.ts';
import type { Step } from './briefing-section.ts';
import { shiftDays } from './periods.ts';

/**
 * What a finding amounts to where its own tool says no dollars: a change of the business, or that sale prices go the way
 * of the market's forecast.
 */
export type Worth = AssumedChange | { kind: 'forecast_price' };

/** A change of the business with the words for it. */
export interface AssumedChange {
  kind: 'change';
  change: Change;
  label: string;
}

/** A finding whose dollars are still to be asked for. */
export type DraftFinding = Finding & { worth?: Worth | undefined };

/** Weeks over which dollars are reckoned: a quarter of a year. */
export const WORTH_WEEKS = 13;
/** Findings that dollars are asked for, the most serious first: the others go without. */
const MOST = 100;
/** The largest changes that `estimate_business_impact` takes. */
const MOST_SHARE = 0.5;
const MOST_DAYS = 180;

const impactAnswer = z.object({
  impact: z.object({ low: z.number(), expected: z.number(), high: z.number() }).nullable(),
});
const forecastAnswer = z.object({
  series: z.array(z.object({ value: z.number() })),
  forecast: z.array(
    z.object({
      figure: z.string(),
      from: z.string().nullable(),
      forecast: z.array(z.object({ period: z.string(), value: z.number() })),
    }),
  ),
});
/** Newest figures that stand for today's level: single weeks are noisy. */
const LEVEL_OF = 4;

/** A relative change within what the tool takes. */
export const shareWorth = (
  kind: Exclude<Change['kind'], 'days_held'>,
  share: number,
  label: string,
): AssumedChange => ({
  kind: 'change',
  change: { kind, share: Math.max(-MOST_SHARE, Math.min(MOST_SHARE, share)) },
  label,
});

/** So many more days until a held home is sold. */
export const daysWorth = (days: number, label: string): AssumedChange => ({
  kind: 'change',
  change: { kind: 'days_held', days: Math.max(-MOST_DAYS, Math.min(MOST_DAYS, days)) },
  label,
});

/**
 * Findings with the dollars that `estimate_business_impact` gives for what they amount to, over a quarter of a year; the
 * assumed change is among the evidence. Where too few homes were sold to say, or no forecast is there, the impact stays null.
 * @param ask asks a tool and records the step
 */
export async function withDollars(
  drafts: readonly DraftFinding[],
  ask: (tool: string, input: Record<string, unknown>) => Promise<Step>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let asked = 0;
  for (const { worth, ...finding } of drafts) {
    if (worth === undefined || finding.impact !== null || finding.market === null || asked >= MOST) {
      findings.push(finding);
      continue;
    }
    asked += 1;
    findings.push(await dollarsOf(finding, finding.market, worth, ask));
  }
  return findings;
}

async function dollarsOf(
  finding: Finding,
  market: string,
  worth: Worth,
  ask: (tool: string, input: Record<string, unknown>) => Promise<Step>,
): Promise<Finding> {
  const known = worth.kind === 'change' ? worth : await forecastChange(market, ask);
  if (known === null) return finding;
  const { change, label } = known;
  const step = await ask('estimate_business_impact', { market, change, weeks: WORTH_WEEKS });
  const impact: Impact | null = step.error === null ? impactAnswer.parse(step.answer).impact : null;
  if (impact === null) return finding;
  const [value, unit] = change.kind === 'days_held' ? [change.days, 'days'] : [change.share, 'percent'];
  const readings = step.readings.map(({ reading, params, rows }) => ({ reading, params, rows }));
  return {
    ...finding,
    impact,
    evidence: [...finding.evidence, { label, value, unit, tool: step.tool, input: step.input, readings }],
  };
}

/** The fall of sale prices that the market's forecast expects; null where it expects none, or there is none. */
async function forecastChange(
  market: string,
  ask: (tool: string, input: Record<string, unknown>) => Promise<Step>,
): Promise<AssumedChange | null> {
  const step = await ask('get_market_trend', { market, metric: 'median_sale_price', horizon: WORTH_WEEKS });
  if (step.error !== null) return null;
  const { series, forecast } = forecastAnswer.parse(step.answer);
  const price = forecast.find(({ figure }) => figure === 'price');
  if (price?.from == null) return null;
  const end = shiftDays(price.from, 7 * WORTH_WEEKS);
  const last = price.forecast.filter(({ period }) => period <= end).at(-1);
  const now = medianOf(series.slice(-LEVEL_OF).map(({ value }) => value));
  if (last === undefined || !(now > 0)) return null;
  const share = last.value / now - 1;
  if (share >= 0) return null;
  return shareWorth('sale_price', share, 'Sale prices in a quarter of a year, as their forecast says');
}
