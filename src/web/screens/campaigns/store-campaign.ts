import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { bodyOf, type CampaignDraft, type Problems } from './campaign-draft.ts';
import { refusalsOf } from './campaign-problems.ts';
import { dropDraft } from './draft-store.ts';
import { type Campaign, refreshOutreach } from './outreach-data.ts';

/** Stores the draft: as a new campaign, or in the place of the one that is edited. */
export function useStored(
  storeKey: string,
  edited: Campaign | undefined,
  onProblems: (problems: Problems) => void,
  onError: () => void,
) {
  const navigate = useNavigate();
  const [error, setError] = useState<string | null>(null);
  const done = (campaign: Campaign, text: string) => {
    dropDraft(localStorage, storeKey);
    refreshOutreach();
    showToast(text);
    void navigate({
      to: '/campaigns/$campaignId',
      params: { campaignId: campaign.id },
      search: { tab: 'preview' } as never,
    });
  };
  const failed = (problem: unknown) => {
    const found = refusalsOf(problem);
    const { '': whole, ...fields } = found;
    onProblems(fields);
    setError(whole ?? (Object.keys(fields).length === 0 ? messageOf(problem) : null));
    setTimeout(onError, 0);
  };
  const create = api.useMutation('post', '/api/v1/campaigns', {
    onSuccess: (campaign) => done(campaign, 'The draft is stored. This is what a run would do.'),
    onError: failed,
  });
  const change = api.useMutation('patch', '/api/v1/campaigns/{id}', {
    onSuccess: (campaign) => done(campaign, 'The draft is changed.'),
    onError: failed,
  });
  const replace = api.useMutation('put', '/api/v1/campaigns/{id}', {
    onSuccess: ({ campaign, approval_lost: isLost }) =>
      done(campaign, isLost ? 'Changed. It waits for a new approval.' : 'Changed; the approval still holds.'),
    onError: failed,
  });
  const save = (draft: CampaignDraft) => {
    setError(null);
    const body = bodyOf(draft);
    if (edited === undefined) create.mutate({ body });
    else if (edited.status === 'draft') change.mutate({ params: { path: { id: edited.id } }, body: body as never });
    else replace.mutate({ params: { path: { id: edited.id } }, body });
  };
  return { save, error, isPending: create.isPending || change.isPending || replace.isPending };
}
