import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSend, type GateInput } from '../../../src/domain/outreach/gate.ts';

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
