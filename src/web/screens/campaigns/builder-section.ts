import type { CampaignDraft, Problems } from './campaign-draft.ts';

/** What each section of the builder gets. */
export interface SectionProps {
  draft: CampaignDraft;
  /** What is wrong, by the API's names; empty until the draft was tried to be stored. */
  problems: Problems;
  set: (change: Partial<CampaignDraft>) => void;
}
