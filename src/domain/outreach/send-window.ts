import { DateTime } from 'luxon';
import { z } from 'zod';

/**
 * When a recipient may be written to, in the recipient's own time: on these ISO weekdays (1 Monday … 7 Sunday), from
 * `startHour` (included) to `endHour` (excluded, at most 24).
 */
export const sendWindowSchema = z
  .strictObject({
    days: z.array(z.number().int().min(1).max(7)).min(1),
    startHour: z.number().int().min(0).max(23),
    endHour: z.number().int().min(1).max(24),
  })
  .refine((window) => window.startHour < window.endHour, {
    message: 'startHour must be before endHour',
    path: ['endHour'],
  });

export type SendWindow = z.infer<typeof sendWindowSchema>;

/**
 * The first moment, now or later, at which the window is open. Null (no window) means always. On a day that skips or
 * repeats an hour, what counts is the hour on the wall clock. An unknown zone throws RangeError: guessing one would
 * write at night.
 * @param zone IANA name, such as `America/Los_Angeles`
 */
export function nextAllowedTime(window: SendWindow | null, zone: string, now: Date): Date {
  if (window === null) return now;
  const local = DateTime.fromJSDate(now, { zone });
  if (!local.isValid) throw new RangeError(`'${zone}' is not a time zone of the IANA database`);
  if (isOpen(window, local)) return now;
  // Two weeks cover a window of one weekday whose hours a clock change has skipped this week.
  for (let offset = 0; offset <= 15; offset += 1) {
    const opening = openingOn(window, local.startOf('day').plus({ days: offset }));
    if (opening !== null && opening > local) return opening.toJSDate();
  }
  throw new RangeError(`The send window ${JSON.stringify(window)} never opens in ${zone}`);
}

/** Whether the wall clock of `local` is inside the window. */
function isOpen(window: SendWindow, local: DateTime): boolean {
  return window.days.includes(local.weekday) && local.hour >= window.startHour && local.hour < window.endHour;
}

/** The first moment of the day inside the window; null when the weekday is closed or its hours do not exist. */
function openingOn(window: SendWindow, day: DateTime): DateTime | null {
  if (!window.days.includes(day.weekday)) return null;
  for (let hour = window.startHour; hour < window.endHour; hour += 1) {
    // An hour skipped by a clock change comes out as the hour after it.
    const candidate = day.set({ hour, minute: 0, second: 0, millisecond: 0 });
    if (candidate.hasSame(day, 'day') && isOpen(window, candidate)) return candidate;
  }
  return null;
}
