import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type LifecycleState, nextWork, type Stage } from '../domain/lifecycle.ts';
import { enrichWithin, local, render, sendWithin } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';
import { show } from './lifecycle-view.ts';
import * as messages from './messages.ts';

const MAX_HISTORY_EVENTS = 2_000;
const NO_SCORE = 'There is no score to write a memo about yet.';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * One property from discovery to an answer: enrich, score, memo, outreach, then wait for what comes back. Each step
 * reads and leaves its state in Postgres, so a new run of the same id goes on where the last one stopped.
 */
export async function propertyLifecycle(input: messages.LifecycleInput): Promise<messages.LifecycleResult> {
  const ids = { tenantId: input.tenantId, propertyId: input.propertyId };
  const requested: Stage[] = [];
  const tried = new Set<Stage>();
  const inbox: { pause?: boolean; suppress?: string; outcome?: messages.Outcome; approvals: string[]; news: boolean } =
    {
      approvals: [],
      news: false,
    };
  let life: LifecycleState | undefined;
  let working: Stage | null = null;
  let failure: string | null = null;
  let lastEvent = input.lastEvent ?? null;
  let askedCount = 0;
  let servedCount = 0;

  const view = (): messages.LifecycleView => ({
    stage: life?.status ?? 'new',
    working,
    birdDogScore: life?.birdDogScore ?? null,
    isPaused: inbox.pause ?? life?.isPaused ?? false,
    lastEvent,
    reason: failure ?? life?.reason ?? null,
  });
  const publish = (state: LifecycleState): void => {
    life = state;
    show(view(), { ...state, tenantId: ids.tenantId });
  };
  const served = async (): Promise<messages.LifecycleView> => {
    askedCount += 1;
    const ticket = askedCount;
    await condition(() => servedCount >= ticket || failure !== null);
    if (failure !== null) throw ApplicationFailure.nonRetryable(failure, 'LifecycleFailed');
    return view();
  };
  const hear = (event: messages.OutreachEvent): void => {
    lastEvent = `${event.type} at ${event.at}`;
    inbox.news = true;
  };

  setHandler(messages.state, view);
  setHandler(messages.emailEvent, hear);
  setHandler(messages.smsEvent, hear);
  setHandler(messages.mailEvent, hear);
  setHandler(messages.pause, () => {
    inbox.pause = true;
  });
  setHandler(messages.resume, () => {
    inbox.pause = false;
  });
  setHandler(messages.suppress, ({ reason }) => {
    inbox.suppress = reason;
  });
  setHandler(messages.recordOutcome, (outcome) => {
    inbox.outcome = outcome;
  });
  setHandler(messages.sendsDue, () => {
    tried.delete('outreach');
    inbox.news = true;
  });
  setHandler(messages.reEnrich, () => {
    requested.push('enrich', 'score');
    return served();
  });
  setHandler(messages.reScore, () => {
    requested.push('score');
    return served();
  });
  setHandler(
    messages.reMemo,
    async () => {
      // A run that this update itself started has not read its state when the validator is asked.
      await condition(() => life !== undefined);
      if (life?.birdDogScore === null) throw ApplicationFailure.nonRetryable(NO_SCORE, 'NoScore');
      requested.push('memo');
      return served();
    },
    {
      validator: () => {
        if (life?.birdDogScore === null) throw new Error(NO_SCORE);
      },
    },
  );
  setHandler(
    messages.approveOutreach,
    ({ campaignId }) => {
      inbox.approvals.push(campaignId);
      tried.delete('outreach');
      return served();
    },
    {
      validator: ({ campaignId }) => {
        if (!UUID.test(campaignId)) throw new Error(`'${campaignId}' is not a campaign id.`);
      },
    },
  );

  const obey = async (): Promise<void> => {
    if (inbox.pause !== undefined) publish(await local.setPaused({ ...ids, isPaused: take(inbox, 'pause') === true }));
    if (inbox.suppress !== undefined)
      publish(await local.suppressProperty({ ...ids, reason: take(inbox, 'suppress') ?? '' }));
    if (inbox.outcome !== undefined) publish(await local.closeProperty({ ...ids, outcome: take(inbox, 'outcome')! }));
    for (const campaignId of inbox.approvals.splice(0)) await local.approveOutreach({ ...ids, campaignId });
  };
  const isIdle = (): boolean => requested.length === 0 && !hasOrders(inbox);

  publish(await local.beginLifecycle(ids));

  for (;;) {
    await obey();
    await condition(() => !life?.isPaused || isOver(life) || hasOrders(inbox));
    if (hasOrders(inbox)) continue;

    const stage = requested.shift() ?? nextWork(life!, tried);
    if (stage !== null) {
      working = stage;
      try {
        publish(await runStage(stage, ids, life!));
      } catch (error) {
        if (isCancellation(error)) throw error;
        failure = failureReason(error);
        working = null;
        publish(await local.failLifecycle({ ...ids, stage, reason: failure }));
        while (hasOrders(inbox)) await obey();
        // A person who meanwhile ended the lifecycle has the last word.
        if (!isOver(life)) break;
        failure = null;
        continue;
      }
      working = null;
      tried.add(stage);
      if (stage === 'score') tried.delete('memo');
      continue;
    }

    // What is asked from here on, while the settling is written, is not served by it.
    const askedBefore = askedCount;
    inbox.news = false;
    publish(await local.settleLifecycle(ids));
    servedCount = askedBefore;
    if ((isOver(life) || life!.inFlight === 0) && isIdle()) break;
    const info = workflowInfo();
    if (isIdle() && (info.continueAsNewSuggested || info.historyLength > MAX_HISTORY_EVENTS)) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof propertyLifecycle>({ ...ids, lastEvent: lastEvent ?? undefined });
    }
    const heldMs = life!.sendsDueInMs ?? null;
    const waitMs = Math.min(life!.waitMs, heldMs === null ? Number.POSITIVE_INFINITY : heldMs + 1_000);
    const heard = await condition(() => inbox.news || !isIdle(), waitMs);
    if (!heard && heldMs === null && isIdle()) break;
    if (!heard) tried.delete('outreach');
    publish(await local.loadLifecycle(ids));
  }

  await condition(allHandlersFinished);
  if (failure !== null) throw ApplicationFailure.nonRetryable(failure, 'LifecycleFailed');
  return { status: life!.status, birdDogScore: life!.birdDogScore, reason: life!.reason };
}

