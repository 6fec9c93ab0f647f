import type { Logger } from 'pino';
import {
  type Claim,
  claimIdempotencyKey,
  LEASE_SECONDS,
  leaseIdempotencyKey,
  type RememberedAnswer,
  type RepeatableRequest,
  releaseClaim,
  renewClaim,
  settleClaim,
} from '../../db/queries/idempotency.ts';
import type { SystemTrx, TenantTrx } from '../../db/tenant.ts';
import type { CachedAnswer } from './answer-cache.ts';
import type { AnswerKeys } from './repeatable.ts';

type KeyTrx = TenantTrx | SystemTrx;

/** What holding a key needs. */
export interface ClaimDeps {
  logger: Logger;
  answerKeys: AnswerKeys;
  /** Opens a transaction where the key is kept. */
  open<T>(fn: (trx: KeyTrx) => Promise<T>): Promise<T>;
}

/**
 * Takes the key for work that is done outside of one transaction: the answer given before, or the claim that holds it.
 * @throws ReosError `conflict` while another request with the key runs, `key_reused` when it was another request
 */
export function takeKey(
  deps: ClaimDeps,
  request: RepeatableRequest,
): Promise<{ known: RememberedAnswer; claim?: undefined } | { known?: undefined; claim: Claim }> {
  return deps.open(async (trx) => {
    const known = await claimIdempotencyKey(trx, deps.answerKeys.sealer, request);
    return known === undefined ? { claim: await leaseIdempotencyKey(trx, request) } : { known };
  });
}

/**
 * Does the work while the claim is renewed. Work that failed lets its key go, so that it can be asked again; work whose
 * process died holds it until the lease is over.
 */
export async function whileClaimed<T>(deps: ClaimDeps, claim: Claim | undefined, work: () => Promise<T>): Promise<T> {
  if (claim === undefined) return work();
  const renew = () =>
    deps
      .open((trx) => renewClaim(trx, claim))
      .catch((error: unknown) => deps.logger.warn({ err: error }, 'the claim of an Idempotency-Key was not renewed'));
  const timer = setInterval(() => void renew(), (LEASE_SECONDS * 1_000) / 3);
  try {
    return await work();
  } catch (error) {
    await deps
      .open((trx) => releaseClaim(trx, claim))
      .catch((problem: unknown) => deps.logger.warn({ err: problem }, 'the claim of an Idempotency-Key stays'));
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Puts the answer in the claim's place. One that the handler wrote by itself is not kept. */
export async function closeClaim(
  deps: Pick<ClaimDeps, 'answerKeys'>,
  trx: KeyTrx,
  claim: Claim,
  made: CachedAnswer | Response,
): Promise<void> {
  if (made instanceof Response) await releaseClaim(trx, claim);
  else await settleClaim(trx, deps.answerKeys.sealer, claim, made);
}

/** An answer that was kept, as it is sent again. */
export function replayed(known: RememberedAnswer): [CachedAnswer, Record<string, string>] {
  return [{ ...known, etag: '' }, { 'Idempotent-Replayed': 'true' }];
}
