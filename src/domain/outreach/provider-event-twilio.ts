import type { EventMeaning } from './provider-event.ts';
import { bounced } from './provider-event.ts';

const NOTHING: EventMeaning = { status: null, suppress: null, counts: null };

// Twilio's error dictionary (twilio.com/docs/api/errors). The number does not exist, cannot get texts at all, or is a
// landline: writing to it again is of no use. 30003 (switched off, no signal) may pass and is no reason.
const UNREACHABLE_NUMBER = new Set([
  21211, // invalid 'To' number
  21214, // 'To' number cannot be reached
  21217, // phone number does not appear to be valid
  21614, // 'To' number is no mobile number
  21635, // 'To' number cannot be a landline
  30005, // unknown destination handset: not assigned or no longer in service
  30006, // landline or unreachable carrier
]);
/** The recipient has opted out at Twilio: 'STOP' to this sender. */
const OPTED_OUT = 21610;
// Turned away by a carrier for what it says or who sends it, not for the number: blocked, filtered, not registered.
const BLOCKED = new Set([21408, 21612, 30004, 30007, 30032, 30034, 30035]);

/**
 * The meaning of a Twilio status callback (`MessageStatus` as in Twilio's Message resource). `queued` and before: Twilio
 * has accepted the message. Other words mean nothing and are only recorded.
 * @param errorCode Twilio's error code; null when it gave none
 */
export function twilioMeaning(messageStatus: string, errorCode: number | null): EventMeaning {
  switch (messageStatus) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
      return { ...NOTHING, status: 'sent' };
    case 'delivered':
      return { ...NOTHING, status: 'delivered' };
    case 'read':
      return { ...NOTHING, status: 'opened', counts: 'open' };
    case 'undelivered':
    case 'failed':
      return failure(messageStatus, errorCode);
    case 'canceled':
      return { ...NOTHING, status: 'error' };
    default:
      return NOTHING;
  }
}

function failure(messageStatus: 'undelivered' | 'failed', errorCode: number | null): EventMeaning {
  if (errorCode === OPTED_OUT) return { ...NOTHING, status: 'error', suppress: 'unsubscribed' };
  if (errorCode !== null && UNREACHABLE_NUMBER.has(errorCode)) return bounced('hard');
  if (messageStatus === 'failed') return { ...NOTHING, status: 'error' };
  return bounced(errorCode !== null && BLOCKED.has(errorCode) ? 'block' : 'soft');
}
