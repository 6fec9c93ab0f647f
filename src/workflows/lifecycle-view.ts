import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { LifecycleView } from './messages.ts';

/** The search attributes of spec O3, typed as the server knows them. */
export const searchAttributes = {
  tenantId: defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD),
  county: defineSearchAttributeKey('County', SearchAttributeType.KEYWORD),
  stage: defineSearchAttributeKey('Stage', SearchAttributeType.KEYWORD),
  apn: defineSearchAttributeKey('Apn', SearchAttributeType.KEYWORD),
  campaignId: defineSearchAttributeKey('CampaignId', SearchAttributeType.KEYWORD),
  source: defineSearchAttributeKey('Source', SearchAttributeType.KEYWORD),
  birdDogScore: defineSearchAttributeKey('BirdDogScore', SearchAttributeType.DOUBLE),
  needsReview: defineSearchAttributeKey('NeedsReview', SearchAttributeType.BOOL),
} as const;

/** Facts beside the view that the Web UI shows. */
export interface ShownFacts {
  tenantId: string;
  county: string;
  apn: string | null;
  source: string | null;
  campaignId: string | null;
  needsReview: boolean;
  memoPath: string | null;
}

/** Puts the state where the Temporal Web UI and list filters see it. Ids and numbers only: these are never encrypted. */
export function show(view: LifecycleView, facts: ShownFacts): void {
  upsertSearchAttributes([
    { key: searchAttributes.tenantId, value: facts.tenantId },
    { key: searchAttributes.county, value: facts.county },
    { key: searchAttributes.stage, value: view.stage },
    { key: searchAttributes.apn, value: facts.apn },
    { key: searchAttributes.source, value: facts.source },
    { key: searchAttributes.campaignId, value: facts.campaignId },
    { key: searchAttributes.birdDogScore, value: view.birdDogScore },
    { key: searchAttributes.needsReview, value: facts.needsReview },
  ]);
  const lines = [
    `**Stage** ${view.stage}${view.working ? ` (working on ${view.working})` : ''}${view.isPaused ? ' · paused' : ''}`,
    `**Score** ${view.birdDogScore === null ? 'not scored yet' : view.birdDogScore.toFixed(1)}`,
  ];
  if (view.lastEvent) lines.push(`**Last event** ${view.lastEvent}`);
  if (view.reason) lines.push(`**Why** ${view.reason}`);
  if (facts.memoPath) lines.push(`**Memo** \`${facts.memoPath}\``);
  setCurrentDetails(lines.join('\n\n'));
}
