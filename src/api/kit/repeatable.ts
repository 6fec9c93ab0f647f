import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { RepeatableRequest } from '../../db/queries/idempotency.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiEnv } from '../problem.ts';
import { changes, type EndpointSpec } from './endpoint.ts';
import type { Principal } from './principal.ts';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * The request as its key names it; undefined for a read or without a key.
 * @throws ReosError `validation` for a key that is none
 */
export async function repeatableOf(
  c: Context<ApiEnv>,
  spec: EndpointSpec,
  principal: Principal,
): Promise<RepeatableRequest | undefined> {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined || !changes(spec)) return undefined;
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new ReosError('validation', 'Idempotency-Key: must be 1 to 200 visible ASCII characters.', {
      details: { field: 'Idempotency-Key' },
    });
  }
  const url = new URL(c.req.url);
  const hash = createHash('sha256')
    .update(`${spec.method} ${url.pathname}${url.search}\n`)
    .update(new Uint8Array(await c.req.arrayBuffer()));
  return { principal: principal.id, key, requestHash: hash.digest('hex') };
}
