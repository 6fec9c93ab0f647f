import { sql } from 'kysely';
import { covers, isPermitted, type PolicyDecision, type PolicyRequest } from '../../domain/policy.ts';
import type { TenantTrx } from '../tenant.ts';
import { readTenantStatus } from './tenants.ts';

/**
 * The policy kernel: permission first, then every budget of the tenant that covers the resource (its own name or `*`).
 * For a paid action the budget rows are locked, so that with the ledger row written in the same transaction a hard cap
 * holds with any number of workers. Refusals, paid decisions and those with `isWrite` are recorded; a caller that rolls
 * back after a refusal records it anew with `recordDecision`.
 */
export async function decide(trx: TenantTrx, request: PolicyRequest): Promise<PolicyDecision> {
  const decision = await evaluate(trx, request);
  if (!decision.allow || request.costMicros > 0 || request.isWrite === true)
    await recordDecision(trx, request, decision);
  return decision;
}

async function evaluate(trx: TenantTrx, request: PolicyRequest): Promise<PolicyDecision> {
  const { actor, action, resource, costMicros } = request;
  if (actor.kind === 'user' && (actor.role === undefined || !isPermitted(actor.role, action))) {
    return { allow: false, reason: `The role ${actor.role ?? '(none)'} does not include ${action}.` };
  }
  if (actor.kind === 'api_key' && !covers(actor.scopes ?? [], action)) {
    return { allow: false, reason: `The key's scopes do not include ${action}.` };
  }
  if (costMicros <= 0) return { allow: true, reason: 'free and permitted' };
  if ((await readTenantStatus(trx)) !== 'active') {
    return { allow: false, reason: 'The organisation is suspended: nothing is paid for until it is active again.' };
  }
  const budgets = await trx.db
    .selectFrom('budgets')
    .select(['resource', 'period', 'limitMicros'])
    .where('tenantId', '=', trx.tenantId)
    .where('resource', 'in', [resource, '*'])
    .orderBy('resource')
    .orderBy('period')
    .forUpdate()
    .execute();
  let tightest: PolicyDecision['budget'];
  for (const budget of budgets) {
    const period = budget.period as 'day' | 'month';
    const spentMicros = await spent(trx, budget.resource, period);
    const state = { period, limitMicros: budget.limitMicros, spentMicros };
    if (spentMicros + costMicros > budget.limitMicros) {
      return {
        allow: false,
        reason: `The ${period}'s budget for ${budget.resource === '*' ? 'everything' : budget.resource} is $${(budget.limitMicros / 1e6).toFixed(2)}; $${(spentMicros / 1e6).toFixed(4)} is spent and this costs $${(costMicros / 1e6).toFixed(4)}. Raise the budget or wait for the next ${period}.`,
        budget: state,
      };
    }
    if (!tightest || state.limitMicros - spentMicros < tightest.limitMicros - tightest.spentMicros) tightest = state;
  }
  if (budgets.length === 0) {
    return {
      allow: false,
      reason: `No budget is set for ${resource}, and nothing is spent without one. Set one first.`,
    };
  }
  return { allow: true, reason: 'within budget', budget: tightest };
}

async function spent(trx: TenantTrx, resource: string, period: 'day' | 'month'): Promise<number> {
  const row = await trx.db
    .selectFrom('costLedger')
    .select(sql<number>`coalesce(sum(cost_micros), 0)::bigint`.as('total'))
    .where('tenantId', '=', trx.tenantId)
    .where('at', '>=', sql<Date>`date_trunc(${period}, now())`)
    .$if(resource !== '*', (query) => query.where('resource', '=', resource))
    .executeTakeFirstOrThrow();
  return row.total;
}

/** Writes a decision down. */
export async function recordDecision(trx: TenantTrx, request: PolicyRequest, decision: PolicyDecision): Promise<void> {
  await trx.db
    .insertInto('policyDecisions')
    .values({
      tenantId: trx.tenantId,
      actor: request.actor.name,
      action: request.action,
      resource: request.resource,
      costMicros: request.costMicros,
      allow: decision.allow,
      reason: decision.reason,
    })
    .execute();
}
