import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { appendEvent } from './events.ts';

/** A budget with what of it is spent in the period that runs (UTC). In 1e-6 USD. */
export interface BudgetState {
  /** A provider or channel by name, or `*` for everything. */
  resource: string;
  period: 'day' | 'month';
  limitMicros: number;
  spentMicros: number;
}

/** The tenant's budgets; with a resource, those that cover it: its own and the one for everything. */
export async function listBudgets(trx: TenantTrx, resource?: string): Promise<BudgetState[]> {
  const covering = resource === undefined ? sql`` : sql`and b.resource in (${resource}, '*')`;
  const { rows } = await sql<BudgetState>`
    select b.resource, b.period, b.limit_micros, (
      select coalesce(sum(l.cost_micros), 0)::bigint from cost_ledger l
      where l.tenant_id = b.tenant_id and l.at >= date_trunc(b.period, now()) and (b.resource = '*' or l.resource = b.resource)
    ) as spent_micros
    from budgets b where b.tenant_id = ${trx.tenantId} ${covering} order by b.resource, b.period
  `.execute(trx.db);
  return rows;
}

/** Sets what may be spent on a resource in a day or month; 0 forbids it. What is spent already counts. */
export async function setBudget(
  trx: TenantTrx,
  budget: { resource: string; period: 'day' | 'month'; limitMicros: number; by: string },
): Promise<void> {
  const { by, ...row } = budget;
  await trx.db
    .insertInto('budgets')
    .values({ tenantId: trx.tenantId, ...row })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'resource', 'period']).doUpdateSet({ limitMicros: row.limitMicros }),
    )
    .execute();
  await tell(trx, { ...row, by });
}

/** Removes a budget. What it covered is spent on only while another budget covers it. Returns whether there was one. */
export async function removeBudget(
  trx: TenantTrx,
  budget: { resource: string; period: 'day' | 'month'; by: string },
): Promise<boolean> {
  const removed = await trx.db
    .deleteFrom('budgets')
    .where('tenantId', '=', trx.tenantId)
    .where('resource', '=', budget.resource)
    .where('period', '=', budget.period)
    .returning('resource')
    .execute();
  if (removed.length > 0) await tell(trx, { ...budget, limitMicros: null });
  return removed.length > 0;
}

/** Who may spend what is a decision that the log keeps. */
function tell(
  trx: TenantTrx,
  change: { resource: string; period: string; limitMicros: number | null; by: string },
): Promise<void> {
  return appendEvent(trx, {
    eventType: 'timeline.updated',
    propertyId: null,
    correlationId: `budget:${change.resource}:${change.period}`,
    payload: {
      kind: 'budget.changed',
      resource: change.resource,
      period: change.period,
      limit: change.limitMicros === null ? null : change.limitMicros / 1e6,
    },
    source: change.by,
  });
}
