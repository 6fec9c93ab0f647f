import * as queries from '../../db/queries/lifecycle.ts';
import { endSequences } from '../../db/queries/outreach-follow-up.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import type { LifecycleState, Stage } from '../../domain/lifecycle.ts';
import type { ActivityDeps } from '../deps.ts';

export interface PropertyIds {
  tenantId: string;
  propertyId: string;
}

/** How long a run waits for answers when no campaign says otherwise: there is none in flight then. */
const DEFAULT_WAIT_DAYS = 14;

/** Reads the state the workflow decides on. */
export async function readState(
  deps: Pick<ActivityDeps, 'scoring' | 'counties' | 'retryWindowMs'>,
  trx: TenantTrx,
  propertyId: string,
): Promise<LifecycleState> {
  const row = await queries.readLifecycle(trx, propertyId);
  return {
    status: row.status,
    failedStage: row.failedStage,
    reason: row.failureReason ?? row.heldReason,
    isPaused: row.isPaused,
    needsReview: row.needsReview,
    county: deps.counties.byFips(row.countyFips)?.slug ?? row.countyFips,
    apn: row.apn,
    source: row.source,
    birdDogScore: row.birdDogScore,
    rescoreRequested: row.rescoreRequested,
    memoThreshold: deps.scoring.thresholds.memo,
    outreachThreshold: deps.scoring.thresholds.outreach,
    memoPath: row.memoPath,
    memoIsCurrent: row.memoIsCurrent,
    inFlight: row.inFlight,
    campaignId: row.campaignId,
    sendsDueInMs: row.sendsDueInMs === null ? null : Math.ceil(row.sendsDueInMs),
    retryWindowMs: deps.retryWindowMs,
    waitMs: (row.waitDays ?? DEFAULT_WAIT_DAYS) * 86_400_000,
  };
}

/** The steps of a lifecycle that only move its state: begin, pause, settle, fail, end. */
export function createLifecycleActivities(deps: Pick<ActivityDeps, 'db' | 'scoring' | 'counties' | 'retryWindowMs'>) {
  const change = (ids: PropertyIds, fn: (trx: TenantTrx) => Promise<void>): Promise<LifecycleState> =>
    withTenant(deps.db, ids.tenantId, async (trx) => {
      await fn(trx);
      return readState(deps, trx, ids.propertyId);
    });
  return {
    /** First step of every run: a property that had failed goes back to the start of the stage that failed. */
    beginLifecycle: (ids: PropertyIds) => change(ids, (trx) => queries.restoreFailed(trx, ids.propertyId)),

    loadLifecycle: (ids: PropertyIds) => change(ids, async () => undefined),

    setPaused: (input: PropertyIds & { isPaused: boolean }) =>
      change(input, (trx) => queries.setPaused(trx, input.propertyId, input.isPaused)),

    /**
     * Nothing is left to do now: says why, when the property stopped short of a recipient. What came back may have
     * ended a sequence: its waiting follow-ups are settled here rather than on their day.
     */
    settleLifecycle: (ids: PropertyIds) =>
      change(ids, async (trx) => {
        await endSequences(trx, ids.propertyId);
        const state = await readState(deps, trx, ids.propertyId);
        await queries.markSettled(trx, ids.propertyId, heldReason(state));
      }),

    failLifecycle: (input: PropertyIds & { stage: Stage; reason: string }) =>
      change(input, (trx) => queries.markFailed(trx, input.propertyId, input.stage, input.reason)),

    suppressProperty: (input: PropertyIds & { reason: string }) =>
      change(input, (trx) => queries.endLifecycle(trx, input.propertyId, 'suppressed', { reason: input.reason })),

    closeProperty: (input: PropertyIds & { outcome: { outcome: string; note?: string } }) =>
      change(input, (trx) => queries.endLifecycle(trx, input.propertyId, 'closed', { ...input.outcome })),
  };
}

function heldReason(state: LifecycleState): string | null {
  const score = state.birdDogScore?.toFixed(1) ?? 'none';
  if (state.status === 'scored') return `Score ${score} is below the memo threshold of ${state.memoThreshold}.`;
  if (state.status === 'packet_ready' && (state.birdDogScore ?? 0) < state.outreachThreshold) {
    return `Score ${score} is below the outreach threshold of ${state.outreachThreshold}.`;
  }
  return state.status === 'packet_ready' ? state.reason : null;
}
