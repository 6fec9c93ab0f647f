import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { isMonthly, METERS, type Meter, meterLimit, type Plan } from '../../domain/plans.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** What a tenant used of one meter in a month (of `storage_bytes`: what it keeps). */
export interface MeterUsage {
  meter: Meter;
  used: number;
  /** Null: no bound. */
  limit: number | null;
}

const WORDS: Readonly<Record<Meter, string>> = {
  properties: 'new properties',
  sends: 'messages',
  scrapes: 'readings of sites',
  api_requests: 'requests',
  storage_bytes: 'bytes of storage',
};
// What is kept has one row for all time.
const ALL_TIME = '1970-01-01';

/**
 * Counts what is about to be used, in the transaction that uses it; whoever uses the same meter at once waits for its
 * end, so that a bound holds with any number of workers.
 * @param amount may be negative for storage that is freed
 * @throws ReosError `quota_exceeded` when the plan allows no more; nothing is counted then
 */
export async function spendQuota(trx: TenantTrx, meter: Meter, amount: number, now: Date): Promise<void> {
  const plan = await readPlan(trx);
  const limit = meterLimit(plan, meter);
  const period = periodOf(meter, now);
  const counted = await trx.db
    .insertInto('usageMeters')
    .columns(['tenantId', 'meter', 'period', 'amount', 'updatedAt'])
    .expression(
      sql`select ${trx.tenantId}::uuid, ${meter}, ${period}::date, greatest(${amount}::bigint, 0), ${now}::timestamptz
        where ${limit}::bigint is null or ${amount}::bigint <= ${limit}::bigint`,
    )
    .onConflict((oc) =>
      oc
        .columns(['tenantId', 'meter', 'period'])
        .doUpdateSet({ amount: sql`greatest(usage_meters.amount + ${amount}::bigint, 0)`, updatedAt: now })
        .where(sql<boolean>`${limit}::bigint is null or ${amount}::bigint <= 0
          or usage_meters.amount + ${amount}::bigint <= ${limit}::bigint`),
    )
    .returning('amount')
    .executeTakeFirst();
  if (counted !== undefined || limit === null) return;
  const used = (await readUsed(trx, now)).get(meter) ?? 0;
  const when = isMonthly(meter) ? ' a month' : '';
  const wait = isMonthly(meter) ? `wait for ${nextMonth(now).toISOString().slice(0, 10)}` : 'delete what is not needed';
  throw new ReosError(
    'quota_exceeded',
    `The plan ${plan} allows ${limit} ${WORDS[meter]}${when}; ${used} are used and ${amount} more are asked for. Take a larger plan or ${wait}.`,
    {
      details: {
        plan,
        meter,
        limit,
        used,
        asked: amount,
        resets_at: isMonthly(meter) ? nextMonth(now).toISOString() : null,
      },
    },
  );
}

/** How much of what was asked for the plan allows; `refusal` says why not all. */
export interface QuotaGrant {
  granted: number;
  /** Null when all was granted. */
  refusal: string | null;
}

/**
 * Counts as much of `wanted` as the plan allows, in the transaction that uses it, for work that is cut where the plan
 * ends. A plan without a bound is not counted here: the user counts with `countUsage` when its work is done, so that no
 * two of its workers wait for each other.
 */
export async function grantQuota(
  trx: TenantTrx,
  meter: Meter,
  wanted: number,
  now: Date,
): Promise<QuotaGrant & { isBounded: boolean }> {
  const plan = await readPlan(trx);
  const limit = meterLimit(plan, meter);
  if (limit === null) return { granted: wanted, refusal: null, isBounded: false };
  const period = periodOf(meter, now);
  await countUsage(trx, meter, 0, now);
  const { amount } = await trx.db
    .selectFrom('usageMeters')
    .select('amount')
    .where('tenantId', '=', trx.tenantId)
    .where('meter', '=', meter)
    .where('period', '=', period)
    .executeTakeFirstOrThrow();
  const granted = Math.max(0, Math.min(wanted, limit - amount));
  if (granted > 0) await countUsage(trx, meter, granted, now);
  const again = isMonthly(meter) ? ` or bring it again from ${nextMonth(now).toISOString().slice(0, 10)}` : '';
  const refusal = `The plan ${plan} allows ${limit} ${WORDS[meter]}${isMonthly(meter) ? ' a month' : ''}, and they are used up. Take a larger plan${again}.`;
  return { granted, refusal: granted === wanted ? null : refusal, isBounded: true };
}

