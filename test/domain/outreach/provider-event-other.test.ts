import { describe, expect, it } from 'vitest';
import { lobMeaning } from '../../../src/domain/outreach/provider-event-lob.ts';
import { twilioMeaning } from '../../../src/domain/outreach/provider-event-twilio.ts';

describe('twilioMeaning', () => {
  it.each([
    ['queued', null, { status: 'sent', suppress: null }],
    ['sent', null, { status: 'sent', suppress: null }],
    ['delivered', null, { status: 'delivered', suppress: null }],
    ['undelivered', 30003, { status: 'bounced', suppress: null, bounce: 'soft' }],
    ['undelivered', 30005, { status: 'bounced', suppress: 'bounced', bounce: 'hard' }],
    ['undelivered', 30006, { status: 'bounced', suppress: 'bounced', bounce: 'hard' }],
    ['failed', 21614, { status: 'bounced', suppress: 'bounced', bounce: 'hard' }],
    ['undelivered', 30007, { status: 'bounced', suppress: null, bounce: 'block' }],
    ['failed', 21610, { status: 'error', suppress: 'unsubscribed' }],
    ['failed', 30001, { status: 'error', suppress: null }],
    ['failed', null, { status: 'error', suppress: null }],
    ['something-new', null, { status: null, suppress: null }],
  ])('%s %s', (status, code, meaning) => {
    expect(twilioMeaning(status, code)).toMatchObject(meaning);
  });
});

describe('lobMeaning', () => {
  it.each([
    ['letter.created', { status: 'sent' }],
    ['letter.rendered_pdf', { status: 'sent' }],
    ['letter.mailed', { status: 'sent' }],
    ['postcard.in_transit', { status: 'sent' }],
    ['letter.re-routed', { status: 'sent' }],
    ['letter.delivered', { status: 'delivered' }],
    ['letter.certified.delivered', { status: 'delivered' }],
    ['postcard.returned_to_sender', { status: 'bounced', suppress: 'bounced', bounce: 'hard' }],
    ['letter.failed', { status: 'error' }],
    ['letter.return_envelope.returned_to_sender', { status: null, suppress: null }],
    ['letter.constructor', { status: null }],
  ])('%s', (type, meaning) => {
    expect(lobMeaning(type)).toMatchObject(meaning);
  });

  it('knows nothing of what is no mail', () => {
    expect(lobMeaning('check.returned_to_sender')).toBeNull();
    expect(lobMeaning('address.created')).toBeNull();
  });
});