interface Ids {
  tenantId: string;
  propertyId: string;
}

async function runStage(stage: Stage, ids: Ids, life: LifecycleState): Promise<LifecycleState> {
  switch (stage) {
    case 'enrich':
      return enrich(ids, life);
    case 'score':
      return local.scoreProperty(ids);
    case 'memo':
      return render.generateMemo(ids);
    case 'outreach':
      return outreach(ids, life);
  }
}

/** Providers are tried within the window; what is still missing then lowers the confidence, unless nothing is known. */
async function enrich(ids: Ids, life: LifecycleState): Promise<LifecycleState> {
  try {
    return await enrichWithin(life.retryWindowMs).enrichProperty(ids);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return local.finishEnrichment({ ...ids, reason: failureReason(error) });
  }
}

async function outreach(ids: Ids, life: LifecycleState): Promise<LifecycleState> {
  const plan = await local.planOutreach(ids);
  const { sendOne } = sendWithin(life.retryWindowMs);
  for (const sendId of plan.sendIds) await sendOne({ tenantId: ids.tenantId, sendId });
  return local.loadLifecycle(ids);
}

/** True when a person has ended the lifecycle: nothing, not even a pause, holds it open. */
function isOver(life: LifecycleState | undefined): boolean {
  return life?.status === 'suppressed' || life?.status === 'closed';
}

function hasOrders(inbox: {
  pause?: boolean;
  suppress?: string;
  outcome?: messages.Outcome;
  approvals: string[];
}): boolean {
  return (
    inbox.pause !== undefined ||
    inbox.suppress !== undefined ||
    inbox.outcome !== undefined ||
    inbox.approvals.length > 0
  );
}

function take<T extends object, K extends keyof T>(from: T, key: K): T[K] {
  const value = from[key];
  delete from[key];
  return value;
}
