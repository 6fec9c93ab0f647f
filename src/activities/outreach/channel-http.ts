import { messageOf, ReosError } from '../../domain/errors.ts';
import { oneLine } from '../../domain/outreach/clean-text.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/types.ts';
import type { Mailbox, OutboundEmail, SendOutcome } from './channel.ts';

/** A provider as messages and settings name it. */
export interface ProviderApi {
  /** Such as `Twilio`. */
  name: string;
  /** Time for one whole post, in ms. */
  timeoutMs: number;
  /** The identifier in an accepted answer; null when the answer is none. */
  readId(body: unknown, status: number): string | null;
  /** The provider's own words in a refusal; empty when there are none. */
  readRefusal(body: unknown): string;
}

const ANSWER_BYTES = 1024 * 1024;

/**
 * The exact origin of a base URL from the settings.
 * @throws ReosError `validation` naming the setting when it is no http(s) origin
 */
export function readOrigin(setting: string, baseUrl: string, example: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isOrigin =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  if (!isOrigin) throw new ReosError('validation', `${setting} '${baseUrl}' is not an origin such as ${example}.`);
  return url.origin;
}

/** One post: what of it is personal never comes back in a reason. */
export interface MessagePost extends Pick<HttpRequest, 'url' | 'headers' | 'body'> {
  personal: readonly (string | null)[];
}

/**
 * Posts a message once through the guarded client. 429 and a connection that was never made let nothing out; another
 * 4xx (or a redirect) is a refusal; after anything else, an answer without an identifier included, it may have left.
 */
export async function postMessage(http: HttpClient, api: ProviderApi, post: MessagePost): Promise<SendOutcome> {
  const { personal, ...request } = post;
  let response: HttpResponse;
  try {
    response = await http.fetch({
      ...request,
      method: 'POST',
      // A kept-alive connection that the provider has just closed would turn into a send whose outcome is unknown.
      headers: { ...request.headers, connection: 'close', accept: 'application/json' },
      timeoutMs: api.timeoutMs,
      maxBytes: ANSWER_BYTES,
    });
  } catch (error) {
    return outcomeOfFailure(api.name, error);
  }
  return outcomeOfAnswer(api, response, personal);
}

function outcomeOfAnswer(
  api: ProviderApi,
  { status, headers, body }: HttpResponse,
  personal: MessagePost['personal'],
): SendOutcome {
  const content = parseJson(body);
  if (status >= 200 && status < 300) {
    const id = api.readId(content, status);
    if (id !== null) return { outcome: 'sent', providerMessageId: id };
    return {
      outcome: 'unknown',
      reason: `${api.name} answered ${status} without an identifier: the message may or may not have been accepted.`,
    };
  }
  const words = withoutAddresses(api.readRefusal(content), personal).slice(0, 400);
  if (status === 429) {
    const retryAfterSeconds = retryAfter(headers);
    return {
      outcome: 'retry',
      reason: `${api.name} asks to slow down (429).`,
      ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    };
  }
  // 408: the provider gave up on a request that it had begun to read.
  if (status >= 300 && status < 500 && status !== 408) {
    return {
      outcome: 'rejected',
      reason: `${api.name} refused the message with ${status}${words === '' ? '' : `: ${words.replace(/\.$/, '')}`}.`,
    };
  }
  return {
    outcome: 'unknown',
    reason: `${api.name} answered ${status}: the message may or may not have been accepted.`,
  };
}

const NEVER_CONNECTED = new Set<unknown>(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function outcomeOfFailure(name: string, error: unknown): SendOutcome {
  if (!(error instanceof ReosError)) {
    return { outcome: 'unknown', reason: `The post to ${name} ended with: ${withoutAddresses(messageOf(error))}.` };
  }
  if (error.code === 'blocked') {
    return { outcome: 'rejected', reason: `${name} was not reached: ${withoutAddresses(error.message)}` };
  }
  const code = error.details['reason'];
  if (error.code === 'transient' && NEVER_CONNECTED.has(code)) {
    return { outcome: 'retry', reason: `${name} could not be reached (${String(code)}).` };
  }
  return {
    outcome: 'unknown',
    reason: `The connection to ${name} ended without a whole answer (${String(code ?? error.code)}).`,
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

/** Retry-After in seconds (or as a date), or a reset time in epoch seconds; null when the provider says neither. */
function retryAfter(headers: Record<string, string>): number | null {
  const given = headers['retry-after'] ?? '';
  const seconds = given === '' ? Number.NaN : Number(given);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.ceil(seconds);
  const until = Date.parse(given) / 1000 || Number(headers['x-rate-limit-reset'] ?? Number.NaN);
  const remaining = until - Date.now() / 1000;
  return Number.isFinite(remaining) && remaining > 0 && remaining < 3600 ? Math.ceil(remaining) : null;
}

/**
 * A provider's words without what is personal: mail addresses, phone numbers of seven digits and more, and the texts
 * named. Reasons are logged and stored beside the send.
 */
export function withoutAddresses(words: string, personal: readonly (string | null)[] = []): string {
  const known = personal.filter((text) => text !== null && text.length > 1);
  return known
    .reduce<string>((text, secret) => text.replaceAll(secret ?? '', '(recipient)'), words)
    .replace(/[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+/g, '(address)')
    .replace(/\+?\d(?:[\s().-]{0,3}\d){6,}/g, '(number)')
    .replace(/\p{Cc}+/gu, ' ');
}

const MAX_NAME = 100;
const MAX_SUBJECT = 250;

/** The parts of an e-mail that become headers, in which no value can begin another header. */
export type MailHeaders = Pick<OutboundEmail, 'to' | 'from' | 'replyTo' | 'subject' | 'headers'>;

/**
 * Makes an e-mail's headers safe whatever the texts are: one line each, of bounded length.
 * @returns null when an address is none, or a header's name is not one
 */
export function safeHeaders(message: MailHeaders): MailHeaders | null {
  const boxes = [message.to, message.from, ...(message.replyTo === null ? [] : [message.replyTo])];
  const isSafe =
    boxes.every(({ email }) => /^[^\s\p{Cc}<>()[\]"',;:\\@]+@[^\s\p{Cc}<>()[\]"',;:\\@]+$/u.test(email)) &&
    Object.keys(message.headers).every((name) => /^[A-Za-z][A-Za-z0-9-]*$/.test(name));
  if (!isSafe) return null;
  const box = ({ name, email }: Mailbox): Mailbox => ({ name: oneLine(name, MAX_NAME), email });
  return {
    to: box(message.to),
    from: box(message.from),
    replyTo: message.replyTo === null ? null : box(message.replyTo),
    subject: oneLine(message.subject, MAX_SUBJECT),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, value.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 900)]),
    ),
  };
}
