import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../../src/domain/outreach/provider-event.ts';

describe('meaningOf', () => {
  it.each([
    [{ event: 'processed' }, { status: 'sent', suppress: null, counts: null }],
    [{ event: 'delivered' }, { status: 'delivered', suppress: null, counts: null }],
    [{ event: 'open' }, { status: 'opened', suppress: null, counts: 'open' }],
    [
      { event: 'open', isMachineOpen: true },
      { status: 'delivered', suppress: null, counts: 'machine_open' },
    ],
    [{ event: 'click' }, { status: 'clicked', suppress: null, counts: 'click' }],
    [
      { event: 'bounce', type: 'bounce' },
      { status: 'bounced', suppress: 'bounced', counts: null, bounce: 'hard' },
    ],
    [
      { event: 'bounce', type: 'blocked', status: '5.7.1' },
      { status: 'bounced', suppress: null, counts: null, bounce: 'block' },
    ],
    [
      { event: 'bounce', type: 'blocked', status: '4.4.1' },
      { status: 'bounced', suppress: null, counts: null, bounce: 'soft' },
    ],
    [
      { event: 'bounce', type: 'expired' },
      { status: 'bounced', suppress: null, counts: null, bounce: 'soft' },
    ],
    [
      { event: 'dropped', reason: 'Bounced Address' },
      { status: 'error', suppress: 'bounced', counts: null },
    ],
    [
      { event: 'dropped', reason: 'Unsubscribed Address' },
      { status: 'error', suppress: 'unsubscribed', counts: null },
    ],
    [
      { event: 'dropped', reason: 'Spam Reporting Address' },
      { status: 'error', suppress: 'spam', counts: null },
    ],
    [
      { event: 'dropped', reason: 'Invalid SMTPAPI header' },
      { status: 'error', suppress: null, counts: null },
    ],
    [{ event: 'spamreport' }, { status: 'spam', suppress: 'spam', counts: null }],
    [{ event: 'unsubscribe' }, { status: 'unsubscribed', suppress: 'unsubscribed', counts: null }],
    [{ event: 'group_unsubscribe' }, { status: 'unsubscribed', suppress: 'unsubscribed', counts: null }],
    [{ event: 'deferred' }, { status: null, suppress: null, counts: null, bounce: 'soft' }],
    [{ event: 'group_resubscribe' }, { status: null, suppress: null, counts: null }],
    [{ event: 'something_new' }, { status: null, suppress: null, counts: null }],
  ])('%o', (facts, meaning) => {
    expect(meaningOf(facts)).toEqual(meaning);
  });
});