/** Counts what was used, without asking whether the plan allows it. */
export async function countUsage(trx: TenantTrx, meter: Meter, amount: number, now: Date): Promise<void> {
  await trx.db
    .insertInto('usageMeters')
    .values({
      tenantId: trx.tenantId,
      meter,
      period: periodOf(meter, now),
      amount: Math.max(0, amount),
      updatedAt: now,
    })
    .onConflict((oc) =>
      oc
        .columns(['tenantId', 'meter', 'period'])
        .doUpdateSet({ amount: sql`greatest(usage_meters.amount + ${amount}::bigint, 0)`, updatedAt: now }),
    )
    .execute();
}

/** The tenant's plan, and what it used of each meter this month. */
export async function readUsage(trx: TenantTrx, now: Date): Promise<{ plan: Plan; meters: MeterUsage[] }> {
  const plan = await readPlan(trx);
  const used = await readUsed(trx, now);
  return {
    plan,
    meters: METERS.map((meter) => ({ meter, used: used.get(meter) ?? 0, limit: meterLimit(plan, meter) })),
  };
}

/** The first moment of the next calendar month, UTC: when a month's quota is whole again. */
export function nextMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}

/** What was used in each of the last months that saw any use, newest first. Storage is no sum of a month. */
export async function listMonths(
  trx: TenantTrx,
  limit: number,
): Promise<{ month: string; used: Map<string, number> }[]> {
  const { rows } = await sql<{ month: string; meter: string; amount: number }>`
    select to_char(period, 'YYYY-MM') as month, meter, amount from usage_meters
    where tenant_id = ${trx.tenantId} and period > ${ALL_TIME} and period in (
      select distinct period from usage_meters where tenant_id = ${trx.tenantId} and period > ${ALL_TIME}
      order by period desc limit ${limit})
    order by period desc`.execute(trx.db);
  const months = new Map<string, Map<string, number>>();
  for (const { month, meter, amount } of rows) {
    months.set(month, (months.get(month) ?? new Map()).set(meter, amount));
  }
  return [...months].map(([month, used]) => ({ month, used }));
}

/** What a tenant used in a month, for whoever sends the bills. */
export interface TenantUsage {
  tenantId: string;
  slug: string;
  plan: Plan;
  status: string;
  /** By meter; `storage_bytes` is what is kept now, whatever the month. */
  used: Record<string, number>;
}

/** Every tenant's use of a month, by slug, those after `afterSlug`. @param month its first day, such as `2026-03-01` */
export async function listUsageOfTenants(
  trx: SystemTrx,
  page: { month: string; limit: number; afterSlug: string | undefined },
): Promise<TenantUsage[]> {
  const { rows } = await sql<TenantUsage>`
    select t.id as tenant_id, t.slug, t.plan, t.status, coalesce(
      (select jsonb_object_agg(m.meter, m.amount) from usage_meters m
       where m.tenant_id = t.id and m.period in (${page.month}::date, ${ALL_TIME}::date)), '{}') as used
    from tenants t where ${page.afterSlug ?? null}::text is null or t.slug > ${page.afterSlug ?? null}::text
    order by t.slug limit ${page.limit}`.execute(trx.db);
  return rows;
}

/**
 * Adds requests of many tenants at once. Tenants that are gone are left out.
 * @param counts by tenant
 */
export async function addRequests(trx: SystemTrx, counts: ReadonlyMap<string, number>, now: Date): Promise<void> {
  // In one order, so that two processes never wait for each other.
  const entries = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  await sql`
    insert into usage_meters (tenant_id, meter, period, amount, updated_at)
    select t.id, 'api_requests', ${periodOf('api_requests', now)}::date, more.amount, ${now}::timestamptz
    from unnest(${entries.map(([id]) => id)}::uuid[], ${entries.map(([, amount]) => amount)}::bigint[])
      with ordinality more(id, amount, place)
    join tenants t on t.id = more.id order by more.place
    on conflict (tenant_id, meter, period) do update
      set amount = usage_meters.amount + excluded.amount, updated_at = excluded.updated_at`.execute(trx.db);
}

/** What the tenant has booked. */
export async function readPlan(trx: TenantTrx): Promise<Plan> {
  const row = await trx.db
    .selectFrom('tenants')
    .select('plan')
    .where('id', '=', trx.tenantId)
    .executeTakeFirstOrThrow();
  return row.plan as Plan;
}

async function readUsed(trx: TenantTrx, now: Date): Promise<Map<string, number>> {
  const rows = await trx.db
    .selectFrom('usageMeters')
    .select(['meter', 'amount'])
    .where('tenantId', '=', trx.tenantId)
    .where((eb) =>
      eb.or(METERS.map((meter) => eb.and([eb('meter', '=', meter), eb('period', '=', periodOf(meter, now))]))),
    )
    .execute();
  return new Map(rows.map(({ meter, amount }) => [meter, amount]));
}

function periodOf(meter: Meter, now: Date): string {
  return isMonthly(meter) ? `${now.toISOString().slice(0, 7)}-01` : ALL_TIME;
}
