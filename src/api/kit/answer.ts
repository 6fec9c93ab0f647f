import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ApiEnv } from '../problem.ts';
import type { CachedAnswer } from './answer-cache.ts';
import type { EndpointSpec } from './endpoint.ts';

/**
 * What a handler returned as the answer's text: checked against the route's schema, so that nothing leaves that the
 * document does not name.
 * @throws Error when the handler's value does not fit: a fault of the program
 */
export function answerOf(spec: EndpointSpec, value: unknown): CachedAnswer {
  if (spec.answer === null) return { status: 204, body: '', etag: '' };
  const checked = spec.answer.safeParse(value);
  if (!checked.success) {
    throw new Error(`${spec.operationId} answered off its schema: ${checked.error.message}`);
  }
  const body = JSON.stringify(checked.data);
  const etag = spec.method === 'get' ? `"${createHash('sha1').update(body).digest('base64url')}"` : '';
  return { status: spec.status ?? 200, body, etag };
}

/**
 * Sends the answer; 304 when the caller has this very one. Nothing of a tenant may be kept by a proxy. `Refresh-After`
 * (seconds) stands where something has changed since the answer was read; nobody keeps that one.
 */
export function send(c: Context<ApiEnv>, answer: CachedAnswer, headers: Record<string, string> = {}): Response {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  // A browser that kept such an answer would go on showing its Refresh-After with each 304 that follows.
  const isOutdated = answer.outdatedForMs !== undefined;
  c.header('Cache-Control', answer.etag === '' || isOutdated ? 'no-store' : 'private, no-cache');
  if (isOutdated) c.header('Refresh-After', ((answer.outdatedForMs ?? 0) / 1_000).toFixed(3));
  if (answer.etag !== '' && !isOutdated) {
    c.header('ETag', answer.etag);
    c.header('Vary', 'Authorization', { append: true });
    const known = (c.req.header('If-None-Match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    if (known.includes(answer.etag) || known.includes('*')) return c.body(null, 304);
  }
  if (answer.status === 204) return c.body(null, 204);
  c.header('Content-Type', 'application/json');
  return c.body(answer.body, answer.status as 200);
}
