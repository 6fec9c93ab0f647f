import { ReosError } from '../../domain/errors.ts';
import { countSmsSegments } from '../../domain/outreach/sms-segments.ts';
import type { Channel, ChannelDeps, OutboundSms } from './channel.ts';
import { type ProviderApi, postMessage, readOrigin } from './channel-http.ts';

const DEFAULT_TIMEOUT_MS = 15_000;
/** $0.0079 for each segment. */
const SEGMENT_MICROS = 7_900;
/** Segments of one message at most; Twilio itself takes 1,600 characters. */
export const MAX_SMS_SEGMENTS = 10;
/** With test credentials this sender passes every check and sends nothing; a live account does not own it. */
const TEST_SENDER = '+15005550006';

/**
 * Text messages through Twilio's Messages resource. Twilio has no idempotency key: a send is posted once, and its
 * status callback brings the send id back. In the sandbox the sender is Twilio's test number: with test credentials
 * the message is only checked, with live ones it is refused, so that nothing leaves either way.
 * @throws ReosError `validation` when an account setting is missing or wrong
 */
export function createTwilio(deps: Pick<ChannelDeps, 'twilio' | 'http' | 'isSandbox'>): Channel {
  const { accountSid, authToken, from, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = deps.twilio;
  if (accountSid === undefined || authToken === undefined || from === undefined) {
    throw new ReosError(
      'validation',
      'Twilio needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM. Set all three, or none to use the local outbox.',
    );
  }
  if (!/^AC[0-9a-fA-F]{32}$/.test(accountSid)) {
    throw new ReosError('validation', 'TWILIO_ACCOUNT_SID is no account id: AC and 32 hexadecimal digits.');
  }
  const sender = senderOf(deps.isSandbox ? TEST_SENDER : from);
  const url = `${readOrigin('TWILIO_BASE_URL', baseUrl, 'https://api.twilio.com')}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const api: ProviderApi = { name: 'Twilio', timeoutMs, readId, readRefusal };
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const post = async (message: OutboundSms) => {
    const { segments } = countSmsSegments(message.body);
    if (segments === 0 || segments > MAX_SMS_SEGMENTS) {
      const reason = `The text has ${segments} segments; 1 to ${MAX_SMS_SEGMENTS} can be sent. Shorten its template.`;
      return { outcome: 'rejected', reason } as const;
    }
    const form = { To: message.to, ...sender, Body: message.body, StatusCallback: message.statusCallbackUrl };
    return postMessage(deps.http, api, {
      url,
      headers,
      body: new URLSearchParams(form).toString(),
      personal: [message.to],
    });
  };
  return {
    name: 'twilio',
    kinds: ['sms'],
    isIdempotent: false,
    isLive: true,
    costMicros: (message) => (message.kind === 'sms' ? SEGMENT_MICROS * countSmsSegments(message.body).segments : 0),
    send: async (message) =>
      message.kind === 'sms'
        ? post(message)
        : { outcome: 'rejected', reason: `Twilio does not carry ${message.kind}.` },
  };
}

function senderOf(from: string): Record<string, string> {
  if (/^MG[0-9a-fA-F]{32}$/.test(from)) return { MessagingServiceSid: from };
  if (/^\+[1-9]\d{6,14}$/.test(from) || /^\d{5,6}$/.test(from)) return { From: from };
  throw new ReosError(
    'validation',
    'TWILIO_FROM is neither a number such as +12065550100, nor a short code, nor a messaging service (MG and 32 hexadecimal digits).',
  );
}

function readId(body: unknown): string | null {
  const sid = (body as { sid?: unknown } | null)?.sid;
  return typeof sid === 'string' && /^[SM]M[0-9a-fA-F]{32}$/.test(sid) ? sid : null;
}

/** Twilio's error: `code` (its own number) and `message`. */
function readRefusal(body: unknown): string {
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  if (typeof message !== 'string') return '';
  return typeof code === 'number' ? `error ${code}: ${message}` : message;
}
