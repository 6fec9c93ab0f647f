import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ReosError } from '../domain/errors.ts';
import {
  checkLiteralHost,
  originsOf,
  parseHttpUrl,
  printableUrl,
  type ResolveHost,
  resolvePublicHost,
  resolveWithSystem,
} from './address-guard.ts';
import { exchange, type Hop } from './exchange.ts';
import type { HttpClient, HttpRequest, HttpResponse } from './types.ts';

/** What the client needs to know. */
export interface HttpClientOptions {
  /** Sent with every request: product, version and a contact address. */
  userAgent: string;
  /** Base URLs from settings. Their exact origin (scheme, host, port) may be private; no redirect leaves it. */
  trustedOrigins: readonly string[] | (() => readonly string[]);
  /** Milliseconds since the epoch; for tests. */
  clock?: () => number;
  /** Name lookup; for tests. */
  resolve?: ResolveHost;
  /** Sends one request without following redirects; for tests of what happens between requests. */
  send?: typeof exchange;
}

const MAX_REDIRECTS = 5;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that may follow a redirect to another origin; keys and signatures may not. */
const PORTABLE_HEADERS = new Set(['accept', 'accept-language']);

/**
 * The guarded door to the outside: see HttpClient for what is thrown. Addresses are checked as written and again when
 * the connection is made, each redirect anew; time and decompressed size are bounded; there are no cookies and no retries.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { trustedOrigins } = options;
  const trusted = () => originsOf(typeof trustedOrigins === 'function' ? trustedOrigins() : trustedOrigins);
  const now = options.clock ?? Date.now;
  const send = options.send ?? exchange;
  const guardedLookup = lookupOf(options.resolve ?? resolveWithSystem);
  const agents = () => ({ http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) });
  // Pools are per client and per trust, so that no request inherits a connection that was allowed for another reason.
  const doors = { trusted: { agent: agents() }, guarded: { agent: agents(), lookup: guardedLookup } };

  async function fetch(request: HttpRequest): Promise<HttpResponse> {
    const start = parseHttpUrl(request.url);
    for (const [name, value] of Object.entries(request.searchParams ?? {})) start.searchParams.set(name, value);
    const isTrusted = trusted().has(start.origin);
    const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = now() + timeoutMs;
    let hop: Hop = {
      url: start,
      method: request.method ?? 'GET',
      headers: { 'user-agent': options.userAgent, ...request.headers },
      body: request.body,
    };
    for (let redirects = 0; ; redirects += 1) {
      if (!isTrusted) checkLiteralHost(hop.url);
      const response = await send(hop, {
        ...(isTrusted ? doors.trusted : doors.guarded),
        timeoutMs: Math.max(1, deadline - now()),
        limitMs: timeoutMs,
        maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES,
      });
      const location = response.headers['location'];
      if (!REDIRECTS.has(response.status) || location === undefined) return response;
      if (redirects === MAX_REDIRECTS) {
        throw new ReosError('blocked', `${printableUrl(start)} redirected more than ${MAX_REDIRECTS} times.`);
      }
      hop = followRedirect(hop, response.status, location, options.userAgent);
      if (isTrusted && hop.url.origin !== start.origin) {
        throw new ReosError(
          'blocked',
          `${printableUrl(start)} redirects to ${hop.url.origin}. A service named in the settings may not redirect elsewhere: ` +
            'set its base URL to the new address if the move is real.',
          { details: { from: start.origin, to: hop.url.origin } },
        );
      }
    }
  }
  return { fetch };
}

function followRedirect(hop: Hop, status: number, location: string, userAgent: string): Hop {
  if (!URL.canParse(location, hop.url.href)) {
    throw new ReosError('transient', `${printableUrl(hop.url)} redirects to something that is no address.`);
  }
  const url = parseHttpUrl(new URL(location, hop.url).href);
  const becomesGet = status === 303 || ((status === 301 || status === 302) && hop.method === 'POST');
  const kept = Object.entries(hop.headers).filter(
    ([name]) => url.origin === hop.url.origin || PORTABLE_HEADERS.has(name.toLowerCase()),
  );
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    headers: { ...Object.fromEntries(kept), 'user-agent': userAgent },
    body: becomesGet || url.origin !== hop.url.origin ? undefined : hop.body,
  };
}

/** Node connects to exactly what this returns: the checked addresses are the pinned ones. */
function lookupOf(resolve: ResolveHost): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    resolvePublicHost(hostname, resolve).then(
      (addresses) => {
        const first = addresses[0];
        if (lookupOptions.all === true || first === undefined) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
