import { type RawBuilder, sql } from 'kysely';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** The looks that are about packets and alerts. */
const PURPOSE = 'alerts';
/** A look that takes longer was interrupted. */
const LONGEST_LOOK_MS = 60_000;

/** What a tenant's marts stand at, as in `readMarketState`. */
const stateOf = (tenantId: RawBuilder<unknown>) => sql<string>`coalesce((
  select md5(string_agg(c.id::text, ',' order by c.id)) from mart.changes c
  where c.tenant_id = ${tenantId} and c.source in ('mart.market_metrics', 'mart.deal_pl')), '')`;

/**
 * Active tenants whose marts are not as they were when they were last looked at for packets and alerts.
 * @param pauseMs so long after a look a tenant is left alone
 */
export async function listUnseenMarts(trx: SystemTrx, now: Date, pauseMs: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from tenants t left join mart.looks l on l.tenant_id = t.id and l.purpose = ${PURPOSE}
    where t.status = 'active' and ${stateOf(sql`t.id`)} <> coalesce(l.state, '')
      and (l.looked_at is null or l.looked_at <= ${new Date(now.getTime() - pauseMs)})
      and (l.looking_since is null or l.looking_since <= ${new Date(now.getTime() - LONGEST_LOOK_MS)})
    order by l.looked_at nulls first`.execute(trx.db);
  return rows.map(({ id }) => id);
}

/** Begins a look: the state that it is about; null when somebody else is at it. */
export async function beginLook(trx: TenantTrx, now: Date): Promise<string | null> {
  const { rows } = await sql`
    insert into mart.looks as l (tenant_id, purpose, looking_since) values (${trx.tenantId}, ${PURPOSE}, ${now})
    on conflict (tenant_id, purpose) do update set looking_since = excluded.looking_since
    where l.looking_since is null or l.looking_since <= ${new Date(now.getTime() - LONGEST_LOOK_MS)}
    returning 1`.execute(trx.db);
  if (rows.length === 0) return null;
  const found = await sql<{ state: string }>`select ${stateOf(sql`${trx.tenantId}::uuid`)} as state`.execute(trx.db);
  return found.rows[0]!.state;
}

/** Ends a look. @param state what it was about; null where it failed: it is made again */
export async function endLook(trx: TenantTrx, state: string | null, now: Date): Promise<void> {
  await sql`
    update mart.looks set state = coalesce(${state}, state), looked_at = ${now}, looking_since = null
    where tenant_id = ${trx.tenantId} and purpose = ${PURPOSE}`.execute(trx.db);
}
