import {
  ContinueAsNew,
  continueAsNew,
  defineQuery,
  executeChild,
  isCancellation,
  log,
  ParentClosePolicy,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CountyPlan, RescoredSlice as Slice } from '../activities/score/rescore.ts';
import { workflowIds } from '../domain/ids.ts';
import { batch, local } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/** Properties scored by one activity: some seconds of work between two answers to `progress`. */
const SLICE = 10_000;
/** Slices in one history, before it is begun anew. */
const SLICES_PER_HISTORY = 100;

/** What to score again. `all`: everything; `outdated`: what other weights, an older model or fewer sales made. */
export interface RescoreInput {
  tenantId: string;
  /** Slug of one county; all of the tenant's without it. */
  county?: string;
  mode: 'all' | 'outdated';
  /** Schedule or command that asked; the journal's dag_id. */
  dagId: string;
  /** Set when the history was begun anew: where the run stands. */
  state?: RescoreState;
}

/** Where a run stands. */
export interface RescoreState {
  plans: CountyPlan[];
  /** Index into `plans`, and the last property that is done there. */
  at: number;
  after: string | null;
  total: number;
  done: number;
  /** Those that got a new score: the others came out of the very same inputs. */
  changed: number;
}

/** The answer to the `progress` query, and the result in the end. */
export interface RescoreProgress {
  total: number;
  done: number;
  changed: number;
  /** FIPS code of the county at work; null before the first and after the last. */
  countyFips: string | null;
}

export const progress = defineQuery<RescoreProgress>('progress');

/** Scores a tenant's properties again, slice by slice, and keeps the journal. Repeated slices change nothing twice. */
export async function rescoreAll(input: RescoreInput): Promise<RescoreProgress> {
  const run = { tenantId: input.tenantId, dagId: input.dagId, dagRunId: workflowInfo().firstExecutionRunId };
  let state = input.state;
  const view = (): RescoreProgress => ({
    total: state?.total ?? 0,
    done: state?.done ?? 0,
    changed: state?.changed ?? 0,
    countyFips: state?.plans[state.at]?.countyFips ?? null,
  });
  setHandler(progress, view);
  try {
    if (state === undefined) {
      await local.openRun(run);
      const plans = await batch.planRescore({ ...run, mode: input.mode, county: input.county });
      const total = plans.reduce((sum, plan) => sum + plan.total, 0);
      state = { plans, at: 0, after: null, total, done: 0, changed: 0 };
    }
    for (let slices = 0; state.at < state.plans.length; slices += 1) {
      if (slices === SLICES_PER_HISTORY) await continueAsNew<typeof rescoreAll>({ ...input, state });
      const { countyFips }: CountyPlan = state.plans[state.at]!;
      const { after, total, done }: RescoreState = state;
      const slice: Slice = await batch.rescoreSlice({
        ...run,
        mode: input.mode,
        countyFips,
        after,
        limit: SLICE,
        total,
        done,
      });
      state = {
        ...state,
        at: slice.isLast ? state.at + 1 : state.at,
        after: slice.isLast ? null : slice.after,
        done: done + slice.scored,
        total: Math.max(total, done + slice.scored),
        changed: state.changed + slice.changed,
      };
    }
  } catch (error) {
    if (!isCancellation(error) && !(error instanceof ContinueAsNew)) {
      await local.closeRun({ ...run, tasks: (state?.done ?? 0) + 1, failures: [failureReason(error)] });
    }
    throw error;
  }
  await local.closeRun({ ...run, tasks: state.done, failures: [] });
  return view();
}

/** score_master: what is outdated, tenant by tenant. One that fails, or that a person has started already, stops no other. */
export async function rescoreSweep(input: { dagId: string }): Promise<{ changed: number }> {
  let changed = 0;
  for (const tenantId of await local.listTenants()) {
    try {
      const result = await executeChild(rescoreAll, {
        workflowId: workflowIds.rescore(tenantId),
        args: [{ tenantId, mode: 'outdated', dagId: input.dagId }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        priority: { fairnessKey: tenantId },
        staticSummary: 'Scores again what is outdated',
      });
      changed += result.changed;
    } catch (error) {
      if (isCancellation(error)) throw error;
      // A failed run's journal says why; one that a person has started does the same work.
      log.warn('A tenant was not scored again.', { tenantId, reason: failureReason(error) });
    }
  }
  return { changed };
}
