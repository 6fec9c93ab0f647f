import { beyondFormer, type FormerNormal, formerNormal } from './detect-former.ts';
import { medianInto } from './detect-median.ts';
import { fromScale, type JudgedScale, toScale } from './detect-scale.ts';
import { type Season, seasonAt } from './detect-season.ts';

/** How a series is judged. Stated in answers, so that nobody has to guess. */
export const DETECTION = {
  /** Known weeks that a level needs. */
  leastLevelWeeks: 4,
  /** A stretch: the mean of so many weeks, against the median of so many before it. */
  stretchWeeks: 4,
  stretchLevelWeeks: 12,
  /** The spread of a stretch is at least this share of a single week's: that of independent weeks. */
  stretchFloor: 0.6,
  /** Without last year's season the spread is taken so much wider. */
  noSeasonDoubt: 1.5,
  /** Past residuals that give the spread, and how many of them must be there. */
  spreadWeeks: 52,
  leastSpreadWeeks: 16,
  /** An alarm: one week beyond the first, two or three in a row beyond the next, or a stretch beyond the last. */
  oneWeekZ: 6,
  twoWeeksZ: 4.25,
  threeWeeksZ: 3.5,
  stretchZ: 4.5,
  /** A week beyond this is no part of what later weeks are held against … */
  cleanZ: 3,
  /** … nor is one of a stretch that stands out, for so many weeks; then it is the new normal. */
  newNormalWeeks: 13,
} as const;

/** Each week of a series against what was to be expected from the weeks before it; NaN where nothing can be said. */
export interface WeekScores {
  observed: Float64Array;
  /** In the figure's own unit. */
  expected: Float64Array;
  /** Spread on the judged scale. */
  sigma: Float64Array;
  /** Robust z of the week: residual over spread. */
  z: Float64Array;
  /** Robust z of the four weeks that end in it. */
  stretchZ: Float64Array;
  /** Signed strength: ±1 and beyond is an alarm, by whichever rule is the strongest. */
  strength: Float64Array;
  /** 1 where last year's season was known. */
  hasSeason: Uint8Array;
}

interface State {
  scores: WeekScores;
  y: Float64Array;
  /** What later weeks are held against: what stands out is replaced by what was expected. */
  clean: Float64Array;
  season: Float64Array;
  residuals: Float64Array;
  stretchResiduals: Float64Array;
  holidays: Uint8Array;
  scale: JudgedScale;
  scratch: Float64Array;
  former: FormerNormal | null;
}

/**
 * Holds each week against the weeks before it, and nothing else: a later week never changes what is said of an earlier one.
 *
 * Expected = median of the last eight weeks (sixteen of shares) without last year's season, plus a share of last year's
 * season; without a year the level alone, and holiday weeks are no part of the level. Residuals are
 * divided by 1.4826 × the median of up to 52 past absolute residuals, never by less than the floor of the scale. The same
 * for the mean of four weeks against the median of the twelve before: small changes that last. What stands out is left
 * out of what later weeks are held against, for up to a quarter; then it is the new normal, from which the way back to the
 * former one is nothing that stands out.
 * @param values one a week without holes, oldest first; NaN where unknown
 */
