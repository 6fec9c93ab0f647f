import { sql } from 'kysely';
import type { Variant } from '../../domain/outreach/ab-test.ts';
import type { AudienceCampaign } from '../../domain/outreach/audience.ts';
import type { CampaignStatus } from '../../domain/outreach/campaign.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { TenantTrx } from '../tenant.ts';
import type { LifecycleCandidate } from './discovery.ts';

/** A campaign as planning needs it, with its first step. */
export interface PlanCampaign extends AudienceCampaign {
  id: string;
  name: string;
  status: CampaignStatus;
  step: number;
  variants: Variant[];
  dedupeDays: number;
  weeklyCapPerRecipient: number;
  maxPerRun: number;
  needsApproval: boolean;
  isApproved: boolean;
}

/** Campaigns that are active or paused, oldest first, each with its first step; or the one of an id, whatever its status. */
export async function listPlanCampaigns(trx: TenantTrx, campaignId?: string): Promise<PlanCampaign[]> {
  const rows = await trx.db
    .selectFrom('campaigns as c')
    .innerJoin('campaignSteps as s', (join) =>
      join.onRef('s.tenantId', '=', 'c.tenantId').onRef('s.campaignId', '=', 'c.id'),
    )
    .select(['c.id', 'c.name', 'c.kind', 'c.status', 'c.minScore', 'c.audience', 'c.dedupeDays', 'c.maxPerRun'])
    .select(['c.weeklyCapPerRecipient', 'c.needsApproval', 's.step', 's.channel', 's.variants'])
    .select(sql<boolean>`c.approved_at is not null`.as('isApproved'))
    .distinctOn(['c.createdAt', 'c.id'])
    .where('c.tenantId', '=', trx.tenantId)
    .$if(campaignId === undefined, (query) => query.where('c.status', 'in', ['active', 'paused']))
    .$if(campaignId !== undefined, (query) => query.where('c.id', '=', campaignId!))
    .orderBy('c.createdAt')
    .orderBy('c.id')
    .orderBy('s.step')
    .execute();
  return rows.map(({ audience, variants, ...row }) => {
    const filters = (audience ?? {}) as Partial<
      Record<'countyFips' | 'propertyTypes' | 'contactTags' | 'propertyTags', string[]>
    >;
    return {
      ...row,
      kind: row.kind as PlanCampaign['kind'],
      status: row.status as CampaignStatus,
      channel: row.channel as ChannelKind,
      variants: variants as unknown as Variant[],
      countyFips: filters.countyFips ?? [],
      propertyTypes: filters.propertyTypes ?? [],
      contactTags: filters.contactTags ?? [],
      propertyTags: filters.propertyTags ?? [],
    };
  });
}

/** One send to plan. */
export interface PlannedSend {
  sendId: string;
  contactId: string;
  propertyId: string;
  campaignId: string;
  step: number;
  /** The memo that it carries; null for owners, who never get one. */
  packetId: string | null;
  channel: string;
  /** Which of the step's templates is tried on the recipient; null where there is but one. */
  variant: string | null;
  unsubscribeToken: string;
}

/** Rows of one statement: well below what the protocol allows to bind. */
const BATCH = 1_000;

/** Inserts what is not planned yet; a row that exists stays as it is. Returns how many are new. */
export async function insertPlanned(trx: TenantTrx, sends: readonly PlannedSend[], now: Date): Promise<number> {
  let inserted = 0;
  for (let at = 0; at < sends.length; at += BATCH) {
    const batch = sends.slice(at, at + BATCH);
    const rows = await trx.db
      .insertInto('outreachMessages')
      .values(batch.map((send) => ({ tenantId: trx.tenantId, ...send, createdAt: now, updatedAt: now })))
      .onConflict((conflict) => conflict.doNothing())
      .returning('sendId')
      .execute();
    inserted += rows.length;
  }
  return inserted;
}

