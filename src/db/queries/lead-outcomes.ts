import { sql } from 'kysely';
import type { LeadFacts, LeadOutcome } from '../../domain/valuation/lead-score.ts';
import type { TenantTrx } from '../tenant.ts';

/** Words of a recorded outcome that mean the lead answered; any other word of a closed lead means that it did not. */
const ANSWERED =
  '\\m(won|win|bought|purchased|accepted|contract|signed|sold|deal|interested|replied|responded|engaged)\\M';
const NOT_ANSWERED = '\\m(not|no|lost|elsewhere|never|un\\w+|declined|refused|rejected)\\M';

const facts = sql`s.bird_dog_score, s.investment_score, s.risk_score, s.confidence, s.estimated_value_cents,
  s.reference_price_cents, s.reference_price_kind`;

/**
 * Leads whose end is known, oldest contact first, with what was known when they were first written to: engaged ones and
 * closed ones by their recorded outcome; contacted ones that stayed silent for 30 days did not answer.
 */
export async function readLeadOutcomes(trx: TenantTrx): Promise<LeadOutcome[]> {
  const { rows } = await sql<LeadOutcome>`
    select ${facts},
      (p.status = 'engaged' or o.outcome ~* ${ANSWERED} and o.outcome !~* ${NOT_ANSWERED}) is true as answered
    from properties p
    join lateral (
      select min(coalesce(m.sent_at, m.created_at)) as first_at, max(coalesce(m.sent_at, m.created_at)) as last_at
      from outreach_messages m
      where m.tenant_id = p.tenant_id and m.property_id = p.id
        and m.status in ('sent', 'delivered', 'opened', 'clicked', 'unknown')
    ) contact on contact.first_at is not null
    join lateral (
      select * from property_scores s
      where s.tenant_id = p.tenant_id and s.property_id = p.id and s.scored_at <= contact.first_at
      order by s.scored_at desc limit 1
    ) s on true
    left join lateral (
      select e.payload->>'outcome' as outcome from event_log e
      where e.tenant_id = p.tenant_id and e.property_id = p.id and e.event_type = 'timeline.updated'
        and e.payload->>'what' = 'closed'
      order by e.position desc limit 1
    ) o on true
    where p.tenant_id = ${trx.tenantId}
      and (p.status = 'engaged' or p.status = 'closed' and o.outcome is not null
        or p.status = 'contacted' and contact.last_at < now() - interval '30 days')
    order by contact.first_at, p.id`.execute(trx.db);
  return rows;
}

/** What is known of one lead now; undefined before its first score. */
export async function readLead(trx: TenantTrx, propertyId: string): Promise<LeadFacts | undefined> {
  const { rows } = await sql<LeadFacts>`
    select ${facts} from property_scores s
    where s.tenant_id = ${trx.tenantId} and s.property_id = ${propertyId}::uuid
    order by s.scored_at desc limit 1`.execute(trx.db);
  return rows[0];
}
