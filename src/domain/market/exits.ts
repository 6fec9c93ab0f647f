/** Ages are counted in whole weeks up to here; the last week stands for all older ones. */
export const OLDEST_WEEK = 104;
/** A week's chance where nothing was ever sold: homes are held for five months on average, as deals are worked out. */
const DEFAULT_HAZARD = 7 / 152;
/** Weeks at risk that the prior counts for. */
export const HAZARD_STRENGTH = 20;

/** How many homes were sold at each age, and how many are still held at each, by week of age. */
export interface ExitHistory {
  sold: ReadonlyMap<number, number>;
  held: ReadonlyMap<number, number>;
}

/**
 * The chance that a home which is still held at an age is sold within the week, by week of age: the discrete life-table
 * estimate of Kaplan and Meier (1958), homes still held counting as long as they were, smoothed as
 * (sold + 20 × prior) / (at risk + 20).
 * @param prior hazards of all markets; without it the history's own mean over all ages
 */
export function exitHazard({ sold, held }: ExitHistory, prior: readonly number[] | null): number[] {
  const exits = binned(sold);
  const censored = binned(held);
  const atRisk = new Array<number>(OLDEST_WEEK + 1).fill(0);
  let alive = 0;
  for (let week = OLDEST_WEEK; week >= 0; week -= 1) {
    alive += exits[week]!;
    atRisk[week] = alive;
    alive += censored[week]!;
  }
  const weeks = atRisk.reduce((sum, count) => sum + count, 0);
  const mean = (sum(exits) + 1) / (weeks + 1 / DEFAULT_HAZARD);
  return atRisk.map((count, week) => {
    const before = prior?.[week] ?? mean;
    return Math.min(1, (exits[week]! + HAZARD_STRENGTH * before) / (count + HAZARD_STRENGTH));
  });
}

/** That a home of an age is sold in the first, second … of the next weeks. Together at most 1. */
export function exitChances(hazard: readonly number[], ageWeek: number, weeks: number): number[] {
  const chances: number[] = [];
  let unsold = 1;
  for (let step = 0; step < weeks; step += 1) {
    const chance = hazard[Math.min(OLDEST_WEEK, Math.max(0, ageWeek) + step)] ?? DEFAULT_HAZARD;
    chances.push(unsold * chance);
    unsold *= 1 - chance;
  }
  return chances;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function binned(counts: ReadonlyMap<number, number>): number[] {
  const bins = new Array<number>(OLDEST_WEEK + 1).fill(0);
  for (const [week, count] of counts) bins[Math.min(OLDEST_WEEK, Math.max(0, Math.floor(week)))]! += count;
  return bins;
}
