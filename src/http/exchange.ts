import { once } from 'node:events';
import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { got, type OptionsInit, type Response } from 'got';
import { messageOf, ReosError } from '../domain/errors.ts';
import { printableUrl } from './address-guard.ts';
import type { HttpResponse } from './types.ts';

/** One request to one address, without redirects. */
export interface Hop {
  url: URL;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

/** How the request is made. */
export interface ExchangeOptions {
  agent: { http: HttpAgent; https: HttpsAgent };
  lookup?: LookupFunction;
  /** What is left of the whole request's time. */
  timeoutMs: number;
  /** The whole request's limit, for messages. */
  limitMs: number;
  /** Limit of the decompressed body. */
  maxBytes: number;
}

/**
 * Sends one request and reads the answer while counting its decompressed bytes.
 * @throws ReosError `transient` when no full answer came, `payload_too_large` past maxBytes, `blocked` from the lookup
 */
export async function exchange(hop: Hop, options: ExchangeOptions): Promise<HttpResponse> {
  const stream = got.stream(hop.url, requestOptions(hop, options));
  try {
    const [response] = (await once(stream, 'response')) as [Response & IncomingMessage];
    const body = await readBody(stream, response, hop.url, options.maxBytes);
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [
        name.toLowerCase(),
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    );
    return {
      status: response.statusCode,
      headers,
      body,
      url: hop.url.href,
      simulated: headers['x-simulated'] === 'true',
    };
  } catch (error) {
    throw asReosError(error, hop, options.limitMs);
  } finally {
    stream.destroy();
  }
}

function requestOptions(hop: Hop, options: ExchangeOptions): OptionsInit & { isStream: true } {
  return {
    isStream: true,
    method: hop.method,
    headers: hop.headers,
    agent: options.agent,
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    decompress: true,
    enableUnixSockets: false,
    timeout: { request: options.timeoutMs },
    ...(options.lookup === undefined ? {} : { dnsLookup: options.lookup as OptionsInit['dnsLookup'] }),
    ...(hop.body === undefined ? {} : { body: hop.body }),
  };
}

async function readBody(stream: AsyncIterable<Buffer>, response: IncomingMessage, url: URL, maxBytes: number) {
  const tooLarge = () =>
    new ReosError(
      'payload_too_large',
      `${printableUrl(url)} answered with more than ${maxBytes} bytes; it was not read on.`,
      {
        details: { host: url.host, max_bytes: maxBytes },
      },
    );
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function asReosError(error: unknown, hop: Hop, limitMs: number): ReosError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ReosError) return cause;
  }
  const code = (error as { code?: unknown }).code;
  const reason =
    code === 'ETIMEDOUT'
      ? `no complete answer came within ${limitMs} ms`
      : messageOf(error).replaceAll(hop.url.href, '');
  return new ReosError('transient', `${printableUrl(hop.url)} did not answer: ${reason}.`, {
    cause: error,
    details: { host: hop.url.host, reason: typeof code === 'string' ? code : 'unknown' },
  });
}
