import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { LifecycleView } from './messages.ts';
import { searchAttributes } from './search-attributes.ts';

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
