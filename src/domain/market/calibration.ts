/**
 * What stated confidences proved to be worth, per tool: an ascending list of points from stated to calibrated probability,
 * joined by straight lines. A tool without points keeps what it states.
 */
export interface ConfidenceWeights {
  /** 0: nothing was calibrated yet. */
  version: number;
  tools: Readonly<Record<string, ReadonlyArray<{ stated: number; calibrated: number }>>>;
}

/** Nothing calibrated. */
export const NO_WEIGHTS: ConfidenceWeights = { version: 0, tools: {} };

/** The stated confidence of a tool as the outcomes so far would have it, 0–1. */
export function calibrated(weights: ConfidenceWeights, tool: string, stated: number): number {
  const points = weights.tools[tool];
  if (points === undefined || points.length === 0) return stated;
  const clamp = (value: number) => Math.max(0, Math.min(1, value));
  const first = points[0]!;
  const last = points.at(-1)!;
  if (stated <= first.stated) return clamp(first.calibrated);
  if (stated >= last.stated) return clamp(last.calibrated);
  const after = points.findIndex((point) => point.stated >= stated);
  const low = points[after - 1]!;
  const high = points[after]!;
  const share = high.stated === low.stated ? 1 : (stated - low.stated) / (high.stated - low.stated);
  return clamp(low.calibrated + share * (high.calibrated - low.calibrated));
}
