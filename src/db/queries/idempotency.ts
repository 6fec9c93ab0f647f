import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** A write that may be sent again: who sent it, under which key, and what exactly. */
export interface RepeatableRequest {
  principal: string;
  key: string;
  /** Hash of method, path and body. */
  requestHash: string;
}

/** An answer to give again. */
export interface RememberedAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * Holds the key until the transaction ends and returns the answer given before, if any.
 * @throws ReosError `conflict` while another request with the key runs, `key_reused` when it was another request
 */
export async function claimIdempotencyKey(
  trx: TenantTrx,
  request: RepeatableRequest,
): Promise<RememberedAnswer | undefined> {
  const name = `idempotency:${trx.tenantId}:${request.principal}:${request.key}`;
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as mine`.execute(trx.db);
  if (rows[0]?.mine !== true) {
    throw new ReosError(
      'conflict',
      'A request with this Idempotency-Key is being worked on. Send it again in a moment for its answer.',
      { retryAfterSeconds: 1 },
    );
  }
  const known = await trx.db
    .selectFrom('idempotencyKeys')
    .select(['requestHash', 'status', 'headers', 'body'])
    .where('tenantId', '=', trx.tenantId)
    .where('principal', '=', request.principal)
    .where('key', '=', request.key)
    .executeTakeFirst();
  if (known === undefined) return undefined;
  if (known.requestHash !== request.requestHash) {
    throw new ReosError(
      'key_reused',
      'This Idempotency-Key was used for another request. Take a new key for a new request.',
    );
  }
  return { status: known.status, headers: known.headers as Record<string, string>, body: known.body };
}

/** Remembers the answer, in the transaction of the write itself. Kept for a day (data_retention). */
export async function rememberAnswer(
  trx: TenantTrx,
  request: RepeatableRequest,
  answer: RememberedAnswer,
): Promise<void> {
  await trx.db
    .insertInto('idempotencyKeys')
    .values({
      tenantId: trx.tenantId,
      principal: request.principal,
      key: request.key,
      requestHash: request.requestHash,
      status: answer.status,
      headers: json(answer.headers),
      body: answer.body,
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
}
