import type { ActivityDeps } from './deps.ts';
import { createDiscoverActivities } from './discover/discover.ts';
import { createEnrichActivities } from './enrich/enrich.ts';
import { createCommentaryActivities } from './market/commentary.ts';
import { createMarketDropActivities } from './market/load-drop.ts';
import { createMorningActivities } from './market/morning.ts';
import { createMarketRefreshActivities } from './market/refresh.ts';
import { createPullActivities } from './market/sources/pull.ts';
import { createMemoActivities } from './memo/memo.ts';
import { createCampaignActivities } from './outreach/campaign.ts';
import { createOutreachActivities } from './outreach/outreach.ts';
import { createEmbeddingActivities } from './platform/embeddings.ts';
import { createLifecycleActivities } from './platform/lifecycle.ts';
import { createReportActivities } from './platform/reports.ts';
import { createRetentionActivities } from './platform/retention.ts';
import { createRunActivities } from './platform/runs.ts';
import { createSweepActivities } from './platform/sweeps.ts';
import { createTrainingActivities } from './platform/train-model.ts';
import { createRescoreActivities } from './score/rescore.ts';
import { createScoreActivities } from './score/score.ts';

/** Every activity of the system, over one set of parts. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createDiscoverActivities(deps),
    ...createEnrichActivities(deps),
    ...createScoreActivities(deps),
    ...createRescoreActivities(deps),
    ...createMemoActivities(deps),
    ...createOutreachActivities(deps.outreach),
    ...createCampaignActivities(deps),
    ...createLifecycleActivities(deps),
    ...createReportActivities(deps),
    ...createRetentionActivities(deps),
    ...createRunActivities(deps),
    ...createSweepActivities(deps),
    ...createTrainingActivities(deps),
    ...createEmbeddingActivities(deps),
    ...createMarketDropActivities(deps),
    ...createPullActivities(deps),
    ...createMarketRefreshActivities(deps),
    ...createMorningActivities(deps),
    ...createCommentaryActivities(deps),
  };
}

/** What workflows may call, as types only. */
export type Activities = ReturnType<typeof createActivities>;
