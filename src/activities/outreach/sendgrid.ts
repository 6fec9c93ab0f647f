import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type MailDataRequired, MailService } from '@sendgrid/mail';
import { ReosError } from '../../domain/errors.ts';
import type { Channel, ChannelDeps, OutboundEmail, OutboundMessage, SendOutcome } from './channel.ts';
import { type MailHeaders, readOrigin, safeHeaders, withoutAddresses } from './channel-http.ts';

const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * E-mail through SendGrid's v3 Mail Send. The base URL is an exact origin from the settings: no redirect and no proxy
 * of the environment leads elsewhere. Each message carries `custom_args.send_id`, which its webhook events bring back.
 * In the sandbox SendGrid checks the message and sends nothing.
 * @throws ReosError `validation` when the key is missing or the base URL is no http(s) origin
 */
export function createSendGrid(deps: Pick<ChannelDeps, 'sendgrid'> & Partial<ChannelDeps>): Channel {
  const { apiKey, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = deps.sendgrid;
  if (apiKey === undefined) {
    throw new ReosError(
      'validation',
      'SendGrid needs SENDGRID_API_KEY. Set it, or leave it out to use the local outbox.',
    );
  }
  const origin = readOrigin('SENDGRID_BASE_URL', baseUrl, 'https://api.sendgrid.com');
  // A kept-alive connection that the provider has just closed would turn into a send whose outcome is unknown.
  const agents = { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false }) };
  const post = async (message: OutboundMessage): Promise<SendOutcome> => {
    if (message.kind !== 'email') return { outcome: 'rejected', reason: `SendGrid does not carry ${message.kind}.` };
    const headers = safeHeaders(message);
    if (headers === null)
      return { outcome: 'rejected', reason: 'An address of the message is none that mail can have.' };
    // One client per message: the signal that bounds the whole exchange belongs to it alone.
    const service = new MailService();
    const client = (service as unknown as { client: RequestClient }).client;
    Object.assign(client.defaultRequest, agents, {
      baseUrl: `${origin}/`,
      timeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
      maxRedirects: 0,
      proxy: false,
    });
    client.setDefaultHeader('Authorization', `Bearer ${apiKey}`);
    try {
      const [answer] = await service.send(mailData(message, headers, deps.isSandbox ?? false));
      return { outcome: 'sent', providerMessageId: headerOf(answer.headers, 'x-message-id') };
    } catch (error) {
      return outcomeOf(error);
    }
  };
  return {
    name: 'sendgrid',
    kinds: ['email'],
    isIdempotent: false,
    isLive: true,
    costMicros: () => 100,
    send: post,
  };
}

interface RequestClient {
  defaultRequest: Record<string, unknown>;
  setDefaultHeader(name: string, value: string): unknown;
}

function mailData(message: OutboundEmail, safe: MailHeaders, isSandbox: boolean): MailDataRequired {
  const { attachment } = message;
  return {
    to: safe.to,
    from: safe.from,
    ...(safe.replyTo === null ? {} : { replyTo: safe.replyTo }),
    subject: safe.subject,
    text: message.text,
    html: message.html,
    headers: safe.headers,
    customArgs: { send_id: message.sendId },
    ...(isSandbox ? { mailSettings: { sandboxMode: { enable: true } } } : {}),
    ...(attachment === null
      ? {}
      : {
          attachments: [
            {
              filename: attachment.filename,
              content: attachment.content.toString('base64'),
              type: attachment.contentType,
              disposition: 'attachment',
            },
          ],
        }),
  };
}

/**
 * What an unsuccessful attempt means: 429 and a connection that was never made let nothing out; another 4xx (or a
 * redirect) is a refusal; after anything else the message may have left.
 */
function outcomeOf(error: unknown): SendOutcome {
  const facts = error as {
    code?: unknown;
    message?: string;
    response?: { status?: number; headers?: unknown; body?: unknown };
  };
  const status = typeof facts.code === 'number' ? facts.code : facts.response?.status;
  if (status === 429) {
    const retryAfterSeconds = retryAfter(facts.response?.headers);
    return {
      outcome: 'retry',
      reason: 'SendGrid asks to slow down (429).',
      ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    };
  }
  if (status !== undefined && status >= 300 && status < 500) {
    return {
      outcome: 'rejected',
      reason: `SendGrid refused the message with ${status}${explain(facts.response?.body)}.`,
    };
  }
  if (status !== undefined) {
    return {
      outcome: 'unknown',
      reason: `SendGrid answered ${status}: the message may or may not have been accepted.`,
    };
  }
  const code = String(facts.code ?? '');
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { outcome: 'retry', reason: `SendGrid could not be reached (${code}).` };
  }
  return { outcome: 'unknown', reason: `The connection to SendGrid ended without an answer (${code || 'no code'}).` };
}

/** SendGrid's own words: `errors[].message` and the field. */
function explain(body: unknown): string {
  const errors = (body as { errors?: unknown } | null | undefined)?.errors;
  if (!Array.isArray(errors)) return '';
  const texts = errors.slice(0, 3).map((entry: { message?: unknown; field?: unknown }) => {
    const field = typeof entry.field === 'string' ? ` (${entry.field})` : '';
    return `${withoutAddresses(String(entry.message ?? 'no message')).slice(0, 200)}${field}`;
  });
  return `: ${texts.join('; ')}`;
}

/** Retry-After in seconds, or SendGrid's X-RateLimit-Reset (epoch seconds). */
function retryAfter(headers: unknown): number | null {
  const seconds = Number(headerOf(headers, 'retry-after') ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.ceil(seconds);
  const reset = Number(headerOf(headers, 'x-ratelimit-reset') ?? Number.NaN) - Date.now() / 1000;
  return Number.isFinite(reset) && reset > 0 && reset < 3600 ? Math.ceil(reset) : null;
}

function headerOf(headers: unknown, name: string): string | null {
  const value = (headers as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
