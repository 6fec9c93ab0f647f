/** A stated probability and whether it came true. */
export interface Stated {
  probability: number;
  outcome: boolean;
}

/** One bin of a calibration curve. */
export interface CalibrationBin {
  low: number;
  high: number;
  count: number;
  /** Mean of what was stated; null in an empty bin. */
  stated: number | null;
  /** Share that came true. */
  observed: number | null;
}

/** What a recalibration of one tool found. */
export interface Recalibration {
  outcomes: number;
  /** Brier score of what was stated; null without outcomes. */
  brierBefore: number | null;
  /** Brier score of probabilities recalibrated by the other outcomes alone (cross-validated). */
  brierAfter: number | null;
  /** From stated to calibrated; null when what is stated is kept. */
  points: Array<{ stated: number; calibrated: number }> | null;
  curveBefore: CalibrationBin[];
  curveAfter: CalibrationBin[];
  reason: string;
}

/** Outcomes needed before a tool's confidence is touched. */
export const LEAST_OUTCOMES = 30;
const FOLDS = 5;
const GRID = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];
/** One-sided 95%. */
const SURE = 1.645;
/** Pulls the fit towards what was stated, worth about this many outcomes. */
const PRIOR = 10;
/** Stated certainty is not certain. */
const EDGE = 0.005;

/** Mean squared difference of probability and outcome (Brier, 1950): 0 is perfect, 0.25 is a coin. NaN of none. */
export function brierScore(pairs: readonly Stated[]): number {
  return pairs.reduce((sum, { probability, outcome }) => sum + (probability - Number(outcome)) ** 2, 0) / pairs.length;
}

/** Stated against observed in ten equal bins. */
export function calibrationCurve(pairs: readonly Stated[]): CalibrationBin[] {
  return Array.from({ length: 10 }, (_, at) => {
    const inside = pairs.filter(({ probability }) => Math.min(9, Math.floor(probability * 10)) === at);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      low: at / 10,
      high: (at + 1) / 10,
      count: inside.length,
      stated: inside.length === 0 ? null : mean(inside.map(({ probability }) => probability)),
      observed: inside.length === 0 ? null : mean(inside.map(({ outcome }) => Number(outcome))),
    };
  });
}

/**
 * Learns what a tool's stated probabilities are worth, by logistic recalibration (Cox, 1958): logit(p′) = a + b·logit(p),
 * drawn towards a = 0, b = 1. It is believed only where the Brier score of five-fold cross-validation falls by more than
 * chance would have it (one-sided 95% of the paired differences): noise changes nothing.
 */
export function recalibrate(pairs: readonly Stated[]): Recalibration {
  const before = pairs.length === 0 ? null : brierScore(pairs);
  const kept = { outcomes: pairs.length, brierBefore: before, curveBefore: calibrationCurve(pairs), points: null };
  if (pairs.length < LEAST_OUTCOMES) {
    const reason = `${pairs.length} outcomes; ${LEAST_OUTCOMES} are needed`;
    return { ...kept, brierAfter: before, curveAfter: kept.curveBefore, reason };
  }
  const others = Array.from({ length: FOLDS }, (_, fold) =>
    fitLogistic(pairs.filter((_pair, at) => at % FOLDS !== fold)),
  );
  const refitted = pairs.map(
    ({ probability, outcome }, at): Stated => ({ outcome, probability: apply(others[at % FOLDS]!, probability) }),
  );
  const after = brierScore(refitted);
  const gains = pairs.map((pair, at) => brierScore([pair]) - brierScore([refitted[at]!]));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const deviation = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1));
  const error = deviation / Math.sqrt(gains.length);
  const scores = { brierAfter: after, curveAfter: calibrationCurve(refitted) };
  if (!(mean > SURE * error)) {
    const reason = `the gain of ${mean.toFixed(4)} in the Brier score is within chance (±${(SURE * error).toFixed(4)})`;
    return { ...kept, ...scores, reason };
  }
  const fit = fitLogistic(pairs);
  const points = GRID.map((stated) => ({ stated, calibrated: apply(fit, stated) }));
  return {
    ...kept,
    ...scores,
    points,
    reason: `the Brier score falls from ${before!.toFixed(4)} to ${after.toFixed(4)}`,
  };
}

interface Fit {
  a: number;
  b: number;
}

const logit = (p: number) => {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, p));
  return Math.log(inside / (1 - inside));
};

const apply = ({ a, b }: Fit, p: number) => 1 / (1 + Math.exp(-(a + b * logit(p))));

/** Newton's method on the penalised likelihood; it is concave, so that it ends at the one maximum. */
function fitLogistic(pairs: readonly Stated[]): Fit {
  let a = 0;
  let b = 1;
  // The logarithms once: ten years of outcomes are gone over in every step.
  const stated = Float64Array.from(pairs, ({ probability }) => logit(probability));
  const outcomes = Float64Array.from(pairs, ({ outcome }) => Number(outcome));
  for (let step = 0; step < 50; step += 1) {
    // A quarter is the weight of an outcome at even odds.
    let [ga, gb] = [(-PRIOR / 4) * a, (-PRIOR / 4) * (b - 1)];
    let [haa, hab, hbb] = [PRIOR / 4, 0, PRIOR / 4];
    for (let at = 0; at < stated.length; at += 1) {
      const x = stated[at]!;
      const p = 1 / (1 + Math.exp(-(a + b * x)));
      const residual = outcomes[at]! - p;
      const weight = p * (1 - p);
      ga += residual;
      gb += residual * x;
      haa += weight;
      hab += weight * x;
      hbb += weight * x * x;
    }
    const determinant = haa * hbb - hab * hab;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    // A long first step may overshoot where outcomes are all alike.
    const scale = Math.min(1, 2 / Math.max(Math.abs(da), Math.abs(db), 1e-12));
    a += scale * da;
    // Higher stated confidence is never worth less.
    b = Math.max(0, b + scale * db);
    if (Math.abs(scale * da) + Math.abs(scale * db) < 1e-10) break;
  }
  return { a, b };
}

/**
 * How close a recommendation came, 0–1: of values, 1 − |predicted − actual| / |actual|, at least 0; else 1 − (probability −
 * outcome)². Null when neither can be said.
 */
export function predictionAccuracy(row: {
  probability: number;
  predictedValue: number | null;
  outcome: boolean | null;
  actualValue: number | null;
}): number | null {
  if (row.predictedValue !== null && row.actualValue !== null && row.actualValue !== 0) {
    return Math.max(0, 1 - Math.abs(row.predictedValue - row.actualValue) / Math.abs(row.actualValue));
  }
  return row.outcome === null ? null : 1 - (row.probability - Number(row.outcome)) ** 2;
}
