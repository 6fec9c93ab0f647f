import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_STATUSES } from '../../../src/domain/outreach/merge-status.ts';
import { bounced, meaningOf } from '../../../src/domain/outreach/provider-event.ts';
import {
  foldEvents,
  type ProgressEvent,
  type SendProgress,
  softBounceEnd,
} from '../../../src/domain/outreach/provider-event-fold.ts';

const NOTHING: SendProgress = {
  status: 'sending',
  openCount: 0,
  machineOpenCount: 0,
  clickCount: 0,
  deliveredAt: null,
  openedAt: null,
  clickedAt: null,
  bouncedAt: null,
  bounceClass: null,
  softBounceCount: 0,
  unsubscribedAt: null,
  complainedAt: null,
  answeredAt: null,
  error: null,
};
const minute = (n: number) => new Date(Date.UTC(2026, 5, 1, 0, n));

const event: fc.Arbitrary<ProgressEvent> = fc.record({
  meaning: fc.oneof(
    fc
      .constantFrom(
        { event: 'processed' },
        { event: 'delivered' },
        { event: 'open' },
        { event: 'open', isMachineOpen: true },
        { event: 'click' },
        { event: 'deferred' },
        { event: 'dropped', reason: 'Bounced Address' },
        { event: 'dropped' },
        { event: 'spamreport' },
        { event: 'unsubscribe' },
        { event: 'group_resubscribe' },
      )
      .map(meaningOf),
    fc.constantFrom('hard' as const, 'soft' as const, 'block' as const).map(bounced),
  ),
  at: fc.nat(50).map(minute),
  isAnswer: fc.boolean(),
  reason: fc.option(fc.constantFrom('550 no such mailbox', '421 try later', 'blocked')),
});
const before: fc.Arbitrary<SendProgress> = fc.record({
  ...Object.fromEntries(Object.entries(NOTHING).map(([key, value]) => [key, fc.constant(value)])),
  status: fc.constantFrom(...MESSAGE_STATUSES),
  error: fc.option(fc.constant('no answer within 10 s')),
} as { [K in keyof SendProgress]: fc.Arbitrary<SendProgress[K]> });

describe('foldEvents', () => {
  it('ends the same in any order and any division into batches', () => {
    const shuffled = fc
      .array(event, { maxLength: 12 })
      .chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }), fc.nat(events.length)),
      );
    fc.assert(
      fc.property(before, shuffled, (start, [events, other, cut]) => {
        const inBatches = foldEvents(foldEvents(start, other.slice(0, cut)), other.slice(cut));
        expect(inBatches).toEqual(foldEvents(start, events));
      }),
    );
  });

  it('counts opens by machines apart', () => {
    const opens = [true, false, true].map((isMachineOpen, n) => ({
      meaning: meaningOf({ event: 'open', isMachineOpen }),
      at: minute(n),
      isAnswer: false,
      reason: null,
    }));
    expect(foldEvents(NOTHING, opens)).toMatchObject({
      status: 'opened',
      openCount: 1,
      machineOpenCount: 2,
      openedAt: minute(1),
      deliveredAt: minute(0),
    });
    expect(foldEvents(NOTHING, opens.slice(0, 1))).toMatchObject({ status: 'delivered', openCount: 0, openedAt: null });
  });

  it('keeps the worst class of a bounce and says why, over what the sender met', () => {
    const came = (bounce: 'hard' | 'soft', reason: string) => ({
      meaning: bounced(bounce),
      at: minute(1),
      isAnswer: false,
      reason,
    });
    const start = { ...NOTHING, error: 'no answer' };
    expect(foldEvents(start, [came('hard', '550 none'), came('soft', '421 later')])).toMatchObject({
      status: 'bounced',
      bounceClass: 'hard',
      softBounceCount: 1,
      bouncedAt: minute(1),
      error: 'Bounced: 421 later',
    });
  });

  it('answers with the earliest answer', () => {
    const clicks = [5, 3, 4].map((at) => ({
      meaning: meaningOf({ event: 'click' }),
      at: minute(at),
      isAnswer: at !== 3,
      reason: null,
    }));
    expect(foldEvents(NOTHING, clicks)).toMatchObject({ answeredAt: minute(4), clickedAt: minute(3), clickCount: 3 });
  });
});

describe('softBounceEnd', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));
  const soft = (n: number, wasDelivered = false) => ({ lastAt: day(n), wasDelivered });

  it('lets an address rest after three messages that came back, for 30 days from the last', () => {
    expect(softBounceEnd([])).toBeNull();
    expect(softBounceEnd([soft(1), soft(2)])).toBeNull();
    expect(softBounceEnd([soft(3), soft(1), soft(2)])).toEqual(day(33));
  });

  it('leaves out what arrived all the same and what lies 30 days back', () => {
    expect(softBounceEnd([soft(1), soft(2), soft(3, true)])).toBeNull();
    expect(softBounceEnd([soft(1), soft(2), soft(31)])).toBeNull();
    expect(softBounceEnd([soft(2), soft(3), soft(31)])).toEqual(day(61));
  });
});
