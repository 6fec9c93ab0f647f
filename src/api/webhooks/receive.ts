import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ReosError } from '../../domain/errors.ts';
import type { ApiEnv } from '../problem.ts';

/** One webhook: how large, how believed, what then. */
export interface Webhook {
  path: `/webhook/${string}`;
  maxBytes: number;
  /** The setting without which nothing can be verified; null when it is there. */
  missingSetting: string | null;
  /** Why a request is not to be believed, by its headers and raw body; null when it is. */
  refuse(c: Context<ApiEnv>, body: Buffer): string | null;
  /** What is done with a believed one. Errors become answers: 400 for content, 503 for a database that is away. */
  accept(c: Context<ApiEnv>, body: Buffer): Promise<Response>;
}

/**
 * The one path of every webhook: size first (413), then whether it can be verified at all (503), then the signature over
 * the raw bytes (401), and only then the content.
 */
export function receive(webhook: Webhook): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const { maxBytes } = webhook;
  const refuseBody = (): never => {
    throw new ReosError('payload_too_large', `A request to ${webhook.path} has at most ${maxBytes / 1024} KiB.`);
  };
  app.post(webhook.path, bodyLimit({ maxSize: maxBytes, onError: refuseBody }), async (c) => {
    if (webhook.missingSetting !== null) {
      throw new ReosError('missing_part', `Nothing is set to verify requests with. Set ${webhook.missingSetting}.`);
    }
    const body = Buffer.from(await c.req.arrayBuffer());
    const refusal = webhook.refuse(c, body);
    if (refusal !== null) throw new ReosError('auth_revoked', `The request was not accepted: ${refusal}.`);
    return webhook.accept(c, body);
  });
  return app;
}

/** A verified body as JSON. @throws ReosError `validation` when it is none */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new ReosError('validation', 'The body is not JSON.', { cause: error });
  }
}
