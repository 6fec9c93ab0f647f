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
export const forecastMargin = (
  groups: readonly HeldGroup[],
  hazard: readonly number[],
  weeks: number,
  exitsSeen: number,
): MarginForecast => marginForecaster(hazard, weeks, exitsSeen)(groups);

/** The chances of an age's homes: week by week, and sums of them times days to the sale to the power of 0, 1 and 2. */
interface AgeChances {
  byWeek: readonly number[];
  p: number;
  q: number;
  qq: number;
}

const daysOf = (step: number) => 7 * (step + 0.5);

/** `forecastMargin` of many lists of homes over the same weeks: what an age's chances are is worked out once. */
export function marginForecaster(
  hazard: readonly number[],
  weeks: number,
  exitsSeen: number,
): (groups: readonly HeldGroup[]) => MarginForecast {
  const known = new Map<number, AgeChances>();
  const chancesOf = (ageWeek: number): AgeChances => {
    const found = known.get(ageWeek);
    if (found !== undefined) return found;
    const byWeek = exitChances(hazard, ageWeek, weeks);
    const sum = (power: number) => byWeek.reduce((total, chance, step) => total + chance * daysOf(step) ** power, 0);
    const made = { byWeek, p: sum(0), q: sum(1), qq: sum(2) };
    known.set(ageWeek, made);
    return made;
  };
  return (groups) => {
    const byAge = new Map<number, { homes: number; m: number; d: number }>();
    let variance = 0;
    let shared = 0;
    for (const group of groups) {
      const { p, q, qq } = chancesOf(group.ageWeek);
      const squares = p * group.mm - 2 * q * group.md + qq * group.dd;
      const means = p * p * group.mm - 2 * p * q * group.md + q * q * group.dd;
      variance += Math.max(0, squares - means) + p * VALUE_SIGMA.own ** 2 * group.vv;
      shared += p * VALUE_SIGMA.shared * group.v;
      const age = byAge.get(group.ageWeek);
      if (age === undefined) byAge.set(group.ageWeek, { homes: group.homes, m: group.m, d: group.d });
      else {
        age.homes += group.homes;
        age.m += group.m;
        age.d += group.d;
      }
    }
    const byWeek = Array.from({ length: weeks }, () => ({ exits: 0, margin: 0 }));
    for (const [ageWeek, { homes, m, d }] of byAge) {
      const chances = chancesOf(ageWeek).byWeek;
      for (let step = 0; step < weeks; step += 1) {
        const week = byWeek[step]!;
        week.exits += chances[step]! * homes;
        week.margin += chances[step]! * (m - daysOf(step) * d);
      }
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
  };
}

/** A single home as a group. */
export function groupOfHome(ageWeek: number, margin: number, holdPerDay: number, value: number): HeldGroup {
  const [m, d, v] = [margin, holdPerDay, value];
  return { ageWeek, homes: 1, m, d, v, mm: m * m, md: m * d, dd: d * d, vv: v * v };
}
