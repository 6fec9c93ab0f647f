import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** A campaign as the status shows it: its caps and what it has sent. */
export interface CampaignLoad {
  id: string;
  name: string;
  kind: string;
  status: string;
  maxPerRun: number;
  weeklyCapPerRecipient: number;
  dedupeDays: number;
  throttle: unknown;
  sentInDay: number;
  waiting: number;
}

/** Campaigns that have not ended, with what left in the last 24 hours and what waits. */
export async function listCampaignLoads(trx: TenantTrx, now: Date): Promise<CampaignLoad[]> {
  const { rows } = await sql<CampaignLoad>`
    select c.id, c.name, c.kind, c.status, c.max_per_run, c.weekly_cap_per_recipient, c.dedupe_days, c.throttle,
      count(m.send_id) filter (where m.sending_at > ${now}::timestamptz - interval '1 day'
        and m.status not in ('pending', 'error')) as sent_in_day,
      count(m.send_id) filter (where m.status = 'pending') as waiting
    from campaigns c left join outreach_messages m on m.tenant_id = c.tenant_id and m.campaign_id = c.id
    where c.tenant_id = ${trx.tenantId} and c.status <> 'ended'
    group by c.tenant_id, c.id order by c.created_at, c.id
  `.execute(trx.db);
  return rows;
}

/** Why planned messages wait, most frequent first; null is one that nobody has looked at yet. */
export async function listHolds(trx: TenantTrx): Promise<{ channel: string; reason: string | null; sends: number }[]> {
  const { rows } = await sql<{ channel: string; reason: string | null; sends: number }>`
    select channel, held_reason as reason, count(*) as sends from outreach_messages
    where tenant_id = ${trx.tenantId} and status = 'pending' group by 1, 2 order by 3 desc, 1, 2 limit 50
  `.execute(trx.db);
  return rows;
}

/** How many messages stand in each status, by channel. */
export async function countStatuses(trx: TenantTrx): Promise<{ channel: string; status: string; sends: number }[]> {
  const { rows } = await sql<{ channel: string; status: string; sends: number }>`
    select channel, status, count(*) as sends from outreach_messages
    where tenant_id = ${trx.tenantId} group by 1, 2 order by 1, 2
  `.execute(trx.db);
  return rows;
}
