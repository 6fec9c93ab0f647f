import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttleHold, throttleSchema, warmUpLimit } from '../../../src/domain/outreach/throttle.ts';

const now = new Date('2026-06-10T15:00:00Z');
const msAgo = (ms: number) => new Date(now.getTime() - ms);
const MINUTE = 60_000;
const DAY = 86_400_000;

describe('throttleHold', () => {
  it('counts one mail domain within an hour', () => {
    const throttle = throttleSchema.parse({ perDomainPerHour: 2 });
    const sends = [
      { at: msAgo(50 * MINUTE), domain: 'a.example' },
      { at: msAgo(10 * MINUTE), domain: 'a.example' },
      { at: msAgo(5 * MINUTE), domain: 'b.example' },
    ];
    const facts = { now, sentByTenant: sends, recipientDomain: 'a.example', firstSentAt: null };
    expect(throttleHold(throttle, facts)).toEqual({
      reason: '2 messages went to a.example within an hour, the limit.',
      until: new Date(now.getTime() + 10 * MINUTE),
    });
    expect(throttleHold(throttle, { ...facts, recipientDomain: 'b.example' })).toBeNull();
    expect(throttleHold(throttle, { ...facts, recipientDomain: null })).toBeNull();
  });

  it('lets a new sender grow day by day', () => {
    const warmUp = { startPerDay: 20, growth: 1.5 };
    expect(warmUpLimit(warmUp, null, now)).toBe(20);
    expect([0, 1, 2, 3].map((days) => warmUpLimit(warmUp, msAgo(days * DAY), now))).toEqual([20, 30, 45, 67]);
    expect(warmUpLimit(warmUp, new Date(now.getTime() + DAY), now)).toBe(20);
  });

  it('never lets more than the limits through in any hour and day, when its holds are obeyed', () => {
    const domains = fc.constantFrom('a.example', 'b.example');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 * 48 }), domains), { maxLength: 80 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 12 }),
        (wishes, perDomainPerHour, startPerDay) => {
          const throttle = { perDomainPerHour, warmUp: { startPerDay, growth: 1 } };
          const sent: { at: Date; domain: string }[] = [];
          for (const [minute, domain] of wishes.sort((a, b) => a[0] - b[0])) {
            const at = new Date(now.getTime() + minute * MINUTE);
            const facts = { now: at, sentByTenant: sent, recipientDomain: domain, firstSentAt: sent[0]?.at ?? null };
            const hold = throttleHold(throttle, facts);
            if (hold === null) sent.push({ at, domain });
            else {
              expect(hold.until.getTime()).toBeGreaterThan(at.getTime());
              const then = throttleHold(throttle, { ...facts, now: hold.until });
              expect(then?.reason === hold.reason).toBe(false);
            }
          }
          for (const { at, domain } of sent) {
            const within = (ms: number) => sent.filter((one) => one.at <= at && one.at.getTime() > at.getTime() - ms);
            expect(within(60 * MINUTE).filter((one) => one.domain === domain).length).toBeLessThanOrEqual(
              perDomainPerHour,
            );
            expect(within(DAY).length).toBeLessThanOrEqual(startPerDay);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