export function scoreWeeks(values: ArrayLike<number>, scale: JudgedScale, season: Season): WeekScores {
  const n = values.length;
  const nan = () => new Float64Array(n).fill(Number.NaN);
  const scores: WeekScores = {
    observed: Float64Array.from(values),
    expected: nan(),
    sigma: nan(),
    z: nan(),
    stretchZ: nan(),
    strength: nan(),
    hasSeason: new Uint8Array(n),
  };
  const state: State = {
    scores,
    y: scores.observed.map((value) => toScale(scale.kind, value)),
    clean: nan(),
    season: nan(),
    residuals: nan(),
    stretchResiduals: nan(),
    holidays: season.holidays,
    scale,
    scratch: new Float64Array(DETECTION.spreadWeeks),
    former: null,
  };
  const expected = nan();
  let [run, runSign, misses] = [0, 0, 0];
  let [weekSpread, stretchSpread] = [Number.NaN, Number.NaN];
  for (let at = 0; at < n; at += 1) {
    state.season[at] = scale.seasonShare === 0 ? 0 : seasonAt(state.clean, at, season);
    expected[at] = expectedAt(state, at);
    if (!Number.isNaN(expected[at]!)) {
      scores.expected[at] = fromScale(scale.kind, expected[at]!);
      // A spread moves slowly: it is taken anew every fourth period, out of the past alone.
      if (at % 4 === 0 || Number.isNaN(weekSpread)) {
        weekSpread = spreadAt(state, state.residuals, at);
        stretchSpread = spreadAt(state, state.stretchResiduals, at);
      }
      scores.sigma[at] = doubtAt(state, at) * atLeast(scale.floor, weekSpread);
    }
    if (Number.isNaN(state.y[at]!)) continue;
    if (state.former !== null && at > state.former.until) state.former = null;
    const isSeasonal = scores.hasSeason[at] === 1;
    const seasonal = isSeasonal ? scale.seasonShare * state.season[at]! : 0;
    const apart = state.y[at]! - expected[at]!;
    const { former } = state;
    const residual = former === null ? apart : beyondFormer(apart, state.y[at]! - former.level - seasonal, former);
    scores.z[at] = residual / scores.sigma[at]!;
    state.clean[at] = state.y[at]!;
    const stretch = stretchAt(state, at);
    const least = DETECTION.stretchFloor * scores.sigma[at]!;
    scores.stretchZ[at] = stretch / atLeast(least, doubtAt(state, at) * stretchSpread);
    const strength = strengthAt(scores, at);
    scores.strength[at] = strength;
    const isAlarm = Math.abs(strength) >= 1;
    if (run > 0 && Math.sign(strength) === runSign && Math.abs(strength) >= 0.5) {
      run += 1 + misses;
      misses = 0;
    } else if (isAlarm) {
      [run, runSign, misses] = [1, Math.sign(strength), 0];
      for (let u = Math.max(0, at - DETECTION.stretchWeeks + 1); u < at; u += 1) {
        if (runSign * scores.z[u]! >= 1) {
          state.clean[u] = expected[u]!;
          run += 1;
        }
      }
    } else if (run > 0) {
      misses += 1;
      if (misses > 1) [run, runSign, misses] = [0, 0, 0];
    }
    if (run > DETECTION.newNormalWeeks) {
      state.former = formerNormal(expected[at]! - seasonal, runSign, at);
      for (let u = Math.max(0, at - DETECTION.newNormalWeeks); u < at; u += 1) state.clean[u] = state.y[u]!;
      [run, runSign, misses] = [0, 0, 0];
    } else if (run > 0 || Math.abs(scores.z[at]!) >= DETECTION.cleanZ) {
      state.clean[at] = expected[at]!;
      continue;
    }
    // Nor does the way back say how far ordinary weeks lie apart.
    if ((season.holidays[at] === 1 && !isSeasonal) || residual !== apart) continue;
    state.residuals[at] = residual;
    state.stretchResiduals[at] = stretch;
  }
  return scores;
}

/** How much wider the spread is taken where less is known of the season. */
function doubtAt({ scores, holidays }: State, at: number): number {
  if (scores.hasSeason[at] === 1) return holidays[at] === 1 ? 1.5 : 1;
  return holidays[at] === 1 ? 3 : DETECTION.noSeasonDoubt;
}

