const DAY_MS = 86_400_000;

/** Whole days from one date to the other (the time of day is ignored); NaN when a text is no date. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS);
}

/** The date a number of calendar months earlier, YYYY-MM-DD; the 31st falls back to the month's last day. */
export function monthsBefore(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.slice(0, 10).split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}

/**
 * The date at which a market's sales can speak: today, or, when the newest known sale is older than `maxGapDays`,
 * the day after it, so that old sales are judged by their own time and never passed off as today's market.
 * @returns the date (YYYY-MM-DD) and a sentence that says which one it is
 */
export function closestMarketDate(
  newestCloseDate: string | null,
  today: string,
  maxGapDays = 365,
): { asOf: string; note: string } {
  const day = today.slice(0, 10);
  if (newestCloseDate === null) return { asOf: day, note: `Valued as of ${day}; no sale is known.` };
  const newest = newestCloseDate.slice(0, 10);
  if (daysBetween(newest, day) <= maxGapDays) return { asOf: day, note: `Valued as of ${day}.` };
  const next = new Date(Date.parse(newest) + DAY_MS).toISOString().slice(0, 10);
  return {
    asOf: next,
    note: `Valued as of ${next}, the day after the newest known sale: the market of that date, not of ${day}.`,
  };
}
