import { join } from 'node:path';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { loadQuietHours } from '../../../src/config/quiet-hours.ts';
import { isLegalHoliday } from '../../../src/domain/outreach/legal-holidays.ts';
import { allowedHours, nextAllowedHour, quietHoursSchema } from '../../../src/domain/outreach/quiet-hours.ts';

const rules = loadQuietHours(join(process.cwd(), 'config'));
const states = Object.keys(rules.states);
const ZONES = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'Pacific/Honolulu'];
const at = (text: string, zone = 'America/Chicago') => DateTime.fromISO(text, { zone }).toJSDate();
const anyMoment = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2030-01-01T00:00:00Z'),
  noInvalidDate: true,
});

describe('quiet hours', () => {
  it('names a source for each state and covers those whose laws are known to be stricter', () => {
    expect(states).toEqual(expect.arrayContaining(['FL', 'OK', 'WA', 'MD', 'TX', 'CT', 'AL', 'LA', 'RI']));
    for (const rule of Object.values(rules.states)) expect(rule.source).toMatch(/\d/);
  });

  it.each([
    // Friday evening: Florida and its kin end at 20:00, the federal rule at 21:00.
    ['FL', '2026-06-12T20:00', '2026-06-13T08:00'],
    ['GA', '2026-06-12T20:59', '2026-06-12T20:59'],
    ['GA', '2026-06-12T21:00', '2026-06-13T08:00'],
    ['CT', '2026-06-12T08:59', '2026-06-12T09:00'],
    // Sunday: Texas from noon, Alabama and Utah not at all.
    ['TX', '2026-06-14T09:30', '2026-06-14T12:00'],
    ['TX', '2026-06-15T08:30', '2026-06-15T09:00'],
    ['AL', '2026-06-14T10:00', '2026-06-15T08:00'],
    ['UT', '2026-06-13T21:00', '2026-06-15T08:00'],
    // Friday 3 July 2026 is the observed Independence Day, Saturday the day itself, then Sunday.
    ['AL', '2026-07-03T10:00', '2026-07-06T08:00'],
    ['FL', '2026-07-03T10:00', '2026-07-03T10:00'],
  ])('%s at %s opens at %s', (state, now, expected) => {
    expect(nextAllowedHour(allowedHours(rules, 'sms', state), 'America/Chicago', at(now))).toEqual(at(expected));
  });

  it('gives a contact without a state only hours that every state allows', () => {
    const strictest = allowedHours(rules, 'sms', null);
    fc.assert(
      fc.property(anyMoment, fc.constantFrom(...ZONES), fc.constantFrom(...states, 'GA'), (now, zone, state) => {
        const open = nextAllowedHour(strictest, zone, now)!;
        expect(open.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(nextAllowedHour(allowedHours(rules, 'sms', state), zone, open)).toEqual(open);
      }),
      { numRuns: 40 },
    );
  });

  it('is never open outside the federal hours, on a closed day, or on a holiday where those are closed', () => {
    fc.assert(
      fc.property(anyMoment, fc.constantFrom(...ZONES), fc.constantFrom(...states), (now, zone, state) => {
        const local = DateTime.fromJSDate(nextAllowedHour(allowedHours(rules, 'sms', state), zone, now)!, { zone });
        expect(local.hour).toBeGreaterThanOrEqual(8);
        expect(local.hour).toBeLessThan(21);
        const rule = rules.states[state]!;
        expect(rule.windows.some(({ days }) => days.includes(local.weekday))).toBe(true);
        if (rule.closedOnHolidays) expect(isLegalHoliday(local.toISODate()!)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('says nothing about other channels', () => {
    expect(allowedHours(rules, 'email', 'FL')).toBeNull();
    expect(nextAllowedHour(null, 'America/Chicago', at('2026-06-14T03:00'))).toEqual(at('2026-06-14T03:00'));
  });

  it('refuses a state that is looser than the federal rule, and states that share no hour', () => {
    const week = [1, 2, 3, 4, 5, 6, 7];
    const file = (states: unknown) => ({
      channels: ['sms'],
      everywhere: { days: week, startHour: 8, endHour: 21 },
      states,
    });
    const rule = (startHour: number, endHour: number) => ({
      windows: [{ days: week, startHour, endHour }],
      source: 'x 1',
    });
    expect(quietHoursSchema.safeParse(file({ TX: rule(9, 20) })).success).toBe(true);
    expect(quietHoursSchema.safeParse(file({ TX: rule(7, 20) })).error?.message).toContain(
      'outside those of everywhere',
    );
    expect(quietHoursSchema.safeParse(file({ TX: rule(8, 10), FL: rule(11, 12) })).error?.message).toContain(
      'no hour that is allowed in all',
    );
  });
});

describe('isLegalHoliday', () => {
  it.each(['2026-01-01', '2026-01-19', '2026-02-16', '2026-02-17', '2026-04-03', '2026-05-25', '2026-06-19'])(
    '%s is one',
    (day) => expect(isLegalHoliday(day)).toBe(true),
  );
  it.each(['2026-07-03', '2026-09-07', '2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25', '2027-12-31'])(
    '%s is one',
    (day) => expect(isLegalHoliday(day)).toBe(true),
  );
  it.each(['2026-01-02', '2026-05-26', '2026-07-06', '2026-11-27', '2026-12-24'])('%s is none', (day) =>
    expect(isLegalHoliday(day)).toBe(false),
  );
});