/** The strongest of the rules, with its sign; 0 where nothing can be said. */
function strengthAt({ z, stretchZ }: WeekScores, at: number): number {
  const now = z[at]!;
  if (Number.isNaN(now)) return 0;
  const sign = Math.sign(now);
  const before = at > 0 ? sign * z[at - 1]! : Number.NaN;
  let strength = Math.abs(now) / DETECTION.oneWeekZ;
  if (before > 0) {
    const two = Math.min(sign * now, before);
    const third = at > 1 ? sign * z[at - 2]! : Number.NaN;
    strength = Math.max(strength, two / DETECTION.twoWeeksZ);
    if (third > 0) strength = Math.max(strength, Math.min(two, third) / DETECTION.threeWeeksZ);
  }
  // The newest week must be on the stretch's side: what is over is no alarm.
  const stretch = sign * stretchZ[at]!;
  if (stretch > 0 && Math.abs(now) >= 1) strength = Math.max(strength, stretch / DETECTION.stretchZ);
  return sign * strength;
}

/** 1 / Φ⁻¹(3/4): from the median absolute deviation of normal values to their standard deviation. */
const MAD_TO_SIGMA = 1.482_602_218_505_602;

/** Around nought and not around their median: being wrong all the time is spread, too. */
function spreadAt({ scratch }: State, residuals: Float64Array, at: number): number {
  let count = 0;
  for (let u = Math.max(0, at - DETECTION.spreadWeeks); u < at; u += 1) {
    const residual = residuals[u]!;
    if (!Number.isNaN(residual)) scratch[count++] = Math.abs(residual);
  }
  if (count < DETECTION.leastSpreadWeeks) return Number.NaN;
  return MAD_TO_SIGMA * medianInto(scratch, count);
}

/** Unknown stays unknown. */
const atLeast = (floor: number, value: number) => (value < floor ? floor : value);

/** Puts the weeks from `from` to before `to`, without season, into the scratch; returns how many, and which season share. */
function collect(state: State, from: number, to: number, isSeasonal: boolean): number {
  const { clean, season, holidays, scratch } = state;
  let count = 0;
  for (let u = Math.max(0, from); u < to; u += 1) {
    const d = isSeasonal
      ? clean[u]! - state.scale.seasonShare * season[u]!
      : holidays[u] === 1
        ? Number.NaN
        : clean[u]!;
    if (Number.isNaN(d)) continue;
    scratch[count] = d;
    count += 1;
  }
  return count;
}

function expectedAt(state: State, at: number): number {
  const { scratch } = state;
  const from = at - state.scale.levelWeeks;
  const season = state.season[at]!;
  let isSeasonal = !Number.isNaN(season);
  let count = isSeasonal ? collect(state, from, at, true) : 0;
  if (count < DETECTION.leastLevelWeeks) {
    isSeasonal = false;
    count = collect(state, from, at, false);
    if (count < DETECTION.leastLevelWeeks) return Number.NaN;
  }
  state.scores.hasSeason[at] = isSeasonal ? 1 : 0;
  return medianInto(scratch, count) + (isSeasonal ? state.scale.seasonShare * season : 0);
}

/** Mean of the last four weeks as they were observed, less the median of the twelve before; NaN when too few are known. */
function stretchAt(state: State, at: number): number {
  const { scratch, y, season } = state;
  const isSeasonal = state.scores.hasSeason[at] === 1;
  const from = at - DETECTION.stretchWeeks + 1;
  let sum = 0;
  let known = 0;
  for (let u = Math.max(0, from); u <= at; u += 1) {
    const d = isSeasonal ? y[u]! - state.scale.seasonShare * season[u]! : y[u]!;
    if (Number.isNaN(d)) continue;
    sum += d;
    known += 1;
  }
  if (known < DETECTION.stretchWeeks - 1) return Number.NaN;
  const count = collect(state, from - DETECTION.stretchLevelWeeks, from, isSeasonal);
  if (count < DETECTION.stretchLevelWeeks / 2) return Number.NaN;
  const stretch = sum / known - medianInto(scratch, count);
  return state.former === null ? stretch : beyondFormer(stretch, sum / known - state.former.level, state.former);
}
