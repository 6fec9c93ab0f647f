import { messageOf, ReosError } from '../domain/errors.ts';
import { NO_WEIGHTS } from '../domain/market/calibration.ts';
import { compareSeverity, type Finding } from '../domain/market/packets.ts';
import { anomaliesLook } from './briefing-look-anomalies.ts';
import { funnelLook } from './briefing-look-funnel.ts';
import { marginLook } from './briefing-look-margin.ts';
import { pricingLook } from './briefing-look-pricing.ts';
import { dealsLook, rankingLook } from './briefing-look-ranking.ts';
import { surgesLook } from './briefing-look-surges.ts';
import { findingMaker, type Headline, type Look, type Reading, type Section, type Step } from './briefing-section.ts';
import { type DraftFinding, withDollars } from './briefing-worth.ts';
import { runTool } from './registry.ts';
import type { ToolContext } from './tool.ts';

/** The loop of the morning, in its order. */
export const LOOKS: readonly Look[] = [
  pricingLook,
  surgesLook,
  marginLook,
  rankingLook,
  dealsLook,
  anomaliesLook,
  funnelLook,
];

/** What the loop saw: the same for the same data, moment and weights. */
export interface Plan {
  steps: Step[];
  sections: Section[];
  headlines: Headline[];
  findings: Finding[];
  /** Whether a check was made for a market: only then a packet that is not found again has healed. */
  wasChecked(check: string, market: string | null): boolean;
  /** The newest day that any answer has data for. */
  dataThrough: string | null;
}

/**
 * Asks the tools one after another and reads their answers. Tools are asked for what they state, without calibration; the
 * packets carry both what was stated and what outcomes made of it, and dollars where a tool can say them. A tool that refuses leaves its section with the reason
 * and heals nothing; any other error ends the loop.
 * @param looks the loop, or a part of it
 */
export async function runPlan(context: ToolContext, looks: readonly Look[] = LOOKS): Promise<Plan> {
  const plan = {
    steps: [] as Step[],
    sections: [] as Section[],
    headlines: [] as Headline[],
    findings: [] as Finding[],
  };
  const drafts: DraftFinding[] = [];
  const checked = new Map<string, Reading['checked']>();
  const asked = async (tool: string, input: Record<string, unknown>) => {
    const step = await ask(context, tool, input);
    plan.steps.push(step);
    return step;
  };
  for (const look of looks) {
    const step = await asked(look.tool, look.input);
    const about = { key: look.key, title: look.title, tool: look.tool };
    if (step.error !== null) {
      plan.sections.push({ ...about, unavailable: step.error, dataThrough: null, columns: [], rows: [], notes: [] });
      continue;
    }
    const {
      headlines,
      findings,
      checked: covered,
      ...table
    } = look.read(step.answer, findingMaker(look, step, context.weights));
    plan.sections.push({ ...about, unavailable: null, ...table });
    plan.headlines.push(...headlines);
    drafts.push(...findings);
    checked.set(look.key, covered);
  }
  drafts.sort((a, b) => compareSeverity(b.severity, a.severity));
  plan.findings.push(...(await withDollars(drafts, asked)));
  const through = plan.sections.flatMap(({ dataThrough }) => dataThrough ?? []).sort();
  return {
    ...plan,
    wasChecked(check, market) {
      const covered = checked.get(check);
      return covered === 'all' || (covered !== undefined && market !== null && covered.has(market));
    },
    dataThrough: through.at(-1) ?? null,
  };
}

async function ask(context: ToolContext, tool: string, input: Record<string, unknown>): Promise<Step> {
  const before = context.warehouse.asked.length;
  const readings = () => context.warehouse.asked.slice(before);
  try {
    const answer = await runTool({ ...context, weights: NO_WEIGHTS }, tool, input);
    return { tool, input, answer, readings: readings(), error: null };
  } catch (error) {
    if (!(error instanceof ReosError) || !['not_found', 'missing_part', 'validation'].includes(error.code)) throw error;
    return { tool, input, answer: null, readings: readings(), error: messageOf(error) };
  }
}
