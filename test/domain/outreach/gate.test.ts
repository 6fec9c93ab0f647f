import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSend, type GateInput } from '../../../src/domain/outreach/gate.ts';
import { nextAllowedHour } from '../../../src/domain/outreach/quiet-hours.ts';
import { nextAllowedTime } from '../../../src/domain/outreach/send-window.ts';

const now = new Date('2026-06-10T15:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const clear: GateInput = {
  now,
  channel: 'email',
  isMemo: true,
  contact: { kind: 'investor', isActive: true, hasAddress: true, timeZone: 'America/New_York', hasConsent: false },
  suppression: null,
  quietHours: null,
  sequenceEnded: null,
  dueAt: null,
  tenantPause: null,
  isOutsideAllowList: false,
  sentByTenant: [],
  recipientDomain: 'example.com',
  firstSentAt: null,
  campaign: {
    kind: 'investor',
    status: 'active',
    needsApproval: false,
    window: null,
    throttle: null,
    weeklyCapPerRecipient: 10,
    maxPerRun: 100,
    dedupeDays: 30,
  },
  property: { isPaused: false, isSuppressed: false },
  isApproved: false,
  isSendingEnabled: true,
  sentToRecipientAt: [],
  sentByCampaignAt: [],
  sameOfferAt: null,
};
const withCampaign = (part: Partial<GateInput['campaign']>): GateInput => ({
  ...clear,
  campaign: { ...clear.campaign, ...part },
});
const withContact = (part: Partial<GateInput['contact']>): GateInput => ({
  ...clear,
  contact: { ...clear.contact, ...part },
});

describe('decideSend', () => {
  it('allows a clear case', () => {
    expect(decideSend(clear)).toEqual({ verdict: 'allow' });
  });

  it('never lets a memo go to an owner, whatever else is true', () => {
    const flags = fc.record({
      approved: fc.boolean(),
      enabled: fc.boolean(),
      kind: fc.constantFrom('investor' as const, 'owner' as const),
    });
    fc.assert(
      fc.property(flags, ({ approved, enabled, kind }) => {
        const input = {
          ...clear,
          isApproved: approved,
          isSendingEnabled: enabled,
          contact: { ...clear.contact, kind: 'owner' as const },
        };
        const decision = decideSend({ ...input, campaign: { ...clear.campaign, kind } });
        expect(decision).toMatchObject({
          verdict: 'refuse',
          reason: expect.stringContaining('never goes to an owner'),
        });
      }),
    );
  });

  it.each([
    ['suppressed', { ...clear, suppression: 'unsubscribed' }, /suppressed \(unsubscribed\)/],
    ['archived', withContact({ isActive: false }), /archived/],
    ['without address', withContact({ hasAddress: false }), /no address/],
    ['texted without consent', { ...clear, channel: 'sms' as const }, /consent/],
    [
      'of a suppressed property',
      { ...clear, property: { isPaused: false, isSuppressed: true } },
      /property is suppressed/,
    ],
    ['of an ended campaign', withCampaign({ status: 'ended' }), /ended/],
    ['an owner in an investor campaign', { ...withContact({ kind: 'owner' }), isMemo: false }, /does not write to/],
  ])('refuses a recipient %s', (_name, input, reason) => {
    expect(decideSend(input)).toMatchObject({ verdict: 'refuse', reason: expect.stringMatching(reason) });
  });

  it.each([
    ['approval', withCampaign({ needsApproval: true }), /approval/],
    ['the campaign', withCampaign({ status: 'paused' }), /paused/],
    ['the property', { ...clear, property: { isPaused: true, isSuppressed: false } }, /paused/],
    ['the operator', { ...clear, isSendingEnabled: false }, /operator/],
  ])('holds for %s until a person acts', (_name, input, reason) => {
    expect(decideSend(input)).toMatchObject({ verdict: 'hold', reason: expect.stringMatching(reason), until: null });
    expect(decideSend({ ...withCampaign({ needsApproval: true }), isApproved: true }).verdict).toBe('allow');
  });

  it('holds at the weekly cap until the message that makes room is seven days old', () => {
    const input = {
      ...withCampaign({ weeklyCapPerRecipient: 2 }),
      sentToRecipientAt: [daysAgo(1), daysAgo(6), daysAgo(8)],
    };
    expect(decideSend(input)).toMatchObject({ verdict: 'hold', until: daysAgo(-1) });
    expect(decideSend({ ...input, sentToRecipientAt: [daysAgo(1), daysAgo(8)] }).verdict).toBe('allow');
    const over = { ...input, sentToRecipientAt: [daysAgo(1), daysAgo(2), daysAgo(3)] };
    expect(decideSend(over)).toMatchObject({ verdict: 'hold', until: daysAgo(-5) });
    expect(decideSend(withCampaign({ weeklyCapPerRecipient: 0 }))).toMatchObject({ verdict: 'hold', until: null });
  });

  it('holds at the cap of the daily run, for a repeated offer, and outside the window', () => {
    expect(decideSend({ ...withCampaign({ maxPerRun: 1 }), sentByCampaignAt: [daysAgo(0.5)] })).toMatchObject({
      until: daysAgo(-0.5),
    });
    expect(decideSend({ ...clear, sameOfferAt: daysAgo(29) })).toMatchObject({ verdict: 'hold', until: daysAgo(-1) });
    expect(decideSend({ ...clear, sameOfferAt: daysAgo(30) }).verdict).toBe('allow');
    // 15:00 UTC is 11:00 in New York.
    const afternoon = withCampaign({ window: { days: [1, 2, 3, 4, 5], startHour: 12, endHour: 17 } });
    expect(decideSend(afternoon)).toMatchObject({ verdict: 'hold', until: new Date('2026-06-10T16:00:00Z') });
  });

  it('never allows more than the cap in any seven days, when its holds are obeyed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 * 24 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (hours, cap) => {
          const sent: Date[] = [];
          for (const hour of [...hours].sort((a, b) => a - b)) {
            const at = new Date(now.getTime() + hour * 3_600_000);
            const decision = decideSend({
              ...withCampaign({ weeklyCapPerRecipient: cap }),
              now: at,
              sentToRecipientAt: sent,
            });
            if (decision.verdict === 'allow') sent.push(at);
          }
          for (const end of sent) {
            const week = sent.filter((at) => at <= end && at.getTime() > end.getTime() - 7 * 86_400_000);
            expect(week.length).toBeLessThanOrEqual(cap);
          }
        },
      ),
    );
  });
});

