import { createHmac } from 'node:crypto';
import { generateKeyPair, type MailEventKeys } from '../../src/demo/mail-events.ts';
import { signBody } from './mail-stories.ts';

/** A request that must be refused. */
export interface Forgery {
  kind: string;
  path: string;
  request: RequestInit;
}

const HOUR_MS = 3_600_000;
const SIGNATURE = 'X-Twilio-Email-Event-Webhook-Signature';
const TIMESTAMP = 'X-Twilio-Email-Event-Webhook-Timestamp';
// Forms that a lenient reader takes for a number.
const TIMESTAMPS = [
  '',
  '0',
  '170000000',
  '17000000000',
  '1.70000000',
  '-170000000',
  '+170000000',
  '1700000000e0',
  '0x65535f00',
  'now',
  '١٧٠٠٠٠٠٠٠٠',
];

/** Forged requests of every kind in turn, for events that would unsubscribe real messages. */
export function forgeries(
  count: number,
  keys: MailEventKeys,
  sendIds: readonly string[],
  random: () => number,
): Forgery[] {
  const other = generateKeyPair();
  const kinds = Object.entries(makers(keys, other, random));
  return Array.from({ length: count }, (_, n) => {
    const sendId = sendIds[Math.floor(random() * sendIds.length)] as string;
    const [kind, make] = kinds[n % kinds.length] as (typeof kinds)[number];
    const events = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, m) => ({
      event: 'unsubscribe',
      sg_event_id: `forged-${n}-${m}`,
      timestamp: 1_780_000_000,
      send_id: sendId,
    }));
    return { kind, path: '/webhook/sendgrid', ...make(JSON.stringify(events), sendId) };
  });
}

type Made = Partial<Forgery> & { request: RequestInit };

function makers(
  keys: MailEventKeys,
  other: MailEventKeys,
  random: () => number,
): Record<string, (body: string, sendId: string) => Made> {
  const headersOf = (request: RequestInit) => request.headers as Record<string, string>;
  const withHeaders = (request: RequestInit, change: Record<string, string>): Made => ({
    request: { ...request, headers: { ...headersOf(request), ...change } },
  });
  return {
    wrong_key: (body) => ({ request: signBody(other, body) }),
    altered_body: (body) => ({
      request: { ...signBody(keys, body), body: body.replace('unsubscribe', 'spamreport ') },
    }),
    added_line_end: (body) => ({ request: { ...signBody(keys, body), body: `${body}\r\n` } }),
    altered_time: (body) => {
      const request = signBody(keys, body);
      return withHeaders(request, { [TIMESTAMP]: String(Number(headersOf(request)[TIMESTAMP]) + 1) });
    },
    too_old: (body) => ({ request: signBody(keys, body, new Date(Date.now() - 27 * HOUR_MS)) }),
    from_the_future: (body) => ({ request: signBody(keys, body, new Date(Date.now() + HOUR_MS)) }),
    time_in_another_form: (body) =>
      withHeaders(signBody(keys, body), {
        [TIMESTAMP]: encodeURI(TIMESTAMPS[Math.floor(random() * TIMESTAMPS.length)] as string),
      }),
    no_signature: (body) => ({
      request: { method: 'POST', body, headers: { [TIMESTAMP]: String(Math.floor(Date.now() / 1000)) } },
    }),
    no_time: (body) => {
      const { [TIMESTAMP]: _, ...headers } = headersOf(signBody(keys, body));
      return { request: { method: 'POST', body, headers } };
    },
    cut_signature: (body) => {
      const request = signBody(keys, body);
      return withHeaders(request, {
        [SIGNATURE]: (headersOf(request)[SIGNATURE] ?? '').slice(0, Math.floor(random() * 90)),
      });
    },
    zero_signature: (body) => withHeaders(signBody(keys, body), { [SIGNATURE]: 'MAYCAQACAQA=' }),
    lob_wrong_secret: (body) => {
      const timestamp = String(Date.now());
      const signature = createHmac('sha256', 'guess').update(`${timestamp}.${body}`).digest('hex');
      const headers = { 'Lob-Signature': signature, 'Lob-Signature-Timestamp': timestamp };
      return { path: '/webhook/lob', request: { method: 'POST', body, headers } };
    },
    twilio_wrong_token: (_body, sendId) => {
      const url = `https://deals.example.com/webhook/twilio?send_id=${sendId}`;
      const form = 'MessageSid=SM1&MessageStatus=delivered';
      const signature = createHmac('sha1', 'guess')
        .update(`${url}MessageSidSM1MessageStatusdelivered`)
        .digest('base64');
      const headers = { 'X-Twilio-Signature': signature, 'Content-Type': 'application/x-www-form-urlencoded' };
      return { path: `/webhook/twilio?send_id=${sendId}`, request: { method: 'POST', body: form, headers } };
    },
  };
}
