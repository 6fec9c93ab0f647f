import { sql } from 'kysely';
import type { BuyBox, BuyBoxSubject } from '../../domain/outreach/buy-box.ts';
import type { TenantTrx } from '../tenant.ts';

/** What planning reads about the property; the score and packet are null until their stages are done. */
export interface PlanSubject extends BuyBoxSubject {
  birdDogScore: number | null;
  packetId: string | null;
}

/** The first step of a campaign that may write to investors. */
export interface PlanCampaign {
  id: string;
  name: string;
  status: string;
  minScore: number;
  needsApproval: boolean;
  step: number;
  channel: string;
}

export interface PlanContact {
  id: string;
  emailHash: string | null;
  boxes: BuyBox[];
}

/** The property with its newest memo; null when there is none of that id. */
export async function loadPlanSubject(trx: TenantTrx, propertyId: string): Promise<PlanSubject | null> {
  const row = await trx.db
    .selectFrom('properties as p')
    .select([
      'p.countyFips',
      'p.zipCode',
      'p.propertyType',
      'p.propertySubType',
      'p.listPriceCents',
      'p.estimatedValueCents',
      'p.bedrooms',
      'p.sqft',
      'p.birdDogScore',
    ])
    .select((select) =>
      select
        .selectFrom('actionPackets as a')
        .select('a.id')
        .whereRef('a.tenantId', '=', 'p.tenantId')
        .whereRef('a.propertyId', '=', 'p.id')
        .where('a.kind', '=', 'investor_memo')
        .where('a.status', '=', 'generated')
        .orderBy('a.createdAt', 'desc')
        .limit(1)
        .as('packetId'),
    )
    .where('p.tenantId', '=', trx.tenantId)
    .where('p.id', '=', propertyId)
    .executeTakeFirst();
  return row ?? null;
}

/** Campaigns for investors that are active or paused, oldest first, each with its first step. */
export async function listInvestorCampaigns(trx: TenantTrx): Promise<PlanCampaign[]> {
  return trx.db
    .selectFrom('campaigns as c')
    .innerJoin('campaignSteps as s', (join) =>
      join.onRef('s.tenantId', '=', 'c.tenantId').onRef('s.campaignId', '=', 'c.id'),
    )
    .select(['c.id', 'c.name', 'c.status', 'c.minScore', 'c.needsApproval', 's.step', 's.channel'])
    .distinctOn(['c.createdAt', 'c.id'])
    .where('c.tenantId', '=', trx.tenantId)
    .where('c.kind', '=', 'investor')
    .where('c.status', 'in', ['active', 'paused'])
    .orderBy('c.createdAt')
    .orderBy('c.id')
    .orderBy('s.step')
    .execute();
}

/** Active investors and partners with their buy boxes. A contact without a box buys nothing and is left out. */
export async function listInvestors(trx: TenantTrx): Promise<PlanContact[]> {
  const rows = await trx.db
    .selectFrom('contacts as c')
    .innerJoin('buyBoxes as b', (join) => join.onRef('b.tenantId', '=', 'c.tenantId').onRef('b.contactId', '=', 'c.id'))
    .select(['c.id', 'c.emailHash'])
    .select([
      'b.countyFips',
      'b.propertyTypes',
      'b.zipCodes',
      'b.minPriceCents',
      'b.maxPriceCents',
      'b.minScore',
      'b.minBedrooms',
      'b.minSqft',
    ])
    .where('c.tenantId', '=', trx.tenantId)
    .where('c.kind', 'in', ['investor', 'partner'])
    .where('c.status', '=', 'active')
    .orderBy('c.id')
    .orderBy('b.id')
    .execute();
  const contacts = new Map<string, PlanContact>();
  for (const { id, emailHash, ...box } of rows) {
    const known = contacts.get(id);
    if (known) known.boxes.push(box);
    else contacts.set(id, { id, emailHash, boxes: [box] });
  }
  return [...contacts.values()];
}

/** One send to plan. */
export interface PlannedSend {
  sendId: string;
  contactId: string;
  propertyId: string;
  campaignId: string;
  step: number;
  packetId: string;
  channel: string;
  unsubscribeToken: string;
}

/**
 * Inserts what is not planned yet; a row that exists stays as it is, except that one still pending takes the newer
 * memo. Returns how many are new.
 */
export async function insertPlanned(trx: TenantTrx, sends: readonly PlannedSend[], now: Date): Promise<number> {
  if (sends.length === 0) return 0;
  const inserted = await trx.db
    .insertInto('outreachMessages')
    .values(sends.map((send) => ({ tenantId: trx.tenantId, ...send, createdAt: now, updatedAt: now })))
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'sendId'])
        .doUpdateSet({ packetId: (set) => set.ref('excluded.packetId') })
        .where('outreachMessages.status', '=', 'pending'),
    )
    .returning(sql<boolean>`xmax = 0`.as('isNew'))
    .execute();
  return inserted.filter((row) => row.isNew).length;
}

/** Releases the property's planned sends of a campaign (null: of every campaign). Returns how many were released. */
export async function approveSends(
  trx: TenantTrx,
  approval: { propertyId: string; campaignId: string | null; approvedBy: string; at: Date },
): Promise<number> {
  const result = await sql`
    update outreach_messages set approved_at = ${approval.at}, approved_by = ${approval.approvedBy},
      held_reason = null, held_until = null, updated_at = ${approval.at}
    where tenant_id = ${trx.tenantId} and property_id = ${approval.propertyId} and status = 'pending'
      and approved_at is null and (${approval.campaignId}::uuid is null or campaign_id = ${approval.campaignId}::uuid)
  `.execute(trx.db);
  return Number(result.numAffectedRows ?? 0);
}

/** Which of the sends a person has approved. */
export async function listApproved(trx: TenantTrx, sendIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ sendId: string }>`
    select send_id from outreach_messages
    where tenant_id = ${trx.tenantId} and send_id = any(${sendIds}::uuid[]) and approved_at is not null
  `.execute(trx.db);
  return new Set(rows.map((row) => row.sendId));
}
