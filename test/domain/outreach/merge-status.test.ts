import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTerminal,
  MESSAGE_STATUSES,
  type MessageStatus,
  mergeStatus,
  parseMessageStatus,
  provesSent,
} from '../../../src/domain/outreach/merge-status.ts';

const status = fc.constantFrom(...MESSAGE_STATUSES);
const fold = (events: readonly MessageStatus[]) => events.reduce(mergeStatus, 'pending');

describe('mergeStatus', () => {
  it('gives one end for every order and repetition of the same evidence', () => {
    const orders = fc
      .array(status, { maxLength: 8 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.array(fc.constantFrom(...(events.length > 0 ? events : ['pending' as const])), { maxLength: 5 }),
        ),
      );
    fc.assert(
      fc.property(orders, ([events, shuffled, again]) => {
        expect(fold([...shuffled, ...again])).toBe(fold(events));
      }),
    );
  });

  it('never weakens what is known', () => {
    fc.assert(
      fc.property(status, status, (a, b) => {
        const merged = mergeStatus(a, b);
        expect([a, b]).toContain(merged);
        expect(mergeStatus(merged, a)).toBe(merged);
        if (provesSent(a)) expect(provesSent(merged) || merged === 'error').toBe(true);
        if (isTerminal(a)) expect(isTerminal(merged)).toBe(true);
      }),
    );
  });

  it.each([
    ['clicked', 'bounced', 'bounced'],
    ['bounced', 'unsubscribed', 'unsubscribed'],
    ['spam', 'unsubscribed', 'spam'],
    ['sent', 'error', 'error'],
    ['error', 'delivered', 'delivered'],
    ['unknown', 'sent', 'sent'],
    ['clicked', 'delivered', 'clicked'],
  ] as const)('%s and %s is %s', (a, b, merged) => {
    expect(mergeStatus(a, b)).toBe(merged);
    expect(mergeStatus(b, a)).toBe(merged);
  });

  it('refuses a word that is no status', () => {
    expect(() => parseMessageStatus('queued')).toThrow(/queued/);
  });
});
