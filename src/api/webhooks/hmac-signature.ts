import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { MAX_AGE_SECONDS } from './signature.ts';

const MAX_AHEAD_SECONDS = 300;

/** A request as Twilio signed it. */
export interface TwilioRequest {
  signature: string | undefined;
  /** The full address that Twilio was given, with its query. */
  url: string;
  contentType: string | undefined;
  body: Buffer;
}

/**
 * Why a request of Twilio's is not to be believed, or null when it is (twilio.com/docs/usage/security). Base64 of
 * HMAC-SHA1 over the address and the form's sorted names and values. A body that is no form is covered by its SHA-256 in
 * the address (`bodySHA256`). Twilio signs with or without the port: both are taken, as Twilio's
 * own libraries do.
 */
export function refuseTwilio(authToken: string, request: TwilioRequest): string | null {
  const { signature, url, body } = request;
  if (signature === undefined) return 'the signature is missing';
  if (!URL.canParse(url)) return 'the address is none';
  const bodyHash = new URL(url).searchParams.get('bodySHA256');
  const isForm = request.contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
  if (bodyHash !== null) {
    const actual = createHash('sha256').update(body).digest('hex');
    if (!isSame(actual, bodyHash.toLowerCase())) return 'the body is not the signed one';
  } else if (!isForm) {
    return 'the body is no form and its hash is not signed';
  }
  const params = bodyHash === null ? sortedParams(body) : '';
  const believed = portVariants(url).some((each) =>
    isSame(
      createHmac('sha1', authToken)
        .update(each + params)
        .digest('base64'),
      signature,
    ),
  );
  return believed ? null : 'the signature does not match';
}

/** Names and values one behind the other, by name; of a repeated name each value once, in order. */
function sortedParams(body: Buffer): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return [...values.keys()]
    .sort()
    .map((name) =>
      [...(values.get(name) as Set<string>)]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

/** The address as it stands, and with the scheme's usual port, and without any. */
function portVariants(url: string): string[] {
  const match = /^(https?):\/\/([^/?#]*?)(?::(\d+))?([/?#].*)?$/i.exec(url);
  if (match === null) return [url];
  const [, scheme, host, , rest = ''] = match;
  const usual = scheme?.toLowerCase() === 'https' ? '443' : '80';
  return [...new Set([url, `${scheme}://${host}:${usual}${rest}`, `${scheme}://${host}${rest}`])];
}

/**
 * Why a request of Lob's is not to be believed, or null when it is (Lob's help page on webhooks): hex HMAC-SHA256 of
 * timestamp, a dot, and the raw body.
 * @param request `timestamp` in epoch seconds or milliseconds, 10 or 13 digits
 */
export function refuseLob(
  secret: string,
  request: { signature: string | undefined; timestamp: string | undefined; body: Buffer },
  now: Date,
): string | null {
  const { signature, timestamp, body } = request;
  if (signature === undefined || timestamp === undefined) return 'the signature or its timestamp is missing';
  if (!/^(\d{10}|\d{13})$/.test(timestamp)) return 'the timestamp is not 10 or 13 digits';
  const seconds = timestamp.length === 13 ? Number(timestamp) / 1000 : Number(timestamp);
  const ageSeconds = now.getTime() / 1000 - seconds;
  if (ageSeconds > MAX_AGE_SECONDS) return 'the timestamp is too old';
  if (ageSeconds < -MAX_AHEAD_SECONDS) return 'the timestamp lies in the future';
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return isSame(expected, signature.trim().toLowerCase()) ? null : 'the signature does not match';
}

/** Compares without telling by the time how much is right. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
