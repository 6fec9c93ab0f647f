import type { Database } from '../../db/connect.ts';
import { withSystem } from '../../db/tenant.ts';
import { answerOf, send } from './answer.ts';
import { type ClaimDeps, closeClaim, replayed, takeKey, whileClaimed } from './claims.ts';
import type { Endpoint } from './endpoint.ts';
import { repeatableOf } from './repeatable.ts';

type PublicEndpoint = Extract<Endpoint, { mode: 'public' }>;

/**
 * Answers a route for callers without a credential. An Idempotency-Key is held while the work runs; since nobody is
 * known, it counts for the operation, whoever sends it.
 */
export async function answerPublic(
  deps: Omit<ClaimDeps, 'open'> & { db: Database },
  one: PublicEndpoint,
  input: Parameters<PublicEndpoint['handle']>[0],
): Promise<Response> {
  const { c } = input;
  const repeatable = await repeatableOf(c, one.spec, deps.answerKeys);
  const claims: ClaimDeps = {
    ...deps,
    open: (fn) => withSystem(deps.db, 'a caller without a tenant repeats a write', fn),
  };
  const taken = repeatable && (await takeKey(claims, { ...repeatable, principal: one.spec.operationId }));
  if (taken?.known) return send(c, ...replayed(taken.known));
  const made = await whileClaimed(claims, taken?.claim, async () => {
    const value = await one.handle(input);
    return value instanceof Response ? value : answerOf(one.spec, value);
  });
  if (taken?.claim) await claims.open((trx) => closeClaim(deps, trx, taken.claim, made));
  return made instanceof Response ? made : send(c, made);
}
