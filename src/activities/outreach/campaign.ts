import { countMessages } from '../../db/queries/campaign-metrics.ts';
import { setCampaignStatus, voidChangedApproval } from '../../db/queries/campaign-status.ts';
import { type Campaign, findCampaign, listCampaigns } from '../../db/queries/campaigns.ts';
import { insertPlanned, listDueProperties, listPlanCampaigns } from '../../db/queries/outreach-plan.ts';
import { withTenant } from '../../db/tenant.ts';
import type { PassedOver } from '../../domain/outreach/audience.ts';
import type { CampaignStatus } from '../../domain/outreach/campaign.ts';
import { addCounts } from '../../domain/outreach/metrics.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { chooseForRun } from './campaign-choice.ts';
import { toPlanned } from './plan.ts';

/** Where a campaign stands, in numbers. */
export interface CampaignState {
  status: CampaignStatus;
  isApproved: boolean;
  planned: number;
  sent: number;
  held: number;
  errors: number;
  unknown: number;
}

/** What one run came to. */
export interface CampaignRun {
  /** Properties of the audience that were looked at, up to the last one that the run had room for. */
  audience: number;
  /** Messages planned by this run. */
  planned: number;
  /** Properties whose workflow was told that it has messages to send, those of earlier runs that are due included. */
  asked: number;
  passedOver: Partial<Record<PassedOver, number>>;
  /** Why the run did nothing; null when it ran. */
  reason: string | null;
}

interface CampaignIds {
  tenantId: string;
  campaignId: string;
}

const PAGE = 500;
const CONCURRENCY = 8;

/** The activities of a campaign's workflow, and of the schedule that wakes them. */
export function createCampaignActivities(deps: Pick<ActivityDeps, 'db' | 'clock' | 'counties' | 'lifecycles'>) {
  return {
    loadCampaign: (ids: CampaignIds): Promise<CampaignState> =>
      withTenant(deps.db, ids.tenantId, async (trx) => {
        const { status, approvedAt } = await findCampaign(trx, ids.campaignId);
        const counts = addCounts(await countMessages(trx, ids.campaignId));
        const { planned, sent, held, failed: errors, unknown } = counts;
        return { status, isApproved: approvedAt !== null, planned, sent, held, errors, unknown };
      }),

    /** Writes a person's order where the gate reads it. An order that comes too late changes nothing. */
    setCampaignStatus: (
      input: CampaignIds & { status: 'active' | 'paused' | 'ended'; reason: string | null },
    ): Promise<void> =>
      withTenant(deps.db, input.tenantId, async (trx) => {
        const campaign = await findCampaign(trx, input.campaignId);
        const isTooLate = campaign.status === 'ended' || (campaign.status === 'draft' && input.status !== 'ended');
        if (!isTooLate) await setCampaignStatus(trx, campaign, { ...input, at: deps.clock() });
      }),

    /**
     * One run: plans first steps for the best properties of the audience, as many as a run may have, and tells the
     * workflow of every property with messages that are due. Running again plans nothing twice.
     */
    runCampaign: async (ids: CampaignIds): Promise<CampaignRun> => {
      const reason = await withTenant(deps.db, ids.tenantId, async (trx) => {
        const found = await findCampaign(trx, ids.campaignId);
        const voided = await voidChangedApproval(trx, found.id, found.definition);
        return idleReason(voided ? { ...found, approvedAt: null } : found);
      });
      const none: CampaignRun = { audience: 0, planned: 0, asked: 0, passedOver: {}, reason };
      const [campaign] = await withTenant(deps.db, ids.tenantId, (trx) => listPlanCampaigns(trx, ids.campaignId));
      if (reason !== null || campaign === undefined) return none;
      const heartbeat = startHeartbeat();
      try {
        let planned = 0;
        const choice = await chooseForRun(
          deps,
          ids.tenantId,
          campaign,
          async (trx, chosen) => {
            planned += await insertPlanned(trx, toPlanned(ids.tenantId, campaign, chosen), deps.clock());
          },
          { toTheEnd: false, onPage: ({ looked }) => heartbeat.beat({ looked }) },
        );
        const asked = await wakeDue(deps, ids, (count) => heartbeat.beat({ asked: count }));
        return { audience: choice.looked, planned, asked, passedOver: choice.passedOver, reason: null };
      } finally {
        heartbeat.stop();
      }
    },

    /** Has every active campaign of the tenant run today. Returns how many were asked. */
    startCampaigns: async (input: { tenantId: string }): Promise<number> => {
      const campaigns = await withTenant(deps.db, input.tenantId, (trx) => listCampaigns(trx));
      const active = campaigns.filter(({ status }) => status === 'active');
      for (const { id, definition } of active) {
        await deps.lifecycles.runCampaign({ tenantId: input.tenantId, campaignId: id, name: definition.name });
      }
      return active.length;
    },
  };
}

/** Why a campaign may not run; null when it may. */
export function idleReason({ status, definition, approvedAt }: Campaign): string | null {
  if (definition.needs_approval && approvedAt === null && status !== 'ended') {
    return `The campaign '${definition.name}' waits for approval. Look at it with reos campaign preview, then: reos campaign approve "${definition.name}"`;
  }
  return status === 'active' ? null : `The campaign '${definition.name}' is ${status}.`;
}

async function wakeDue(
  deps: Pick<ActivityDeps, 'db' | 'clock' | 'counties' | 'lifecycles'>,
  { tenantId, campaignId }: CampaignIds,
  onPage: (asked: number) => void,
): Promise<number> {
  let asked = 0;
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof listDueProperties>> = await withTenant(deps.db, tenantId, (trx) =>
      listDueProperties(trx, campaignId, { after, limit: PAGE, now: deps.clock() }),
    );
    for (let at = 0; at < page.length; at += CONCURRENCY) {
      await Promise.all(
        page.slice(at, at + CONCURRENCY).map((row) =>
          deps.lifecycles.wake({
            tenantId,
            propertyId: row.id,
            county: deps.counties.byFips(row.countyFips)?.slug ?? row.countyFips,
            apn: row.apn,
            source: row.source,
            summary: [row.apn && `Parcel ${row.apn}`, row.city, row.state].filter(Boolean).join(', ') || row.countyFips,
          }),
        ),
      );
    }
    asked += page.length;
    onPage(asked);
    if (page.length < PAGE) return asked;
    after = page.at(-1)!.id;
  }
}
