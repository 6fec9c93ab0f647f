import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { Sealer } from '../sealer.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** A write that may be sent again: who sent it, under which key, and what exactly. */
export interface RepeatableRequest {
  /** The user's or key's id; of a caller without a tenant the operation's name. */
  principal: string;
  key: string;
  /** Keyed hash of method, path and body: among bodies are passwords. */
  requestHash: string;
}

/** An answer to give again. */
export interface RememberedAnswer {
  status: number;
  body: string;
}

/** Where keys are kept: the tenant's, or those of callers without one. */
type KeyTrx = TenantTrx | SystemTrx;

/** A key held by a row, for work that is done outside of one transaction. */
export interface Claim {
  request: RepeatableRequest;
  claimId: string;
}

/** How long a claim holds without being renewed: what died meanwhile may be begun anew after it. */
export const LEASE_SECONDS = 60;

/**
 * Holds the key until the transaction ends and returns the answer given before, if any.
 * @throws ReosError `conflict` while another request with the key runs, `key_reused` when it was another request
 */
export async function claimIdempotencyKey(
  trx: KeyTrx,
  sealer: Sealer,
  request: RepeatableRequest,
): Promise<RememberedAnswer | undefined> {
  const name = `idempotency:${tenantOf(trx)}:${request.principal}:${request.key}`;
  const { rows: locks } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as mine`.execute(trx.db);
  if (locks[0]?.mine !== true) throw isRunning(1);
  const { rows } = await sql<{
    requestHash: string;
    status: number | null;
    sealedAnswer: string | null;
    leftSeconds: number | null;
  }>`
    select request_hash, status, sealed_answer, ceil(extract(epoch from lease_until - now()))::int as left_seconds
    from ${tableOf(trx)} where ${isKey(trx, request)} and created_at > now() - interval '1 day'`.execute(trx.db);
  const known = rows[0];
  if (known === undefined) return undefined;
  if (known.requestHash !== request.requestHash) {
    throw new ReosError(
      'key_reused',
      'This Idempotency-Key was used for another request. Take a new key for a new request.',
    );
  }
  if (known.status !== null && known.sealedAnswer !== null) {
    return { status: known.status, body: sealer.open(ownerOf(trx, request), known.sealedAnswer) };
  }
  if ((known.leftSeconds ?? 0) > 0) throw isRunning(Math.min(known.leftSeconds ?? 1, 5));
  return undefined;
}

/** Remembers the answer, sealed, in the transaction of the write itself. Good for a day, then deleted (data_retention). */
export async function rememberAnswer(
  trx: KeyTrx,
  sealer: Sealer,
  request: RepeatableRequest,
  { status, body }: RememberedAnswer,
): Promise<void> {
  const sealed = sealer.seal(ownerOf(trx, request), body);
  await put(trx, request, { status: sql`${status}::int`, sealed: sql`${sealed}`, claimId: null });
}

/**
 * Holds the key by a row, beyond the transaction's end, for `LEASE_SECONDS`; in the transaction of `claimIdempotencyKey`.
 * A claim whose lease is over is taken over.
 */
export async function leaseIdempotencyKey(trx: KeyTrx, request: RepeatableRequest): Promise<Claim> {
  const claimId = randomUUID();
  await put(trx, request, { status: sql`null::int`, sealed: sql`null::text`, claimId });
  return { request, claimId };
}

/** Holds the key on. */
export async function renewClaim(trx: KeyTrx, { request, claimId }: Claim): Promise<void> {
  await sql`
    update ${tableOf(trx)} set lease_until = now() + ${LEASE_SECONDS} * interval '1 second'
    where ${isKey(trx, request)} and claim_id = ${claimId}::uuid`.execute(trx.db);
}

/** Puts the answer in the claim's place; does nothing where somebody took it over. */
export async function settleClaim(
  trx: KeyTrx,
  sealer: Sealer,
  { request, claimId }: Claim,
  { status, body }: RememberedAnswer,
): Promise<void> {
  await sql`
    update ${tableOf(trx)}
    set status = ${status}, sealed_answer = ${sealer.seal(ownerOf(trx, request), body)}, claim_id = null, lease_until = null
    where ${isKey(trx, request)} and claim_id = ${claimId}::uuid`.execute(trx.db);
}

/** Lets the key go: what was asked was not done, and may be asked again. */
export async function releaseClaim(trx: KeyTrx, { request, claimId }: Claim): Promise<void> {
  await sql`delete from ${tableOf(trx)} where ${isKey(trx, request)} and claim_id = ${claimId}::uuid`.execute(trx.db);
}

interface KeyRow {
  status: RawBuilder<unknown>;
  sealed: RawBuilder<unknown>;
  /** Null for an answer. */
  claimId: string | null;
}

async function put(trx: KeyTrx, request: RepeatableRequest, { status, sealed, claimId }: KeyRow): Promise<void> {
  const own = 'tenantId' in trx ? { column: sql`tenant_id, `, value: sql`${trx.tenantId}::uuid, ` } : null;
  const lease = claimId === null ? sql`null::timestamptz` : sql`now() + ${LEASE_SECONDS} * interval '1 second'`;
  await sql`
    insert into ${tableOf(trx)}
      (${own?.column ?? sql``}principal, key, request_hash, status, sealed_answer, claim_id, lease_until)
    values (${own?.value ?? sql``}${request.principal}, ${request.key}, ${request.requestHash}, ${status}, ${sealed},
      ${claimId}::uuid, ${lease})
    on conflict (${own?.column ?? sql``}principal, key) do update set request_hash = excluded.request_hash,
      status = excluded.status, sealed_answer = excluded.sealed_answer, claim_id = excluded.claim_id,
      lease_until = excluded.lease_until, created_at = now()`.execute(trx.db);
}

const tableOf = (trx: KeyTrx) => sql.table('tenantId' in trx ? 'idempotency_keys' : 'public_idempotency_keys');

const tenantOf = (trx: KeyTrx) => ('tenantId' in trx ? trx.tenantId : 'public');

const ownerOf = (trx: KeyTrx, { principal, key }: RepeatableRequest) =>
  `kept-answer:${tenantOf(trx)}:${principal}:${key}`;

function isKey(trx: KeyTrx, { principal, key }: RepeatableRequest): RawBuilder<boolean> {
  const own = 'tenantId' in trx ? sql`tenant_id = ${trx.tenantId}::uuid and ` : sql``;
  return sql`${own}principal = ${principal} and key = ${key}`;
}

function isRunning(retryAfterSeconds: number): ReosError {
  return new ReosError(
    'conflict',
    'A request with this Idempotency-Key is being worked on. Send it again in a moment for its answer.',
    { retryAfterSeconds },
  );
}
