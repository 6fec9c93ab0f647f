import { ReosError } from '../../domain/errors.ts';
import { checkLiteralHost, originsOf, parseHttpUrl, type ResolveHost } from '../../http/address-guard.ts';
import { createHttpClient } from '../../http/client.ts';
import { exchange } from '../../http/exchange.ts';

/** What came back from one attempt; `status` is null when no answer did. */
export interface Attempt {
  status: number | null;
  retryAfter: string | undefined;
  /** For people; null when the receiver took it. Tells nothing about the network between. */
  error: string | null;
}

/** Posts one signed message. Never throws: what went wrong is the answer. */
export type PostWebhook = (url: string, headers: Record<string, string>, body: string) => Promise<Attempt>;

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES = 256 * 1024;

/**
 * Reads a webhook's address: https to the public internet, or an origin that the operator trusts (WEBHOOK_TRUSTED_ORIGINS).
 * @throws ReosError `validation` saying what is wrong with it
 */
export function readWebhookUrl(text: string, trustedOrigins: readonly string[]): URL {
  try {
    const url = parseHttpUrl(text);
    if (originsOf(trustedOrigins).has(url.origin)) return url;
    if (url.protocol !== 'https:') {
      throw new ReosError(
        'validation',
        'url: must begin with https://, or be of an origin in WEBHOOK_TRUSTED_ORIGINS.',
      );
    }
    checkLiteralHost(url);
    return url;
  } catch (error) {
    const message = error instanceof ReosError && error.code === 'validation' ? error.message : null;
    throw new ReosError(
      'validation',
      message ??
        'url: must be an https address of the public internet, without user name and password, such as https://example.com/hooks/reos.',
      { cause: error, details: { field: 'body.url' } },
    );
  }
}

/** The door through which webhooks leave: no private address, no redirect, 15 seconds, 256 KiB of answer. */
export function createWebhookPost(options: {
  userAgent: string;
  /** Origins that may be private or plain http. */
  trustedOrigins: readonly string[];
  /** Name lookup; for tests. */
  resolve?: ResolveHost;
  timeoutMs?: number;
}): PostWebhook {
  const http = createHttpClient({
    ...options,
    // A redirect is an answer like any other: a signed message goes to the address it was made for.
    send: async (hop, how) => {
      const { headers, ...answer } = await exchange(hop, how);
      const { location: _, ...rest } = headers;
      return { ...answer, headers: rest };
    },
  });
  return async (url, headers, body) => {
    try {
      readWebhookUrl(url, options.trustedOrigins);
      const answer = await http.fetch({
        url,
        method: 'POST',
        headers,
        body,
        timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        maxBytes: ANSWER_BYTES,
      });
      const isTaken = answer.status >= 200 && answer.status < 300;
      return {
        status: answer.status,
        retryAfter: answer.headers['retry-after'],
        error: isTaken ? null : `The receiver answered ${answer.status}.`,
      };
    } catch (error) {
      return { status: null, retryAfter: undefined, error: reasonOf(error) };
    }
  };
}

function reasonOf(error: unknown): string {
  const code = error instanceof ReosError ? error.code : 'internal';
  if (code === 'blocked' || code === 'validation') {
    return 'The address is not one that webhooks are sent to (https, on the public internet).';
  }
  if (code === 'payload_too_large') return `The answer was longer than ${ANSWER_BYTES} bytes. A short one is enough.`;
  const reason = error instanceof ReosError ? error.details?.['reason'] : undefined;
  if (reason === 'ETIMEDOUT') return `No complete answer came within ${TIMEOUT_MS / 1_000} seconds.`;
  return `No answer came${typeof reason === 'string' && /^[A-Z_]+$/.test(reason) ? ` (${reason})` : ''}.`;
}
