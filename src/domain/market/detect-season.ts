import { type Holiday, holidayOf } from './holidays.ts';
import { GRAINS, type Grain } from './metrics.ts';

/** What a series of periods knows of the calendar. */
export interface Season {
  /** 1 in a week with a holiday. */
  holidays: Uint8Array;
  /** Index of the period a year before: the same holiday's, or 52 weeks back; −1 when there is none. */
  yearBefore: Int16Array;
  /** Whether neighbours say something about a period: weeks do, months do not. */
  isSmooth: boolean;
}

/** The calendar of consecutive periods, named by their first days. Shared by all series over them. */
export function seasonOfPeriods(periods: readonly string[], grain: Grain): Season {
  const holidays = periods.map((day) => (grain === 'week' ? holidayOf(day) : null));
  const { perYear } = GRAINS[grain];
  return {
    holidays: Uint8Array.from(holidays, (holiday) => (holiday === null ? 0 : 1)),
    yearBefore: Int16Array.from(holidays, (holiday, at) => yearBefore(holidays, holiday, at - perYear)),
    isSmooth: grain === 'week',
  };
}

function yearBefore(holidays: ReadonlyArray<Holiday | null>, holiday: Holiday | null, usual: number): number {
  if (holiday === null) return Math.max(-1, usual);
  return [usual, usual - 1, usual + 1].find((one) => one >= 0 && holidays[one] === holiday) ?? -1;
}

/**
 * The period a year before; of weeks with the neighbours weighed ¼ ½ ¼ as far as they are known, while holidays stand
 * alone. NaN when it is not known.
 */
export function seasonAt(clean: Float64Array, at: number, { holidays, yearBefore, isSmooth }: Season): number {
  const year = yearBefore[at]!;
  if (year < 0) return Number.NaN;
  if (holidays[at] === 1 || !isSmooth) return clean[year]!;
  let sum = 0;
  let weight = 0;
  for (let u = Math.max(0, year - 1); u <= year + 1; u += 1) {
    const value = clean[u]!;
    if (Number.isNaN(value) || holidays[u] === 1) continue;
    const one = u === year ? 2 : 1;
    sum += one * value;
    weight += one;
  }
  return weight >= 2 ? sum / weight : Number.NaN;
}