/** Any question to the gate, with every part that can stop a message free to do so. */
const anyQuestion = (): fc.Arbitrary<GateInput> => {
  const when = (days: number) =>
    fc.integer({ min: 0, max: days * 24 * 60 }).map((m) => new Date(now.getTime() - m * 60_000));
  const week = { days: [1, 2, 3, 4, 5, 6, 7], startHour: 8, endHour: 20 };
  const weekdays = { days: [1, 2, 3, 4, 5], startHour: 9, endHour: 18 };
  const mostly = <T>(usual: T, other: T) => fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, fc.constant(other));
  return fc.record({
    now: fc.integer({ min: 0, max: 10 * 24 * 60 }).map((minutes) => new Date(now.getTime() + minutes * 60_000)),
    channel: fc.constantFrom('email', 'sms', 'mail'),
    isMemo: fc.boolean(),
    contact: fc.record({
      kind: fc.constantFrom('investor', 'partner', 'owner'),
      isActive: mostly(true, false),
      hasAddress: mostly(true, false),
      timeZone: mostly('America/Los_Angeles', 'Mars/Olympus'),
      hasConsent: fc.boolean(),
    }),
    suppression: mostly<string | null>(null, 'unsubscribed'),
    quietHours: fc.constantFrom(
      null,
      { windows: [week], closedOnHolidays: true },
      { windows: [weekdays], closedOnHolidays: false },
    ),
    sequenceEnded: mostly<string | null>(null, 'the recipient has answered'),
    dueAt: fc.oneof(fc.constant(null), fc.constant('never' as const), when(3)),
    tenantPause: mostly<string | null>(null, 'by a person'),
    isOutsideAllowList: mostly(false, true),
    campaign: fc.record({
      kind: fc.constantFrom('investor', 'owner'),
      status: fc.constantFrom('active', 'active', 'active', 'paused', 'draft', 'ended'),
      needsApproval: fc.boolean(),
      window: fc.constantFrom(null, weekdays, { days: [6, 7], startHour: 10, endHour: 12 }),
      throttle: fc.constantFrom(null, { perDomainPerHour: 2, warmUp: { startPerDay: 4, growth: 1.5 } }),
      weeklyCapPerRecipient: fc.integer({ min: 0, max: 4 }),
      maxPerRun: fc.integer({ min: 0, max: 6 }),
      dedupeDays: fc.constantFrom(0, 30),
    }),
    property: fc.record({ isPaused: mostly(false, true), isSuppressed: mostly(false, true) }),
    isApproved: mostly(true, false),
    isSendingEnabled: mostly(true, false),
    sentToRecipientAt: fc.array(when(12), { maxLength: 6 }),
    sentByCampaignAt: fc.array(when(2), { maxLength: 8 }),
    sentByTenant: fc.array(fc.record({ at: when(2), domain: fc.constantFrom('example.com', 'other.example') }), {
      maxLength: 8,
    }),
    recipientDomain: fc.constant('example.com'),
    firstSentAt: fc.oneof(fc.constant(null), when(5)),
    sameOfferAt: fc.oneof(fc.constant(null), when(40)),
  });
};

