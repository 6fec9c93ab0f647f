import { sql } from 'kysely';
import type { OutreachCounts } from '../../domain/outreach/metrics.ts';
import type { TenantTrx } from '../tenant.ts';

/** Counts of the messages of one step and variant, with the recipients it reached: what a test of templates compares. */
export interface MetricGroup extends OutreachCounts {
  campaignId: string;
  step: number;
  channel: string;
  variant: string | null;
  /** People it was sent to, each once. */
  recipients: number;
  answeringRecipients: number;
  clickingRecipients: number;
}

/** Counts by campaign, step and variant, of one campaign or of all, as `domain/outreach/metrics` defines them. */
export async function countMessages(trx: TenantTrx, campaignId: string | null): Promise<MetricGroup[]> {
  const { rows } = await sql<MetricGroup>`
    with told as (
      select m.*, m.sent_at is not null as left_us,
        m.sent_at is not null and (m.delivered_at is not null or m.open_count > 0 or m.click_count > 0
          or m.status in ('delivered', 'opened', 'clicked') or m.answered_at is not null) as arrived,
        exists (select from inbound_messages i where i.tenant_id = m.tenant_id and i.send_id = m.send_id
          and i.kind = 'reply') as replied
      from outreach_messages m
      where m.tenant_id = ${trx.tenantId} and (${campaignId}::uuid is null or m.campaign_id = ${campaignId}::uuid)
    )
    select campaign_id, step, channel, variant,
      count(*)::int as planned,
      count(*) filter (where status = 'pending' and held_reason is not null)::int as held,
      count(*) filter (where status = 'error' and not left_us)::int as failed,
      count(*) filter (where status = 'unknown')::int as unknown,
      count(*) filter (where left_us)::int as sent,
      count(*) filter (where arrived)::int as delivered,
      count(*) filter (where left_us and (open_count > 0 or click_count > 0))::int as opened,
      count(*) filter (where left_us and open_count = 0 and click_count = 0 and machine_open_count > 0)::int as machine_opened,
      count(*) filter (where left_us and click_count > 0)::int as clicked,
      count(*) filter (where left_us and status = 'bounced' and coalesce(bounce_class, 'hard') = 'hard')::int as bounced_hard,
      count(*) filter (where left_us and not arrived and bounce_class in ('soft', 'block'))::int as bounced_soft,
      count(*) filter (where replied)::int as replied,
      count(*) filter (where answered_at is not null)::int as answered,
      count(*) filter (where unsubscribed_at is not null or status = 'unsubscribed')::int as unsubscribed,
      count(*) filter (where complained_at is not null or status = 'spam')::int as complained,
      coalesce(sum(cost_micros), 0)::bigint as cost_micros,
      count(distinct contact_id) filter (where left_us)::int as recipients,
      count(distinct contact_id) filter (where answered_at is not null)::int as answering_recipients,
      count(distinct contact_id) filter (where left_us and click_count > 0)::int as clicking_recipients
    from told group by campaign_id, step, channel, variant order by campaign_id, step, variant nulls first
  `.execute(trx.db);
  return rows;
}

/** How the campaign's messages stand while a run is waited for. `waiting`: due now, or on their way. */
export interface OpenSends {
  total: number;
  waiting: number;
  sent: number;
  held: number;
  errors: number;
  unknown: number;
}

/** Counts the campaign's messages by how far they are. Those of properties that are at rest wait for nothing. */
export async function countOpenSends(trx: TenantTrx, campaignId: string): Promise<OpenSends> {
  const { rows } = await sql<OpenSends>`
    select count(*)::int as total,
      count(*) filter (where m.status = 'sending' or m.status = 'pending' and m.held_reason is null
        and (m.held_until is null or m.held_until <= now()) and not p.is_paused
        and p.status not in ('failed', 'suppressed', 'closed'))::int as waiting,
      count(*) filter (where m.sent_at is not null)::int as sent,
      count(*) filter (where m.status = 'pending' and m.held_reason is not null)::int as held,
      count(*) filter (where m.status = 'error' and m.sent_at is null)::int as errors,
      count(*) filter (where m.status = 'unknown')::int as unknown
    from outreach_messages m join properties p on p.tenant_id = m.tenant_id and p.id = m.property_id
    where m.tenant_id = ${trx.tenantId} and m.campaign_id = ${campaignId}
  `.execute(trx.db);
  return rows[0] ?? { total: 0, waiting: 0, sent: 0, held: 0, errors: 0, unknown: 0 };
}

/** Why messages of a campaign wait, the most first. `until`: when the first of them may go on; null: a person decides. */
export async function listHoldsOf(
  trx: TenantTrx,
  campaignId: string,
): Promise<Array<{ channel: string; reason: string; sends: number; until: Date | null }>> {
  const { rows } = await sql<{ channel: string; reason: string; sends: number; until: Date | null }>`
    select channel, held_reason as reason, count(*)::int as sends, min(held_until) as until
    from outreach_messages
    where tenant_id = ${trx.tenantId} and campaign_id = ${campaignId} and status = 'pending' and held_reason is not null
    group by channel, held_reason order by count(*) desc, held_reason limit 20
  `.execute(trx.db);
  return rows;
}

/** When the campaign's next planned message may leave; null when none has a time. */
export async function nextSendOf(trx: TenantTrx, campaignId: string): Promise<Date | null> {
  const row = await trx.db
    .selectFrom('outreachMessages')
    .select(({ fn }) => fn.min('heldUntil').as('at'))
    .where('tenantId', '=', trx.tenantId)
    .where('campaignId', '=', campaignId)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return row?.at ?? null;
}

/** What became of a campaign's messages by the day they left (UTC), the last 90 days with any. */
export interface DayOfSends {
  day: string;
  sent: number;
  delivered: number;
  opened: number;
  clicked: number;
  answered: number;
}

/** Counts by the day of leaving; what counts as delivered or opened is as in `countMessages`. */
export async function countByDay(trx: TenantTrx, campaignId: string): Promise<DayOfSends[]> {
  const { rows } = await sql<DayOfSends>`
    select * from (
      select to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*)::int as sent,
        count(*) filter (where delivered_at is not null or open_count > 0 or click_count > 0
          or status in ('delivered', 'opened', 'clicked') or answered_at is not null)::int as delivered,
        count(*) filter (where open_count > 0 or click_count > 0)::int as opened,
        count(*) filter (where click_count > 0)::int as clicked,
        count(*) filter (where answered_at is not null)::int as answered
      from outreach_messages
      where tenant_id = ${trx.tenantId} and campaign_id = ${campaignId} and sent_at is not null
      group by 1 order by 1 desc limit 90
    ) as days order by day
  `.execute(trx.db);
  return rows;
}
