import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { FREQUENCIES, isTimeZone, nextDue, type ReportSchedule } from '../../src/domain/report-schedule.ts';

const schedule: fc.Arbitrary<ReportSchedule> = fc.record({
  frequency: fc.constantFrom(...FREQUENCIES),
  hour: fc.integer({ min: 0, max: 23 }),
  weekday: fc.integer({ min: 1, max: 7 }),
  monthDay: fc.integer({ min: 1, max: 31 }),
  timeZone: fc.constantFrom(
    'America/New_York',
    'America/Los_Angeles',
    'America/Phoenix',
    'Pacific/Honolulu',
    'Europe/Berlin',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    // Its clocks change at midnight.
    'America/Havana',
    'Etc/UTC',
  ),
});
const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
const at = (iso: string, zone: string) => DateTime.fromISO(iso, { zone }).toJSDate();
const daily = { frequency: 'daily', hour: 7, weekday: 1, monthDay: 1, timeZone: 'America/New_York' } as const;

describe('nextDue', () => {
  it('comes after the moment, at the hour of the wall clock unless a clock change skips it', () => {
    fc.assert(
      fc.property(schedule, moment, (wanted, after) => {
        const due = nextDue(wanted, after);
        expect(due.getTime()).toBeGreaterThan(after.getTime());
        const local = DateTime.fromJSDate(due, { zone: wanted.timeZone });
        const skipped = local.set({ hour: wanted.hour, minute: 0 }).hour !== wanted.hour;
        if (!skipped) expect([local.hour, local.minute]).toEqual([wanted.hour, 0]);
        if (wanted.frequency === 'weekly') expect(local.weekday).toBe(wanted.weekday);
        if (wanted.frequency === 'monthly') expect(local.day).toBe(Math.min(wanted.monthDay, local.daysInMonth!));
      }),
      { numRuns: 25 },
    );
  });

  it('is due once in each day, week or month: nothing between two and none twice', () => {
    fc.assert(
      fc.property(schedule, moment, (wanted, after) => {
        const first = DateTime.fromJSDate(nextDue(wanted, after), { zone: wanted.timeZone });
        const second = DateTime.fromJSDate(nextDue(wanted, first.toJSDate()), { zone: wanted.timeZone });
        const unit = { daily: 'day', weekly: 'week', monthly: 'month' }[wanted.frequency] as 'day' | 'week' | 'month';
        expect(second.startOf(unit).toISODate()).toBe(
          first
            .startOf(unit)
            .plus({ [`${unit}s`]: 1 })
            .toISODate(),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('is the same from any moment before it', () => {
    fc.assert(
      fc.property(schedule, moment, fc.double({ min: 0, max: 0.999, noNaN: true }), (wanted, after, part) => {
        const due = nextDue(wanted, after);
        const later = new Date(after.getTime() + Math.floor((due.getTime() - after.getTime()) * part));
        expect(nextDue(wanted, later)).toEqual(due);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps to the wall clock over both changes of the clocks', () => {
    const zone = 'America/New_York';
    expect(nextDue(daily, at('2026-03-07T07:00', zone))).toEqual(at('2026-03-08T07:00', zone));
    expect(nextDue({ ...daily, hour: 2 }, at('2026-03-08T00:00', zone))).toEqual(at('2026-03-08T03:00', zone));
    const night = { ...daily, hour: 1 };
    const once = nextDue(night, at('2026-11-01T00:00', zone));
    expect(nextDue(night, once)).toEqual(at('2026-11-02T01:00', zone));
  });

  it('takes the last day of a month that is too short', () => {
    const last = { ...daily, frequency: 'monthly', monthDay: 31 } as const;
    expect(nextDue(last, at('2028-02-01T00:00', 'America/New_York'))).toEqual(
      at('2028-02-29T07:00', 'America/New_York'),
    );
  });

  it('refuses a zone that is none', () => {
    expect(() => nextDue({ ...daily, timeZone: 'Mars/Base' }, new Date())).toThrow("'Mars/Base' is not a time zone");
    expect([isTimeZone('Mars/Base'), isTimeZone('America/Boise')]).toEqual([false, true]);
  });
});
