import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { type CampaignDefinition, type CampaignStatus, contentFingerprint } from '../../domain/outreach/campaign.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { TenantTrx } from '../tenant.ts';

/** Takes an approval back whose content is no longer what was approved. Returns whether one was. */
export async function voidChangedApproval(
  trx: TenantTrx,
  campaignId: string,
  definition: CampaignDefinition,
): Promise<boolean> {
  const voided = await trx.db
    .updateTable('campaigns')
    .set({ approvedAt: null, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', campaignId)
    .where('approvedAt', 'is not', null)
    .where('approvedContent', 'is distinct from', contentFingerprint(definition))
    .returning('id')
    .execute();
  await voidPendingApprovals(
    trx,
    voided.map(({ id }) => id),
  );
  return voided.length > 0;
}

/**
 * Takes the approval of every campaign back whose steps use a template: its words are no longer what was approved.
 * @returns how many campaigns wait for a person again
 */
export async function voidApprovalsOfTemplate(trx: TenantTrx, channel: ChannelKind, template: string): Promise<number> {
  const { rows: voided } = await sql<{ id: string }>`
    update campaigns c set approved_at = null, updated_at = now()
    where c.tenant_id = ${trx.tenantId} and c.approved_at is not null and exists (
      select from campaign_steps s where s.tenant_id = c.tenant_id and s.campaign_id = c.id and s.channel = ${channel}
        and (s.template = ${template} or s.variants @> ${JSON.stringify([{ template }])}::jsonb))
    returning c.id`.execute(trx.db);
  await voidPendingApprovals(
    trx,
    voided.map(({ id }) => id),
  );
  return voided.length;
}

/** A property's own approval was of the old content too. */
async function voidPendingApprovals(trx: TenantTrx, campaignIds: readonly string[]): Promise<void> {
  if (campaignIds.length === 0) return;
  await trx.db
    .updateTable('outreachMessages')
    .set({ approvedAt: null, approvedBy: null })
    .where('tenantId', '=', trx.tenantId)
    .where('campaignId', 'in', campaignIds)
    .where('status', '=', 'pending')
    .execute();
}

/** Records who approved the campaign as it is now; a draft becomes active, and what waited for a person is released. */
export async function approveCampaign(
  trx: TenantTrx,
  campaign: { id: string; status: CampaignStatus; definition: CampaignDefinition },
  approval: { by: string; at: Date },
): Promise<void> {
  if (campaign.status === 'ended') throw new ReosError('conflict', 'The campaign has ended.');
  await trx.db
    .updateTable('campaigns')
    .set({
      status: campaign.status === 'draft' ? 'active' : campaign.status,
      approvedAt: approval.at,
      approvedBy: approval.by,
      approvedContent: contentFingerprint(campaign.definition),
      updatedAt: approval.at,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', campaign.id)
    .execute();
  await releaseHeld(trx, campaign.id);
}

/**
 * Writes a status by a person's order. The gate reads it under the lock of the campaign, so nothing leaves after this
 * commits. Pausing keeps what is planned; `active` releases it; `ended` settles it for good.
 * @throws ReosError `conflict` for a campaign that has ended, or a draft that is resumed
 */
export async function setCampaignStatus(
  trx: TenantTrx,
  campaign: { id: string; status: CampaignStatus },
  order: { status: 'active' | 'paused' | 'ended'; reason: string | null; at: Date },
): Promise<void> {
  if (campaign.status === order.status) return;
  if (campaign.status === 'ended') throw new ReosError('conflict', 'The campaign has ended; it cannot begin again.');
  if (campaign.status === 'draft' && order.status !== 'ended') {
    throw new ReosError('conflict', 'The campaign is a draft: approve it with: reos campaign approve');
  }
  await trx.db
    .updateTable('campaigns')
    .set({
      status: order.status,
      reason: order.reason,
      endedAt: order.status === 'ended' ? order.at : null,
      updatedAt: order.at,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', campaign.id)
    .execute();
  if (order.status === 'active') await releaseHeld(trx, campaign.id);
  if (order.status === 'ended') {
    await trx.db
      .updateTable('outreachMessages')
      .set({ status: 'error', error: 'Not sent: The campaign has ended.', heldReason: null, heldUntil: null })
      .set({ updatedAt: order.at })
      .where('tenantId', '=', trx.tenantId)
      .where('campaignId', '=', campaign.id)
      .where('status', '=', 'pending')
      .execute();
  }
}

/** Lets what waits for a person, and for no time, be looked at again. */
async function releaseHeld(trx: TenantTrx, campaignId: string): Promise<void> {
  await trx.db
    .updateTable('outreachMessages')
    .set({ heldReason: null })
    .where('tenantId', '=', trx.tenantId)
    .where('campaignId', '=', campaignId)
    .where('status', '=', 'pending')
    .where('heldUntil', 'is', null)
    .execute();
}
