import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { nextAllowedTime, type SendWindow, sendWindowSchema } from '../../../src/domain/outreach/send-window.ts';

const weekdays: SendWindow = { days: [1, 2, 3, 4, 5], startHour: 9, endHour: 17 };
const at = (iso: string, zone: string) => DateTime.fromISO(iso, { zone }).toJSDate();

const windows = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 1, max: 24 }),
  )
  .filter(([, startHour, endHour]) => startHour < endHour)
  .map(([days, startHour, endHour]) => ({ days, startHour, endHour }));
// The two days of 2026 on which clocks change in the United States, and the days around them.
const aroundClockChanges = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 2, 6), max: Date.UTC(2026, 2, 10) }),
  fc.integer({ min: Date.UTC(2026, 9, 30), max: Date.UTC(2026, 10, 3) }),
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
);
const zones = fc.constantFrom(
  'America/Los_Angeles',
  'America/New_York',
  'America/Phoenix',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'UTC',
);

function isInside(window: SendWindow, zone: string, moment: Date): boolean {
  const local = DateTime.fromJSDate(moment, { zone });
  return window.days.includes(local.weekday) && local.hour >= window.startHour && local.hour < window.endHour;
}

describe('nextAllowedTime', () => {
  it('gives a time inside the window, never before now, and now itself when it is open', () => {
    fc.assert(
      fc.property(windows, zones, aroundClockChanges, (window, zone, ms) => {
        const now = new Date(ms);
        const next = nextAllowedTime(window, zone, now);
        expect(isInside(window, zone, next)).toBe(true);
        expect(next.getTime()).toBeGreaterThanOrEqual(now.getTime());
        if (isInside(window, zone, now)) expect(next).toEqual(now);
      }),
    );
  });

  it('gives the first such time: no quarter of an hour before it is inside', () => {
    fc.assert(
      fc.property(windows, zones, aroundClockChanges, (window, zone, ms) => {
        const quarter = 15 * 60_000;
        const now = new Date(Math.floor(ms / quarter) * quarter);
        const next = nextAllowedTime(window, zone, now).getTime();
        for (let t = now.getTime(); t < next; t += quarter) expect(isInside(window, zone, new Date(t))).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('waits for the morning, over a weekend, in the zone of the recipient', () => {
    const zone = 'America/Los_Angeles';
    expect(nextAllowedTime(weekdays, zone, at('2026-03-06T17:00', zone))).toEqual(at('2026-03-09T09:00', zone));
    expect(nextAllowedTime(weekdays, zone, at('2026-03-09T16:59', zone))).toEqual(at('2026-03-09T16:59', zone));
  });

  it('opens after the hour that a clock change skips, on the next day that has it', () => {
    const zone = 'America/New_York';
    const atTwo: SendWindow = { days: [7], startHour: 2, endHour: 3 };
    expect(nextAllowedTime(atTwo, zone, at('2026-03-08T00:30', zone))).toEqual(at('2026-03-15T02:00', zone));
  });

  it('is always open without a window, and refuses an unknown zone', () => {
    const now = new Date();
    expect(nextAllowedTime(null, 'nowhere', now)).toBe(now);
    expect(() => nextAllowedTime(weekdays, 'Mars/Olympus', now)).toThrow(/Mars\/Olympus/);
  });

  it('refuses windows that never open', () => {
    expect(sendWindowSchema.safeParse({ days: [1], startHour: 17, endHour: 9 }).success).toBe(false);
    expect(sendWindowSchema.safeParse({ days: [], startHour: 9, endHour: 17 }).success).toBe(false);
    expect(sendWindowSchema.safeParse({ days: [0], startHour: 9, endHour: 17 }).success).toBe(false);
  });
});
