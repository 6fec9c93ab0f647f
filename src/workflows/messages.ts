import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PropertyStatus, Stage } from '../domain/lifecycle.ts';

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

export const reEnrich = defineUpdate<LifecycleView>('reEnrich');
export const reScore = defineUpdate<LifecycleView>('reScore');
export const reMemo = defineUpdate<LifecycleView>('reMemo');
export const approveOutreach = defineUpdate<LifecycleView, [{ campaignId: string }]>('approveOutreach');

export const state = defineQuery<LifecycleView>('state');
