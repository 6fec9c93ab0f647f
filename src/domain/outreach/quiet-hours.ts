import { DateTime } from 'luxon';
import { z } from 'zod';
import { isLegalHoliday } from './legal-holidays.ts';
import { nextAllowedTime, type SendWindow, sendWindowSchema } from './send-window.ts';

/** A state's own hours: one window per kind of day, and where they are written. */
const stateHoursSchema = z.strictObject({
  /** Days that no window names are closed. */
  windows: z.array(sendWindowSchema).min(1),
  /** True where the state closes its legal holidays too. */
  closedOnHolidays: z.boolean().default(false),
  /** Statute or rule, as lawyers cite it. */
  source: z.string().min(1),
  /** What is uncertain, and how it was decided. */
  note: z.string().min(1).optional(),
});

/** When a message may be received, in the recipient's own time: everywhere, and where a state's law is stricter. */
export const quietHoursSchema = z
  .strictObject({
    /** The channels that the rule is for. */
    channels: z.array(z.enum(['email', 'sms', 'mail'])),
    /** Everywhere: the federal rule. */
    everywhere: sendWindowSchema,
    /** By two-letter state. */
    states: z.record(z.string().regex(/^[A-Z]{2}$/), stateHoursSchema),
  })
  .check((context) => {
    const federal = openHours([context.value.everywhere]);
    for (const [state, { windows }] of Object.entries(context.value.states)) {
      if ([...openHours(windows)].every((hour) => federal.has(hour))) continue;
      const message = 'has hours outside those of everywhere; a state may only be stricter';
      context.issues.push({ code: 'custom', message, path: ['states', state], input: windows });
    }
    if (commonWindows(context.value).length === 0) {
      const message =
        'leave no hour that is allowed in all of them, so a contact without a state could never be texted';
      context.issues.push({ code: 'custom', message, path: ['states'], input: context.value.states });
    }
  });

export type QuietHours = z.infer<typeof quietHoursSchema>;

/** The hours of one recipient: open in any of the windows, but never on a legal holiday where those are closed. */
export interface AllowedHours {
  windows: readonly SendWindow[];
  closedOnHolidays: boolean;
}

/**
 * The hours of a channel in a state; null when the channel has no quiet hours. An unknown state gets the hours that
 * hold in every state: the strictest of all.
 */
export function allowedHours(
  rules: QuietHours,
  channel: 'email' | 'sms' | 'mail',
  state: string | null,
): AllowedHours | null {
  if (!rules.channels.includes(channel)) return null;
  if (state === null) return { windows: commonWindows(rules), closedOnHolidays: Object.keys(rules.states).length > 0 };
  return rules.states[state] ?? { windows: [rules.everywhere], closedOnHolidays: false };
}

/**
 * The first moment, now or later, inside the hours; null hours mean always. Null is answered when they never open.
 * @throws RangeError for a time zone that the IANA database does not have
 */
export function nextAllowedHour(hours: AllowedHours | null, zone: string, now: Date): Date | null {
  if (hours === null) return now;
  let at = now;
  // The longest chain of closed days is a weekend with holidays on either side.
  for (let day = 0; day < 10; day += 1) {
    const openings = hours.windows.map((window) => nextAllowedTime(window, zone, at).getTime());
    if (openings.length === 0) return null;
    const next = DateTime.fromMillis(Math.min(...openings), { zone });
    if (!hours.closedOnHolidays || !isLegalHoliday(next.toISODate() ?? '')) return next.toJSDate();
    at = next.startOf('day').plus({ days: 1 }).toJSDate();
  }
  return null;
}

/** Hours of the week that are open, as `weekday * 24 + hour`. */
function openHours(windows: readonly SendWindow[]): Set<number> {
  const hours = new Set<number>();
  for (const { days, startHour, endHour } of windows) {
    for (const day of days) for (let hour = startHour; hour < endHour; hour += 1) hours.add(day * 24 + hour);
  }
  return hours;
}

/** What is open everywhere and in each state, as one window per run of hours and the days that share it. */
function commonWindows(rules: Pick<QuietHours, 'everywhere' | 'states'>): SendWindow[] {
  const all = [[rules.everywhere], ...Object.values(rules.states).map(({ windows }) => windows)].map(openHours);
  const isOpen = (day: number, hour: number) => all.every((hours) => hours.has(day * 24 + hour));
  const windows = new Map<string, SendWindow>();
  for (let day = 1; day <= 7; day += 1) {
    for (let hour = 0; hour < 24; hour += 1) {
      const startHour = hour;
      while (hour < 24 && isOpen(day, hour)) hour += 1;
      if (hour === startHour) continue;
      const key = `${startHour}-${hour}`;
      const known = windows.get(key);
      if (known === undefined) windows.set(key, { days: [day], startHour, endHour: hour });
      else known.days.push(day);
    }
  }
  return [...windows.values()];
}
