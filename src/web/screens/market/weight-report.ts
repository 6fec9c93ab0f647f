/** How a tool's stated confidence compares with what came of it, as a recalibration reports it. */
export interface ToolReport {
  tool: string;
  outcomes: number;
  meanAccuracy: number | null;
  brierBefore: number | null;
  brierAfter: number | null;
  isRecalibrated: boolean;
  reason: string;
  before: CalibrationBin[];
  after: CalibrationBin[];
}

/** Recommendations of like confidence: the mean that was stated, and the share that came true. */
export interface CalibrationBin {
  stated: number;
  observed: number;
  count: number;
}

const numberOr = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const listOf = (value: unknown): Array<Record<string, unknown>> =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];

/** Reads the report of a recalibration; what is not in it is left out. */
export function readReport(report: unknown): ToolReport[] {
  const tools = typeof report === 'object' && report !== null ? (report as { tools?: unknown }).tools : undefined;
  return listOf(tools).map((one) => ({
    tool: String(one.tool ?? ''),
    outcomes: numberOr(one.outcomes) ?? 0,
    meanAccuracy: numberOr(one.mean_accuracy),
    brierBefore: numberOr(one.brier_before),
    brierAfter: numberOr(one.brier_after),
    isRecalibrated: one.is_recalibrated === true,
    reason: typeof one.reason === 'string' ? one.reason : '',
    before: binsOf(one.curve_before),
    after: binsOf(one.curve_after),
  }));
}

function binsOf(value: unknown): CalibrationBin[] {
  return listOf(value).flatMap((bin) => {
    const stated = numberOr(bin.stated);
    const observed = numberOr(bin.observed);
    return stated === null || observed === null ? [] : [{ stated, observed, count: numberOr(bin.count) ?? 0 }];
  });
}
