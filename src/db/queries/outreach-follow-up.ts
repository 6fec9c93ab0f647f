import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { sendId } from '../../domain/ids.ts';
import { chooseVariant, type Variant } from '../../domain/outreach/ab-test.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import { FOLLOW_UP_HOLD, nextStep } from '../../domain/outreach/sequence.ts';
import type { TenantTrx } from '../tenant.ts';

/** The send that was recorded as sent. */
export interface SentStep {
  sendId: string;
  contactId: string;
  propertyId: string;
  campaignId: string;
  step: number;
}

/**
 * Plans the step that follows a sent one, in the transaction that records it: a row that waits for its day, with the
 * memo and the approval of the one before. Nothing at the end of the sequence, or when the row is there already.
 */
export async function planFollowUp(trx: TenantTrx, sent: SentStep, at: Date): Promise<void> {
  const { rows } = await sql<{ step: number; channel: ChannelKind; waitDays: number; variants: Variant[] }>`
    select s.step, s.channel, s.wait_days, s.variants from campaign_steps s
    join campaigns c on c.tenant_id = s.tenant_id and c.id = s.campaign_id and c.status <> 'ended'
    join contacts r on r.tenant_id = s.tenant_id and r.id = ${sent.contactId}
    where s.tenant_id = ${trx.tenantId} and s.campaign_id = ${sent.campaignId} and s.step > ${sent.step}
      and case s.channel when 'email' then r.email_hash when 'sms' then r.phone_hash else r.postal_hash end is not null
  `.execute(trx.db);
  const next = nextStep(rows, { step: sent.step, at }, () => true);
  if (next === null) return;
  const { step, channel, variants } = next.step;
  const variant = chooseVariant(variants, variantKey(sent.contactId, sent.campaignId, step));
  await sql`
    insert into outreach_messages (tenant_id, send_id, contact_id, property_id, campaign_id, step, packet_id, channel,
      variant, unsubscribe_token, approved_at, approved_by, held_until, held_reason)
    select m.tenant_id, ${sendId(trx.tenantId, { ...sent, step })}, m.contact_id, m.property_id, m.campaign_id, ${step},
      m.packet_id, ${channel}, ${variant?.name ?? null}, ${newToken()}, m.approved_at, m.approved_by,
      ${next.dueAt}, ${FOLLOW_UP_HOLD}
    from outreach_messages m where m.tenant_id = ${trx.tenantId} and m.send_id = ${sent.sendId}
    on conflict do nothing
  `.execute(trx.db);
}

/**
 * Settles the property's waiting messages whose sequence has come to its end, as the gate would refuse them later: the
 * recipient answered, an earlier step bounced, was unsubscribed or reported, or the property is closed. Returns how many.
 */
export async function endSequences(trx: TenantTrx, propertyId: string): Promise<number> {
  const result = await sql`
    update outreach_messages m set status = 'error', error = 'Not sent: The sequence ended: ' || ended.reason || '.',
      held_reason = null, held_until = null, updated_at = now()
    from (
      select w.send_id, case
        when exists (select from outreach_messages e where e.tenant_id = w.tenant_id and e.property_id = w.property_id
          and e.contact_id = w.contact_id and e.answered_at is not null) then 'the recipient has answered'
        when p.status = 'closed' then 'the outcome of the property is known'
        else (select 'step ' || e.step || ' ended as ' || e.status from outreach_messages e
          where e.tenant_id = w.tenant_id and e.property_id = w.property_id and e.contact_id = w.contact_id
            and e.campaign_id = w.campaign_id and e.step < w.step and e.status in ('bounced', 'spam', 'unsubscribed')
          order by e.step limit 1) end as reason
      from outreach_messages w join properties p on p.tenant_id = w.tenant_id and p.id = w.property_id
      where w.tenant_id = ${trx.tenantId} and w.property_id = ${propertyId} and w.status = 'pending'
    ) ended
    where m.tenant_id = ${trx.tenantId} and m.send_id = ended.send_id and m.status = 'pending'
      and ended.reason is not null
  `.execute(trx.db);
  return Number(result.numAffectedRows ?? 0);
}

/** What a recipient's variant of a step is drawn by: one recipient sees one variant, whatever the property. */
export const variantKey = (contactId: string, campaignId: string, step: number): string =>
  `${contactId}:${campaignId}:${step}`;

/** A new secret for an unsubscribe link. */
export const newToken = (): string => randomBytes(24).toString('base64url');
