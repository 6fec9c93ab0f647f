import type { TenantTrx } from '../../db/tenant.ts';
import { answerOf, send } from './answer.ts';
import type { AnswerCache, CachedAnswer } from './answer-cache.ts';
import { type ClaimDeps, closeClaim, replayed, takeKey, whileClaimed } from './claims.ts';
import { changes, type Endpoint } from './endpoint.ts';
import type { KnownCallers } from './known-callers.ts';
import type { InTenant } from './patience.ts';
import type { Principal } from './principal.ts';
import { repeatableOf } from './repeatable.ts';

type OwnEndpoint = Extract<Endpoint, { mode: 'own' }>;
type OwnInput = Omit<Parameters<OwnEndpoint['handle']>[0], 'principal' | 'inTenant'>;

/** What a route that opens its own transactions is answered with. */
export interface OwnAnswerDeps extends Omit<ClaimDeps, 'open'> {
  cache?: AnswerCache | undefined;
  callers?: Pick<KnownCallers, 'forget'> | undefined;
  inTenant: InTenant;
  /** For what is written after the work: it has a patience of its own. */
  afterwards: InTenant;
  admit(trx: TenantTrx): Promise<Principal>;
  audit(trx: TenantTrx, principal: Principal, made: CachedAnswer | Response): Promise<void>;
}

/**
 * Answers a route that opens its own transactions. With an Idempotency-Key the key is held while the work runs, and its
 * answer is kept with the audit entry.
 */
export async function answerOwn(deps: OwnAnswerDeps, one: OwnEndpoint, input: OwnInput): Promise<Response> {
  const { c } = input;
  const { spec } = one;
  const { inTenant, afterwards } = deps;
  const principal = await inTenant(deps.admit);
  // Read outside of a transaction: the body may be long in coming.
  const repeatable = await repeatableOf(c, spec, deps.answerKeys);
  const claims: ClaimDeps = { logger: deps.logger, answerKeys: deps.answerKeys, open: (fn) => afterwards(fn) };
  const request = repeatable && { ...repeatable, principal: principal.id };
  const taken = request && (await takeKey({ ...claims, open: (fn) => inTenant(fn) }, request));
  if (taken?.known) return send(c, ...replayed(taken.known));
  const made = await whileClaimed(claims, taken?.claim, async () => {
    const value = await one.handle({ ...input, principal, inTenant });
    return value instanceof Response ? value : answerOf(spec, value);
  });
  if (changes(spec)) {
    // It is done: to write that down is worth a wait of its own.
    await afterwards(async (trx) => {
      if (taken?.claim) await closeClaim(deps, trx, taken.claim, made);
      await deps.audit(trx, principal, made);
    });
    deps.callers?.forget(principal.tenantId);
    await deps.cache?.invalidate(principal.tenantId, pathId(input.params));
  }
  return made instanceof Response ? made : send(c, made);
}

/** The id that the path names; null without one. */
export function pathId(params: unknown): string | null {
  const id = (params as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? id : null;
}
