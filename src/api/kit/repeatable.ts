import { createHmac } from 'node:crypto';
import type { Context } from 'hono';
import { createSealer, type Sealer } from '../../db/sealer.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiEnv } from '../problem.ts';
import { changes, type EndpointSpec } from './endpoint.ts';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** What answers are kept with: they hold keys, tokens and addresses, and requests hold passwords. */
export interface AnswerKeys {
  sealer: Sealer;
  /** Secret of the hash by which a request is known again. */
  requestSecret: string;
}

/** The keys of kept answers, each for its purpose alone. */
export function answerKeys(secret: string): AnswerKeys {
  const derive = (purpose: string) => createHmac('sha256', secret).update(`reos:${purpose}`).digest('hex');
  return { sealer: createSealer(derive('kept-answers')), requestSecret: derive('repeated-requests') };
}

/** Key and hash of a write that may be sent again. */
export interface RepeatableWrite {
  key: string;
  requestHash: string;
}

/** Whether the request is a write that names a key. */
export function namesKey(c: Context<ApiEnv>, spec: EndpointSpec): boolean {
  return changes(spec) && c.req.header('Idempotency-Key') !== undefined;
}

/**
 * The request as its key names it; undefined for a read or without a key.
 * @throws ReosError `validation` for a key that is none
 */
export async function repeatableOf(
  c: Context<ApiEnv>,
  spec: EndpointSpec,
  keys: AnswerKeys,
): Promise<RepeatableWrite | undefined> {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined || !changes(spec)) return undefined;
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new ReosError('validation', 'Idempotency-Key: must be 1 to 200 visible ASCII characters.', {
      details: { field: 'Idempotency-Key' },
    });
  }
  const url = new URL(c.req.url);
  const hash = createHmac('sha256', keys.requestSecret)
    .update(`${spec.method} ${url.pathname}${url.search}\n`)
    .update(new Uint8Array(await c.req.arrayBuffer()));
  return { key, requestHash: hash.digest('hex') };
}
