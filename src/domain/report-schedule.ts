import { DateTime } from 'luxon';

export const FREQUENCIES = ['daily', 'weekly', 'monthly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** When something repeats, by the wall clock of a time zone. */
export interface ReportSchedule {
  frequency: Frequency;
  /** 0 to 23. An hour that a clock change skips is the hour after it. */
  hour: number;
  /** Of a weekly one: 1 Monday to 7 Sunday. */
  weekday: number;
  /** Of a monthly one: 1 to 31; in a shorter month its last day. */
  monthDay: number;
  /** IANA name, such as `America/Los_Angeles`. */
  timeZone: string;
}

/**
 * The first moment after the given one at which the schedule is due: once a day, week or month, whatever the clocks do.
 * @throws RangeError for a time zone that the IANA database does not have
 */
export function nextDue(schedule: ReportSchedule, after: Date): Date {
  const local = DateTime.fromJSDate(after, { zone: schedule.timeZone });
  if (!local.isValid) throw new RangeError(`'${schedule.timeZone}' is not a time zone of the IANA database`);
  // Two months hold at least one day of every month.
  for (let offset = 0; offset <= 62; offset += 1) {
    const day = local.startOf('day').plus({ days: offset });
    if (!isDueDay(schedule, day)) continue;
    const due = day.set({ hour: schedule.hour, minute: 0, second: 0, millisecond: 0 });
    if (due.toMillis() > after.getTime()) return due.toJSDate();
  }
  throw new RangeError(`The schedule ${JSON.stringify(schedule)} is never due`);
}

function isDueDay({ frequency, weekday, monthDay }: ReportSchedule, day: DateTime): boolean {
  if (frequency === 'weekly') return day.weekday === weekday;
  if (frequency === 'monthly') return day.day === Math.min(monthDay, day.daysInMonth ?? 31);
  return true;
}

/** Whether the IANA database has the zone. */
export function isTimeZone(name: string): boolean {
  return DateTime.utc().setZone(name).isValid;
}
