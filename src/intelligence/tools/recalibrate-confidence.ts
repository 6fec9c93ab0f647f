import { z } from 'zod';
import { type Recalibration, recalibrate } from '../../domain/market/recalibration.ts';
import type { SettledRow } from '../feedback-store.ts';
import { tool } from '../tool.ts';
import { storeOf } from './feedback-shape.ts';

const bin = z.object({
  low: z.number(),
  high: z.number(),
  count: z.number(),
  stated: z.number().nullable(),
  observed: z.number().nullable(),
});
const perTool = z.object({
  tool: z.string(),
  outcomes: z.number(),
  mean_accuracy: z.number().nullable(),
  brier_before: z.number().nullable(),
  brier_after: z.number().nullable(),
  is_recalibrated: z.boolean(),
  reason: z.string(),
  curve_before: z.array(bin),
  curve_after: z.array(bin),
});

/** Learns from outcomes what each tool's confidence is worth. */
export const recalibrateConfidence = tool({
  name: 'recalibrate_confidence',
  title: 'Recalibrate confidence',
  description:
    'Learns per tool, from recommendations whose outcome is known, what its stated probability was worth (logistic recalibration, kept only where the cross-validated Brier score improves beyond chance, at least 30 outcomes). The next briefing uses the new weights; the ones before can be brought back. Brier: 0 is perfect, 0.25 a coin. Source and store: mart.feedback_log, mart.confidence_weights.',
  writes: true,
  input: z.strictObject({
    dry_run: z.boolean().default(false).describe('Say what would change, and keep nothing'),
  }),
  output: z.object({
    version: z.number().nullable(),
    is_active: z.boolean(),
    outcomes: z.number(),
    brier_before: z.number().nullable(),
    brier_after: z.number().nullable(),
    tools: z.array(perTool),
  }),
  async run(context, { dry_run: isDry }) {
    const store = storeOf(context);
    const byTool = new Map<string, SettledRow[]>();
    for (const row of await store.settled()) {
      const rows = byTool.get(row.tool);
      if (rows === undefined) byTool.set(row.tool, [row]);
      else rows.push(row);
    }
    const found = [...byTool]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, rows]) => ({ name, rows, ...learn(rows) }));
    const outcomes = found.reduce((sum, one) => sum + one.outcomes, 0);
    const overall = (of: (one: Recalibration) => number | null) =>
      outcomes === 0 ? null : found.reduce((sum, one) => sum + one.outcomes * (of(one) ?? 0), 0) / outcomes;
    const before = overall(({ brierBefore }) => brierBefore);
    const after = overall((one) => (one.points === null ? one.brierBefore : one.brierAfter));
    const tools = found.map(report);
    const learned = Object.fromEntries(found.flatMap(({ name, points }) => (points === null ? [] : [[name, points]])));
    const isActive = !isDry && Object.keys(learned).length > 0;
    const version = isDry
      ? null
      : await store.keep(
          { tools: learned, outcomes, brierBefore: before, brierAfter: after, report: { tools }, isActive },
          context.now,
        );
    return { version, is_active: isActive, outcomes, brier_before: before, brier_after: after, tools };
  },
});

function learn(rows: readonly SettledRow[]): Recalibration {
  return recalibrate(
    rows.map(({ predictedProbability, outcome }) => ({ probability: predictedProbability, outcome: outcome === true })),
  );
}

function report(one: Recalibration & { name: string; rows: readonly SettledRow[] }): z.input<typeof perTool> {
  const known = one.rows.flatMap(({ predictionAccuracy }) => (predictionAccuracy === null ? [] : [predictionAccuracy]));
  return {
    tool: one.name,
    outcomes: one.outcomes,
    mean_accuracy: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
    brier_before: one.brierBefore,
    brier_after: one.brierAfter,
    is_recalibrated: one.points !== null,
    reason: one.reason,
    curve_before: one.curveBefore,
    curve_after: one.curveAfter,
  };
}
