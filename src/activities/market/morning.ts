import { expirePackets, lockPackets } from '../../db/queries/decision-packets-look.ts';
import { withTenant } from '../../db/tenant.ts';
import { postgresFeedback, readWeights } from '../../intelligence/feedback-store.ts';
import { runTool } from '../../intelligence/registry.ts';
import { postgresWarehouse } from '../../intelligence/warehouses/postgres.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { type DeliveryDeps, deliverAlerts, deliverBriefing } from './alerts.ts';
import { runBriefing } from './briefing.ts';
import { isBriefingDue } from './briefing-day.ts';

type MorningDeps = Pick<ActivityDeps, 'db' | 'clock' | 'logger' | 'storage' | 'outreach' | 'slack' | 'marketRules'>;

/** What delivery needs, of an activity's parts. */
export function deliveryDeps({ outreach, storage, slack, clock }: Omit<MorningDeps, 'db' | 'logger'>): DeliveryDeps {
  return { ...outreach, clock, store: storage, slack };
}

/** The morning's briefing of a tenant, and the week's recalibration. */
export function createMorningActivities(deps: MorningDeps) {
  return {
    /**
     * Makes and delivers the briefing of the day where it is due: from 06:00 on in the tenant's time zone, unless it was
     * delivered. Any part of it may be done again. `made` is false where nothing was due.
     */
    async briefTenant({ tenantId }: { tenantId: string }): Promise<{ made: boolean; packets: number }> {
      const now = deps.clock();
      const isDue = await withTenant(deps.db, tenantId, async (trx) => {
        // Whether or not anything is due: what nobody looked for in time is over.
        await lockPackets(trx);
        await expirePackets(trx, now);
        return isBriefingDue(trx, now);
      });
      if (!isDue) return { made: false, packets: 0 };
      const heartbeat = startHeartbeat();
      try {
        const made = await runBriefing(deps, tenantId, now);
        await deliverAlerts(deliveryDeps(deps), tenantId, now);
        await deliverBriefing(deliveryDeps(deps), tenantId, made, now);
        return { made: true, packets: made.packetIds.length };
      } finally {
        heartbeat.stop();
      }
    },

    /** Learns from the outcomes so far what the confidence of each tool is worth; the next briefing uses it. */
    recalibrateTenant: ({ tenantId }: { tenantId: string }): Promise<{ outcomes: number; isActive: boolean }> =>
      withTenant(deps.db, tenantId, async (trx) => {
        const context = { warehouse: postgresWarehouse(trx), now: deps.clock(), weights: await readWeights(trx) };
        const answer = await runTool({ ...context, feedback: postgresFeedback(trx) }, 'recalibrate_confidence', {});
        const { outcomes, is_active: isActive } = answer as { outcomes: number; is_active: boolean };
        return { outcomes, isActive };
      }),
  };
}