/** Lets the property's waiting messages that carry a memo carry its newest one. */
export async function renewPackets(trx: TenantTrx, propertyId: string, packetId: string): Promise<void> {
  await trx.db
    .updateTable('outreachMessages')
    .set({ packetId })
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .where('status', '=', 'pending')
    .where('packetId', 'is not', null)
    .where('packetId', '!=', packetId)
    .execute();
}

/** A send that may be looked at now. */
export interface DueSend {
  sendId: string;
  campaignName: string;
  campaignStatus: CampaignStatus;
  /** True when a person must approve it first. */
  waitsForApproval: boolean;
}

/**
 * The property's sends that are due: first steps and follow-ups whose time has come, those that wait for a person (who
 * may have acted), and those that an interrupted attempt has left. Oldest first.
 */
export async function listDueSends(trx: TenantTrx, propertyId: string, now: Date): Promise<DueSend[]> {
  const rows = await trx.db
    .selectFrom('outreachMessages as m')
    .innerJoin('campaigns as c', (join) =>
      join.onRef('c.tenantId', '=', 'm.tenantId').onRef('c.id', '=', 'm.campaignId'),
    )
    .select(['m.sendId', 'c.name as campaignName', 'c.status as campaignStatus'])
    .select(
      sql<boolean>`c.needs_approval and c.approved_at is null and m.approved_at is null and m.status = 'pending'`.as(
        'waitsForApproval',
      ),
    )
    .where('m.tenantId', '=', trx.tenantId)
    .where('m.propertyId', '=', propertyId)
    .where((eb) =>
      eb.or([
        eb('m.status', '=', 'sending'),
        eb('m.status', '=', 'pending').and(eb.or([eb('m.heldUntil', 'is', null), eb('m.heldUntil', '<=', now)])),
      ]),
    )
    .orderBy('m.createdAt')
    .orderBy('m.sendId')
    .execute();
  return rows.map((row) => ({ ...row, campaignStatus: row.campaignStatus as CampaignStatus }));
}

/** Properties with sends of the campaign that are due and wait for nobody, in the order of their ids. */
export function listDueProperties(
  trx: TenantTrx,
  campaignId: string,
  page: { after: string | null; limit: number; now: Date },
): Promise<LifecycleCandidate[]> {
  return trx.db
    .selectFrom('properties as p')
    .select(['p.id', 'p.countyFips', 'p.apn', 'p.city', 'p.state', sql<string | null>`null`.as('source')])
    .where('p.tenantId', '=', trx.tenantId)
    .where('p.isPaused', '=', false)
    .where('p.status', 'not in', ['failed', 'suppressed', 'closed'])
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('outreachMessages as m')
          .select('m.sendId')
          .whereRef('m.tenantId', '=', 'p.tenantId')
          .whereRef('m.propertyId', '=', 'p.id')
          .where('m.campaignId', '=', campaignId)
          .where('m.status', '=', 'pending')
          .where((held) =>
            held.or([
              held('m.heldUntil', '<=', page.now),
              held.and([held('m.heldUntil', 'is', null), held('m.heldReason', 'is', null)]),
            ]),
          ),
      ),
    )
    .$if(page.after !== null, (query) => query.where('p.id', '>', page.after!))
    .orderBy('p.id')
    .limit(page.limit)
    .execute();
}

/** Releases the property's planned sends of a campaign (null: of every campaign). Returns how many were released. */
export async function approveSends(
  trx: TenantTrx,
  approval: { propertyId: string; campaignId: string | null; approvedBy: string; at: Date },
): Promise<number> {
  // A follow-up is approved with the rest, but keeps its day.
  const result = await sql`
    update outreach_messages set approved_at = ${approval.at}, approved_by = ${approval.approvedBy},
      held_reason = case when step > 1 and held_until > ${approval.at} then held_reason end,
      held_until = case when step > 1 then held_until end, updated_at = ${approval.at}
    where tenant_id = ${trx.tenantId} and property_id = ${approval.propertyId} and status = 'pending'
      and approved_at is null and (${approval.campaignId}::uuid is null or campaign_id = ${approval.campaignId}::uuid)
  `.execute(trx.db);
  return Number(result.numAffectedRows ?? 0);
}
