import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CampaignRun, CampaignState } from '../activities/outreach/campaign.ts';
import { batch, local } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';
import * as messages from './messages.ts';
import { searchAttributes } from './search-attributes.ts';

/** Looks at the counts after a run: soon, when most has left, and when what failed has been tried again. */
const LOOKS_MS = [10_000, 60_000, 600_000];
const MAX_HISTORY_EVENTS = 1_000;
const ORDERS = { pause: 'paused', resume: 'active', stop: 'ended' } as const;

/**
 * One campaign from its first run to its end: a run when the daily schedule or a person asks, and a person's orders at
 * any time. What each recipient gets is the work of the property's own workflow; here it is only asked for.
 */
export async function campaign(input: messages.CampaignInput): Promise<messages.CampaignView> {
  const ids = { tenantId: input.tenantId, campaignId: input.campaignId };
  const orders: { order: keyof typeof ORDERS; reason: string | null }[] = [];
  let state: CampaignState | undefined;
  let lastRun = input.lastRun ?? null;
  let failure: string | null = null;
  let isRunning = false;
  let askedCount = 0;
  let servedCount = 0;
  let looks: number[] = [];

  const view = (): messages.CampaignView => ({
    status: state?.status ?? 'active',
    isRunning,
    lastRun,
    problem: failure,
    planned: state?.planned ?? 0,
    sent: state?.sent ?? 0,
    held: state?.held ?? 0,
    errors: state?.errors ?? 0,
    unknown: state?.unknown ?? 0,
  });
  const look = async (): Promise<void> => {
    state = await local.loadCampaign(ids);
    setCurrentDetails(details(view()));
  };

  setHandler(messages.campaignState, view);
  for (const order of ['pause', 'resume', 'stop'] as const) {
    setHandler(messages.campaignOrders[order], (given) => {
      orders.push({ order, reason: given?.reason ?? null });
    });
  }
  setHandler(messages.runNow, () => {
    askedCount += 1;
  });
  setHandler(messages.runCampaign, async () => {
    askedCount += 1;
    const ticket = askedCount;
    await condition(() => servedCount >= ticket);
    if (failure !== null) throw ApplicationFailure.nonRetryable(failure, 'CampaignFailed');
    return view();
  });

  const run = async (): Promise<void> => {
    const asked = askedCount;
    isRunning = true;
    failure = null;
    try {
      const result: CampaignRun = await batch.runCampaign(ids);
      lastRun = { at: new Date().toISOString(), ...result };
    } catch (error) {
      if (isCancellation(error)) throw error;
      // A run that fails is told; the next day's is tried all the same.
      failure = failureReason(error);
    }
    isRunning = false;
    await look();
    servedCount = asked;
    looks = lastRun?.reason === null ? [...LOOKS_MS] : [];
  };

  upsertSearchAttributes([
    { key: searchAttributes.tenantId, value: ids.tenantId },
    { key: searchAttributes.campaignId, value: ids.campaignId },
  ]);
  await look();

  for (;;) {
    const next = orders.shift();
    if (next !== undefined) {
      await local.setCampaignStatus({ ...ids, status: ORDERS[next.order], reason: next.reason });
      // What waited while it was paused is asked for at once.
      if (next.order === 'resume') askedCount += 1;
      await look();
      continue;
    }
    if (askedCount > servedCount) {
      await run();
      continue;
    }
    if (state?.status === 'ended') break;
    const info = workflowInfo();
    if (info.continueAsNewSuggested || info.historyLength > MAX_HISTORY_EVENTS) {
      await condition(allHandlersFinished);
      if (orders.length > 0 || askedCount > servedCount) continue;
      await continueAsNew<typeof campaign>({ ...ids, lastRun: lastRun ?? undefined });
    }
    const isAsked = () => orders.length > 0 || askedCount > servedCount;
    const wait = looks.shift();
    if (wait === undefined) await condition(isAsked);
    else if (!(await condition(isAsked, wait))) await look();
  }

  await condition(allHandlersFinished);
  return view();
}

/** What the Web UI shows under the run. */
function details(view: messages.CampaignView): string {
  const { lastRun } = view;
  const lines = [
    `**Status** ${view.status}`,
    `**Messages** ${view.planned} planned, ${view.sent} sent, ${view.held} held, ${view.errors} not sent, ${view.unknown} unknown`,
  ];
  if (lastRun !== null) {
    const what = lastRun.reason ?? `${lastRun.planned} planned, ${lastRun.asked} properties asked`;
    lines.push(`**Last run** ${lastRun.at}: ${what}`);
  }
  if (view.problem !== null) lines.push(`**Problem** ${view.problem}`);
  return lines.join('\n\n');
}
