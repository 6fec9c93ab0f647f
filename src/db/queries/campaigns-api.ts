import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { CampaignDefinition } from '../../domain/outreach/campaign.ts';
import type { TenantTrx } from '../tenant.ts';
import { columnsOf, dropSteps, writeSteps } from './campaign-rows.ts';
import { type Campaign, listCampaigns } from './campaigns.ts';

/**
 * The campaign of an id.
 * @throws ReosError `not_found`, the same for an id of another tenant
 */
export async function campaignOfId(trx: TenantTrx, campaignId: string): Promise<Campaign> {
  const [found] = await listCampaigns(trx, campaignId);
  if (found !== undefined) return found;
  throw new ReosError('not_found', `There is no campaign ${campaignId}.`);
}

/**
 * Puts another definition in the place of a draft's.
 * @throws ReosError `not_found`; `conflict` when it is no draft, or another one has the name
 */
export async function changeDraft(
  trx: TenantTrx,
  campaignId: string,
  definition: CampaignDefinition,
  countyFips: readonly string[],
): Promise<Campaign> {
  await lockDraft(trx, campaignId);
  const namesake = await trx.db
    .selectFrom('campaigns')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('name', '=', definition.name)
    .where('id', '!=', campaignId)
    .executeTakeFirst();
  if (namesake !== undefined) throw new ReosError('conflict', `There is a campaign '${definition.name}' already.`);
  await trx.db
    .updateTable('campaigns')
    .set({ ...columnsOf(definition, countyFips), updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', campaignId)
    .execute();
  await dropSteps(trx, campaignId, definition.steps.length);
  await writeSteps(trx, campaignId, definition);
  return campaignOfId(trx, campaignId);
}

/**
 * Deletes a draft: nothing of it ever left.
 * @throws ReosError `not_found`; `conflict` when it is no draft
 */
export async function deleteDraft(trx: TenantTrx, campaignId: string): Promise<void> {
  await lockDraft(trx, campaignId);
  await dropSteps(trx, campaignId, 0);
  await trx.db.deleteFrom('campaigns').where('tenantId', '=', trx.tenantId).where('id', '=', campaignId).execute();
}

async function lockDraft(trx: TenantTrx, campaignId: string): Promise<void> {
  const found = await trx.db
    .selectFrom('campaigns')
    .select('status')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', campaignId)
    .forUpdate()
    .executeTakeFirst();
  if (found === undefined) throw new ReosError('not_found', `There is no campaign ${campaignId}.`);
  if (found.status === 'draft') return;
  throw new ReosError(
    'conflict',
    `The campaign is ${found.status}: only a draft is changed or deleted. Stop it and create another.`,
  );
}
