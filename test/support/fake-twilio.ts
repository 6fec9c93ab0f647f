import type { ServerResponse } from 'node:http';
import { answerJson, type ProviderFault, type ProviderRequest, startProvider } from './fake-provider.ts';

export const TWILIO_ACCOUNT = `AC${'0a'.repeat(16)}`;
export const TWILIO_TOKEN = 'twilio-test-token';
export const TWILIO_NUMBER = '+12065550100';
export const TWILIO_SERVICE = `MG${'1b'.repeat(16)}`;

export interface FakeTwilio {
  url: string;
  /** Every accepted message, in order: Twilio has no idempotency key, so a repeated post is a second message. */
  accepted: { sid: string; sendId: string; form: Record<string, string> }[];
  /** Every post that arrived, accepted or not. */
  posts: ProviderRequest[];
  close(): Promise<void>;
}

/**
 * Behaves as POST /2010-04-01/Accounts/{sid}/Messages.json does: basic auth, a form, its own checks and error numbers.
 * @param faultFor which fault meets the n-th post (from 0)
 */
export async function startFakeTwilio(faultFor: (n: number) => ProviderFault = () => 'none'): Promise<FakeTwilio> {
  const accepted: FakeTwilio['accepted'] = [];
  const posts: ProviderRequest[] = [];

  function accept(form: Record<string, string>): Record<string, unknown> {
    const sid = `SM${String(accepted.length + 1).padStart(32, '0')}`;
    const sendId = new URL(form['StatusCallback'] ?? 'http://none').searchParams.get('send_id') ?? '';
    accepted.push({ sid, sendId, form });
    return { sid, account_sid: TWILIO_ACCOUNT, status: 'queued', to: form['To'], error_code: null, num_segments: '1' };
  }

  const server = await startProvider((request, response, socket) => {
    const path = `/2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`;
    if (request.path !== path) return problem(response, 404, 20404, 'The requested resource was not found');
    if (request.method !== 'POST') return answerJson(response, 200, { messages: [] });
    const fault = faultFor(posts.length);
    posts.push(request);
    const expected = `Basic ${Buffer.from(`${TWILIO_ACCOUNT}:${TWILIO_TOKEN}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return problem(response, 401, 20003, 'Authenticate');
    const form = Object.fromEntries(new URLSearchParams(request.raw));
    if (fault === 'none') {
      const wrong = findProblem(request, form);
      if (wrong !== null) return problem(response, 400, ...wrong);
      return answerJson(response, 201, accept(form));
    }
    if (fault.startsWith('accept')) accept(form);
    if (fault === 'slow_down') return problem(response, 429, 20429, 'Too Many Requests', { 'Retry-After': '7' });
    if (fault === 'server_error') return problem(response, 500, 20500, 'Internal Server Error');
    if (fault === 'accept_then_502') return problem(response, 502, 20502, 'Bad gateway');
    if (fault === 'request_timeout') return problem(response, 408, 20408, 'Request timed out');
    if (fault === 'refuse')
      return problem(response, 400, 21211, `The 'To' number ${form['To']} is not a valid phone number.`);
    if (fault === 'nonsense') return void response.writeHead(200).end('<html>hello</html>');
    if (fault === 'redirect') return void response.writeHead(307, { Location: 'http://127.0.0.1:9/elsewhere' }).end();
    if (fault === 'redirect_here') return void response.writeHead(302, { Location: path }).end();
    if (fault === 'reset') socket.resetAndDestroy();
  });
  return { ...server, accepted, posts };
}

function findProblem(request: ProviderRequest, form: Record<string, string>): [number, string] | null {
  if (request.headers['content-type'] !== 'application/x-www-form-urlencoded') return [20001, 'Unsupported media type'];
  if (!/^\+[1-9]\d{6,14}$/.test(form['To'] ?? '')) return [21211, `Invalid 'To' Phone Number: ${form['To']}`];
  const isOwn = form['From'] === TWILIO_NUMBER || form['MessagingServiceSid'] === TWILIO_SERVICE;
  if (!isOwn)
    return [21606, `The From phone number ${form['From']} is not a valid message-capable number for this account`];
  if ((form['Body'] ?? '') === '') return [21602, 'Message body is required'];
  if ((form['Body'] ?? '').length > 1600)
    return [21617, 'The concatenated message body exceeds the 1600 character limit'];
  return null;
}

function problem(response: ServerResponse, status: number, code: number, message: string, headers = {}): void {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  answerJson(response, status, { code, message, more_info, status }, headers);
}
