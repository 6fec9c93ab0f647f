import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { CampaignDefinition, CampaignStatus } from '../../domain/outreach/campaign.ts';
import type { TenantTrx } from '../tenant.ts';
import { columnsOf, definitionOf, dropSteps, type StoredStep, writeSteps } from './campaign-rows.ts';
import { voidChangedApproval } from './campaign-status.ts';

/** A campaign with its definition and where it stands. */
export interface Campaign {
  id: string;
  definition: CampaignDefinition;
  status: CampaignStatus;
  /** When what is in the definition now was approved; null when it was not, or no longer. */
  approvedAt: Date | null;
  approvedBy: string | null;
  createdAt: Date;
  endedAt: Date | null;
  reason: string | null;
}

/**
 * Writes a new campaign: a draft where a person must approve it, else active.
 * @throws ReosError `conflict` when the tenant has one of that name
 */
export async function insertCampaign(
  trx: TenantTrx,
  definition: CampaignDefinition,
  more: { countyFips: readonly string[]; createdBy: string },
): Promise<Campaign> {
  const inserted = await trx.db
    .insertInto('campaigns')
    .values({
      tenantId: trx.tenantId,
      status: definition.needs_approval ? 'draft' : 'active',
      createdBy: more.createdBy,
      ...columnsOf(definition, more.countyFips),
    })
    .onConflict((conflict) => conflict.columns(['tenantId', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) {
    throw new ReosError(
      'conflict',
      `There is a campaign '${definition.name}' already. Choose another name, or change that one with --replace.`,
    );
  }
  await writeSteps(trx, inserted.id, definition);
  return findCampaign(trx, inserted.id);
}

/**
 * Puts a changed definition in the place of the old one of the same name. An approval of other content is void: the
 * status stays, and everything planned waits for a new approval.
 * @returns the campaign, and whether an approval was lost
 * @throws ReosError `not_found`, or `conflict` when a step that has messages would go, or the campaign has ended
 */
export async function replaceCampaign(
  trx: TenantTrx,
  definition: CampaignDefinition,
  countyFips: readonly string[],
): Promise<{ campaign: Campaign; approvalLost: boolean }> {
  const before = await findCampaign(trx, definition.name);
  if (before.status === 'ended') {
    throw new ReosError('conflict', `The campaign '${definition.name}' has ended. Create one with another name.`);
  }
  await trx.db
    .updateTable('campaigns')
    .set({ ...columnsOf(definition, countyFips), updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', before.id)
    .execute();
  await dropSteps(trx, before.id, definition.steps.length);
  await writeSteps(trx, before.id, definition);
  const approvalLost = await voidChangedApproval(trx, before.id, definition);
  return { campaign: await findCampaign(trx, before.id), approvalLost };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The campaign of an id or a name.
 * @throws ReosError `not_found` with the names that exist
 */
export async function findCampaign(trx: TenantTrx, idOrName: string): Promise<Campaign> {
  const found = await listCampaigns(trx, idOrName);
  if (found[0] !== undefined) return found[0];
  const names = (await listCampaigns(trx)).map(({ definition }) => `'${definition.name}'`);
  throw new ReosError(
    'not_found',
    `There is no campaign '${idOrName}'. ${names.length === 0 ? 'Make one with: reos campaign create' : `Known: ${names.join(', ')}.`}`,
  );
}

/**
 * Campaigns with their definitions, newest first; all of the tenant's, or the one of an id or name. With a page: by name,
 * those after `afterName`.
 */
export async function listCampaigns(
  trx: TenantTrx,
  idOrName?: string,
  page?: { afterName: string | undefined; limit: number },
): Promise<Campaign[]> {
  const rows = await trx.db
    .selectFrom('campaigns as c')
    .selectAll('c')
    .select(
      sql<StoredStep[]>`(select coalesce(jsonb_agg(jsonb_build_object('step', s.step, 'channel', s.channel,
        'template', s.template, 'waitDays', s.wait_days, 'variants', s.variants) order by s.step), '[]')
        from campaign_steps s where s.tenant_id = c.tenant_id and s.campaign_id = c.id)`.as('steps'),
    )
    .where('c.tenantId', '=', trx.tenantId)
    .$if(idOrName !== undefined, (query) => query.where(UUID.test(idOrName!) ? 'c.id' : 'c.name', '=', idOrName!))
    .$if(page?.afterName !== undefined, (query) => query.where('c.name', '>', page!.afterName!))
    .$if(page !== undefined, (query) => query.orderBy('c.name').limit(page!.limit))
    .orderBy('c.createdAt', 'desc')
    .orderBy('c.id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    definition: definitionOf(row),
    status: row.status as CampaignStatus,
    approvedAt: row.approvedAt,
    approvedBy: row.approvedBy,
    createdAt: row.createdAt,
    endedAt: row.endedAt,
    reason: row.reason,
  }));
}
