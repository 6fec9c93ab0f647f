import { DETECTION, scoreWeeks, type WeekScores } from './detect.ts';
import { type Episode, findEpisodes } from './detect-episodes.ts';
import { fromScale, scaleOf, toScale } from './detect-scale.ts';
import type { Season } from './detect-season.ts';

export const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Half of the two-sided 95% interval of normal residuals, in spreads. */
const NINETY_FIVE = 1.96;

/** One figure of one market over consecutive periods, judged. */
export interface JudgedSeries {
  scores: WeekScores;
  episodes: Episode[];
  /** Known values. */
  known: number;
  /** Periods for which a verdict was possible, of those asked for. */
  judged: number;
}

/**
 * Judges a series from period `first` on.
 * @param values one a period without holes; NaN where unknown
 */
export function judgeSeries(metric: string, values: ArrayLike<number>, season: Season, first: number): JudgedSeries {
  const scores = scoreWeeks(values, scaleOf(metric), season);
  let known = 0;
  let judged = 0;
  for (let at = 0; at < values.length; at += 1) {
    if (!Number.isNaN(scores.observed[at]!)) known += 1;
    if (at >= first && !Number.isNaN(scores.z[at]!)) judged += 1;
  }
  return { scores, episodes: findEpisodes(scores, first), known, judged };
}

/** Periods that must be known before anything can be said: a level, a stretch and a spread. */
export const LEAST_PERIODS = DETECTION.leastLevelWeeks + DETECTION.leastSpreadWeeks + 2;

/** What was expected in a period, with the interval that 95 of 100 ordinary periods fall into, in the figure's unit. */
export function expectedRange(metric: string, { expected, sigma }: WeekScores, at: number) {
  const { kind } = scaleOf(metric);
  const middle = toScale(kind, expected[at]!);
  return {
    expected: expected[at]!,
    low: fromScale(kind, middle - NINETY_FIVE * sigma[at]!),
    high: fromScale(kind, middle + NINETY_FIVE * sigma[at]!),
  };
}

/** From how many times the threshold a severity is reached. */
const SEVERE_FROM = [1, 1.5, 2.25, 3.25];

/**
 * Severity by size and persistence: LOW at the threshold, MEDIUM from 1.5, HIGH from 2.25, CRITICAL from 3.25 times it; one
 * step more when it goes on for four periods, one less when it is over.
 */
export function severityOf(episode: Episode): Severity {
  const bySize = SEVERE_FROM.filter((least) => episode.strength >= least).length - 1;
  const lasts = episode.isOpen && episode.to - episode.from >= 3 ? 1 : 0;
  const step = bySize + lasts - (episode.isOpen ? 0 : 1);
  return SEVERITIES[Math.max(0, Math.min(SEVERITIES.length - 1, step))]!;
}

/** Periods without a value between known ones, or after the last: a feed that stopped. Indexes, both included. */
export interface Gap {
  from: number;
  to: number;
  isOpen: boolean;
}

/** The gaps that reach into period `first` or later. A last missing period alone may just be late. */
export function findGaps(values: ArrayLike<number>, first: number): Gap[] {
  const gaps: Gap[] = [];
  let last = -1;
  for (let at = 0; at <= values.length; at += 1) {
    const isEnd = at === values.length;
    if (!isEnd && Number.isNaN(values[at]!)) continue;
    const missing = at - last - 1;
    if (last >= 0 && missing > (isEnd ? 1 : 0) && at - 1 >= first) {
      gaps.push({ from: last + 1, to: at - 1, isOpen: isEnd });
    }
    last = at;
  }
  return gaps;
}
