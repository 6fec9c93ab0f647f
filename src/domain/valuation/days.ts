const DAY_MS = 86_400_000;

/** Whole days since 1970-01-01 of a date YYYY-MM-DD; NaN for null: a sale without a time. */
export function dayNumber(date: string | null): number {
  return date === null ? Number.NaN : Math.round(Date.parse(date.slice(0, 10)) / DAY_MS);
}

/** The date YYYY-MM-DD of a day number; null for NaN. */
export function dateOfDay(day: number): string | null {
  return Number.isNaN(day) ? null : new Date(day * DAY_MS).toISOString().slice(0, 10);
}
