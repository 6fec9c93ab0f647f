import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CampaignRun } from '../activities/outreach/campaign.ts';
import type { PropertyStatus, Stage } from '../domain/lifecycle.ts';
import type { CampaignStatus } from '../domain/outreach/campaign.ts';

/** What a property's workflow starts with: ids only. */
export interface LifecycleInput {
  tenantId: string;
  propertyId: string;
  /** Set when the history was cut by continue-as-new: the last event to show. */
  lastEvent?: string;
}

/** How a run ended. */
export interface LifecycleResult {
  status: PropertyStatus;
  birdDogScore: number | null;
  /** Why it stopped where it did, when it is not at the end: held, below a threshold, no match. */
  reason: string | null;
}

/** One provider event on a send, already recorded in Postgres: the workflow only reacts. */
export interface OutreachEvent {
  sendId: string;
  type: string;
  at: string;
}

/** How a deal ended, as a person recorded it. */
export interface Outcome {
  outcome: string;
  note?: string;
}

/** The answer to the `state` query. */
export interface LifecycleView {
  stage: PropertyStatus;
  working: Stage | null;
  birdDogScore: number | null;
  isPaused: boolean;
  lastEvent: string | null;
  reason: string | null;
}

export const emailEvent = defineSignal<[OutreachEvent]>('emailEvent');
export const smsEvent = defineSignal<[OutreachEvent]>('smsEvent');
export const mailEvent = defineSignal<[OutreachEvent]>('mailEvent');
export const pause = defineSignal('pause');
export const resume = defineSignal('resume');
export const suppress = defineSignal<[{ reason: string }]>('suppress');
export const recordOutcome = defineSignal<[Outcome]>('recordOutcome');
/** Sends of the property are due that were not before: a campaign has planned some, or a person has released them. */
export const sendsDue = defineSignal('sendsDue');

export const reEnrich = defineUpdate<LifecycleView>('reEnrich');
export const reScore = defineUpdate<LifecycleView>('reScore');
export const reMemo = defineUpdate<LifecycleView>('reMemo');
export const approveOutreach = defineUpdate<LifecycleView, [{ campaignId: string }]>('approveOutreach');

export const state = defineQuery<LifecycleView>('state');

/** What a campaign's workflow starts with: ids, and the last run when the history was begun anew. */
export interface CampaignInput {
  tenantId: string;
  campaignId: string;
  lastRun?: CampaignRunView;
}

/** One run of a campaign, and when it ended. */
export interface CampaignRunView extends CampaignRun {
  at: string;
}

/** The answer to a campaign's `state` query. Counts are as of the last look: some minutes at most after a run. */
export interface CampaignView {
  status: CampaignStatus;
  isRunning: boolean;
  lastRun: CampaignRunView | null;
  /** Why the last run failed; null when it did not. */
  problem: string | null;
  planned: number;
  sent: number;
  held: number;
  errors: number;
  unknown: number;
}

/** A person's orders to a campaign. */
export const campaignOrders = {
  pause: defineSignal<[{ reason: string | null }?]>('pause'),
  resume: defineSignal<[{ reason: string | null }?]>('resume'),
  /** The kill switch: nothing planned leaves, for good. */
  stop: defineSignal<[{ reason: string | null }?]>('stop'),
} as const;
/** Choose and ask properties now: the daily schedule sends it. */
export const runNow = defineSignal('runNow');
/** The same, answered when the run is done. */
export const runCampaign = defineUpdate<CampaignView>('run');
export const campaignState = defineQuery<CampaignView>('state');
