import { approveSends } from '../../db/queries/outreach-plan.ts';
import { holdProperty } from '../../db/queries/outreach-property.ts';
import { listInterrupted } from '../../db/queries/outreach-send.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { MessageStatus } from '../../domain/outreach/merge-status.ts';
import { type OutreachDeps, SENDING_LIMIT_MS } from './deps.ts';
import { planSends } from './plan.ts';
import { sendMessage } from './send.ts';

/** What the workflow learns about a plan: ids and one reason. */
export interface PlannedOutreach {
  sendIds: string[];
  /** True when a person has to act before any of them may leave. */
  held: boolean;
  reason: string | null;
}

/** What the workflow learns about one send. */
export interface OneSend {
  /** The status of the row; `held` when the gate or a budget makes it wait. */
  status: MessageStatus | 'held';
  reason: string | null;
  /** ISO time at which a held one is worth another look; null when a person has to act. */
  heldUntil: string | null;
}

/** The outreach activities of the lifecycle. */
export function createOutreachActivities(deps: OutreachDeps) {
  return {
    /** Plans the property's sends; planning again gives the same ids. */
    async planOutreach(input: { tenantId: string; propertyId: string }): Promise<PlannedOutreach> {
      const { sendIds, held, reason } = await planSends(deps, input);
      return { sendIds, held, reason };
    },

    /**
     * Sends one message at most once.
     * @throws ReosError `transient` (with `retryAfterSeconds` where known) when nothing left and it is worth another try
     */
    async sendOne(input: { tenantId: string; sendId: string }): Promise<OneSend> {
      const { status, reason, heldUntil, isHeld, retryAfterSeconds } = await sendMessage(deps, input);
      if (retryAfterSeconds !== undefined) {
        throw new ReosError('transient', `${reason} It is tried again in ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
          details: { sendId: input.sendId, status },
        });
      }
      return { status: isHeld ? 'held' : status, reason, heldUntil: heldUntil?.toISOString() ?? null };
    },

    /**
     * Settles the tenant's sends that an interrupted attempt left in `sending`: unknown, or repeated where the channel
     * makes that harmless. For a schedule: a lifecycle settles its own.
     */
    async settleInterruptedSends(input: { tenantId: string }): Promise<{ settled: number }> {
      const before = new Date(deps.clock().getTime() - (deps.sendingLimitMs ?? SENDING_LIMIT_MS));
      const sendIds = await withTenant(deps.db, input.tenantId, (trx) => listInterrupted(trx, before));
      for (const sendId of sendIds) await sendMessage(deps, { tenantId: input.tenantId, sendId });
      return { settled: sendIds.length };
    },

    /** Records a person's approval of the property's planned sends, of one campaign or (null) of all. */
    async approveOutreach(input: {
      tenantId: string;
      propertyId: string;
      campaignId: string | null;
      /** Who approved; `operator` when left out. */
      approvedBy?: string;
    }): Promise<{ approved: number }> {
      return withTenant(deps.db, input.tenantId, async (trx) => {
        const approved = await approveSends(trx, {
          ...input,
          approvedBy: input.approvedBy ?? 'operator',
          at: deps.clock(),
        });
        if (approved > 0) await holdProperty(trx, input.propertyId, { reason: null, until: null });
        return { approved };
      });
    },
  };
}

export type OutreachActivities = ReturnType<typeof createOutreachActivities>;
