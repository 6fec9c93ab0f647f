import { exitChances } from './exits.ts';
import { type Interval, Z90 } from './probability.ts';

/** Sums over held homes of one age. m is the margin if sold today, d the cost of holding a day, v what it is worth. */
export interface HeldGroup {
  ageWeek: number;
  homes: number;
  m: number;
  d: number;
  v: number;
  mm: number;
  md: number;
  dd: number;
  vv: number;
}

/** What the next weeks bring. Dollars; homes. */
export interface MarginForecast {
  exits: number;
  /** With its 90% interval. */
  margin: Interval;
  /** Per week to come, the first one first. */
  weeks: Array<{ exits: number; margin: number }>;
  /** Parts of the variance: of the homes one by one, and of what they share, as standard deviations. */
  sigma: { homes: number; shared: number; pace: number };
}

/** Standard error of a home's value by itself, and of all values of a time together, as shares. */
export const VALUE_SIGMA = { own: 0.08, shared: 0.03 };
/** A day's cost of holding as a share of the price, where it is not known: 0.6% a month, as deals are worked out. */
export const HOLD_SHARE_PER_DAY = (0.006 * 12) / 365;

/**
 * Expected contribution margin of held homes over the next weeks. A home sold in week j brings m − d × 7 (j − ½); the chance
 * of it is the hazard at its age. Variance of each home: E[x²] − E[x]² plus (8% of its value)² when sold; shared by all: 3%
 * of the value of what is sold; the pace of sales: the total divided by √(sales seen + 1). The interval is normal, 90%.
 * @param exitsSeen past sales behind the hazard
 */
export function forecastMargin(
  groups: readonly HeldGroup[],
  hazard: readonly number[],
  weeks: number,
  exitsSeen: number,
): MarginForecast {
  const byWeek = Array.from({ length: weeks }, () => ({ exits: 0, margin: 0 }));
  let variance = 0;
  let shared = 0;
  const chancesOf = new Map<number, number[]>();
  for (const group of groups) {
    let chances = chancesOf.get(group.ageWeek);
    if (chances === undefined) {
      chances = exitChances(hazard, group.ageWeek, weeks);
      chancesOf.set(group.ageWeek, chances);
    }
    let p = 0;
    let q = 0;
    let qq = 0;
    for (const [step, chance] of chances.entries()) {
      const days = 7 * (step + 0.5);
      p += chance;
      q += chance * days;
      qq += chance * days * days;
      byWeek[step]!.exits += chance * group.homes;
      byWeek[step]!.margin += chance * (group.m - days * group.d);
    }
    const squares = p * group.mm - 2 * q * group.md + qq * group.dd;
    const means = p * p * group.mm - 2 * p * q * group.md + q * q * group.dd;
    variance += Math.max(0, squares - means) + p * VALUE_SIGMA.own ** 2 * group.vv;
    shared += p * VALUE_SIGMA.shared * group.v;
  }
  const value = byWeek.reduce((sum, week) => sum + week.margin, 0);
  const sigma = { homes: Math.sqrt(variance), shared, pace: Math.abs(value) / Math.sqrt(exitsSeen + 1) };
  const half = Z90 * Math.hypot(sigma.homes, sigma.shared, sigma.pace);
  return {
    exits: byWeek.reduce((sum, week) => sum + week.exits, 0),
    margin: { value, low: value - half, high: value + half },
    weeks: byWeek,
    sigma,
  };
}

/** A single home as a group. */
export function groupOfHome(ageWeek: number, margin: number, holdPerDay: number, value: number): HeldGroup {
  const [m, d, v] = [margin, holdPerDay, value];
  return { ageWeek, homes: 1, m, d, v, mm: m * m, md: m * d, dd: d * d, vv: v * v };
}