describe('decideSend, whatever it is asked', () => {
  it('never allows what compliance forbids', () => {
    fc.assert(
      fc.property(anyQuestion(), (input) => {
        if (decideSend(input).verdict !== 'allow') return;
        const { contact, campaign, channel } = input;
        const since = (days: number) => input.now.getTime() - days * 86_400_000;
        expect(input.suppression).toBeNull();
        expect(channel === 'sms' && !contact.hasConsent).toBe(false);
        expect(input.isMemo && contact.kind === 'owner').toBe(false);
        expect(contact.kind === 'owner').toBe(campaign.kind === 'owner');
        expect(contact.isActive && contact.hasAddress && input.isSendingEnabled).toBe(true);
        expect([input.tenantPause, input.sequenceEnded, campaign.status]).toEqual([null, null, 'active']);
        expect(input.isOutsideAllowList || input.property.isPaused || input.property.isSuppressed).toBe(false);
        expect(campaign.needsApproval && !input.isApproved).toBe(false);
        expect(input.dueAt === 'never' || (input.dueAt !== null && input.dueAt > input.now)).toBe(false);
        const week = input.sentToRecipientAt.filter((at) => at.getTime() > since(7));
        expect(week.length).toBeLessThan(Math.max(1, campaign.weeklyCapPerRecipient));
        expect(input.sentByCampaignAt.filter((at) => at.getTime() > since(1)).length).toBeLessThan(campaign.maxPerRun);
        if (input.sameOfferAt !== null)
          expect(input.sameOfferAt.getTime()).toBeLessThanOrEqual(since(campaign.dedupeDays));
        expect(nextAllowedTime(campaign.window, contact.timeZone, input.now)).toEqual(input.now);
        expect(nextAllowedHour(input.quietHours, contact.timeZone, input.now)).toEqual(input.now);
      }),
      { numRuns: 300 },
    );
  });

  it('holds until a later moment at which that reason is gone', () => {
    fc.assert(
      fc.property(anyQuestion(), (input) => {
        const decision = decideSend(input);
        if (decision.verdict !== 'hold' || decision.until === null) return;
        expect(decision.until.getTime()).toBeGreaterThan(input.now.getTime());
        const then = decideSend({ ...input, now: decision.until });
        expect(then.verdict).not.toBe('refuse');
        if (then.verdict === 'hold') expect(then.reason).not.toBe(decision.reason);
      }),
      { numRuns: 250 },
    );
  });

  it('is asked of every verdict, so that the two above are not empty', () => {
    const seen = new Set(fc.sample(anyQuestion(), { seed: 7, numRuns: 400 }).map((input) => decideSend(input).verdict));
    expect([...seen].sort()).toEqual(['allow', 'hold', 'refuse']);
  });

  it('holds for a person where the time zone is no time zone', () => {
    const input = {
      ...withContact({ timeZone: 'Mars/Olympus' }),
      quietHours: { windows: [], closedOnHolidays: false },
    };
    expect(decideSend(input)).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('Mars/Olympus'),
      until: null,
    });
  });

  it('holds for a person where the window and the quiet hours never meet', () => {
    const sunday = withCampaign({ window: { days: [7], startHour: 9, endHour: 17 } });
    const quietHours = { windows: [{ days: [1, 2, 3, 4, 5, 6], startHour: 8, endHour: 20 }], closedOnHolidays: false };
    expect(decideSend({ ...sunday, quietHours })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('never meets'),
      until: null,
    });
  });
});
