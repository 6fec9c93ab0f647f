import { useParams } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tab-panel.tsx';
import { CampaignActions } from './campaign-actions.tsx';
import { DefinitionTab } from './definition-tab.tsx';
import { MessagesTable } from './messages-table.tsx';
import type { Campaign } from './outreach-data.ts';
import { PreviewTab } from './preview-tab.tsx';
import { ResultsTab } from './results-tab.tsx';
import { PausedChannels } from './sending-status.tsx';
import { textOf, useAddress } from './use-address.ts';
import { stateOf } from './words.ts';

const TABS = [
  { id: 'results', text: 'Results' },
  { id: 'preview', text: 'Preview' },
  { id: 'messages', text: 'Messages' },
  { id: 'definition', text: 'Definition' },
];

/** One campaign: what came of it, what a run would do, its messages, and what it says. */
export function CampaignScreen() {
  const { campaignId } = useParams({ strict: false }) as { campaignId: string };
  const query = api.useQuery('get', '/api/v1/campaigns/{id}', { params: { path: { id: campaignId } } });
  return (
    <QueryView query={query} label="Loading the campaign">
      {(campaign) => <CampaignPage campaign={campaign} />}
    </QueryView>
  );
}

function CampaignPage({ campaign }: { campaign: Campaign }) {
  const [search, change] = useAddress();
  const state = stateOf(campaign);
  const asked = textOf(search['tab']);
  const tab = TABS.some(({ id }) => id === asked)
    ? (asked as string)
    : campaign.status === 'draft'
      ? 'preview'
      : 'results';
  return (
    <Page
      title={campaign.name}
      about={
        <>
          <Badge tone={state.tone}>{state.text}</Badge> {aboutOf(campaign, state.means)}
        </>
      }
      actions={<CampaignActions campaign={campaign} />}
    >
      {campaign.status !== 'ended' && (
        <PausedChannels among={campaign.definition.steps.map(({ channel }) => channel)} />
      )}
      <Tabs
        label="Parts of the campaign"
        tabs={TABS}
        chosen={tab}
        onChoose={(id) => change({ tab: id, status: undefined, message: undefined })}
      >
        {tab === 'results' && <ResultsTab campaign={campaign} />}
        {tab === 'preview' && <PreviewTab campaign={campaign} />}
        {tab === 'messages' && <MessagesTable campaignId={campaign.id} />}
        {tab === 'definition' && <DefinitionTab campaign={campaign} />}
      </Tabs>
    </Page>
  );
}

function aboutOf(campaign: Campaign, means: string): string {
  const approved =
    campaign.approved_at === null
      ? ''
      : ` Approved by ${campaign.approved_by ?? 'somebody'}, ${formatMoment(campaign.approved_at)}.`;
  const reason = campaign.reason ? ` Why: ${campaign.reason}.` : '';
  const ended = campaign.ended_at ? ` Since ${formatMoment(campaign.ended_at)}.` : '';
  return `${means}${ended}${reason}${approved}`;
}
