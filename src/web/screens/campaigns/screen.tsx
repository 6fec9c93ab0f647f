import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatCount, formatMicros, formatMoment, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { CampaignTabs } from './campaign-tabs.tsx';
import styles from './campaigns.module.css';
import { LinkButton } from './link-button.tsx';
import { type Campaign, type CampaignMetrics, useMetrics } from './outreach-data.ts';
import { ChannelsCard, PausedChannels } from './sending-status.tsx';
import { channelName, stateOf } from './words.ts';

/** Every campaign with its figures, and whether messages may leave at all. */
export function CampaignsScreen() {
  const query = api.useQuery('get', '/api/v1/campaigns', { params: { query: { limit: 200 } } });
  const may = useMay();
  const make = may('outreach:update') && (
    <LinkButton to="/campaigns/new" variant="primary" icon={<Plus size={16} />}>
      New campaign
    </LinkButton>
  );
  return (
    <Page title="Campaigns" about="Who is written to, what, and what came of it." actions={make}>
      <CampaignTabs />
      <PausedChannels />
      <Card title="All campaigns" isFlush>
        <QueryView
          query={query}
          label="Loading campaigns"
          isEmpty={({ items }) => items.length === 0}
          empty={
            <EmptyState title="There is no campaign yet" action={make}>
              A campaign sends memos of the best properties to investors whose buy box they match, or letters and
              messages to owners. Nothing leaves before a person has approved it.
            </EmptyState>
          }
        >
          {({ items }) => <SimpleTable label="Campaigns" columns={COLUMNS} rows={items} getRowId={({ id }) => id} />}
        </QueryView>
      </Card>
      <ChannelsCard />
    </Page>
  );
}

const COLUMNS = [
  {
    id: 'name',
    header: 'Campaign',
    cell: (row: Campaign) => (
      <div className={styles.name}>
        <Link to="/campaigns/$campaignId" params={{ campaignId: row.id }}>
          {row.name}
        </Link>
        <span className="small muted">
          To {row.definition.kind === 'investor' ? 'investors and partners' : 'owners'}, score{' '}
          {row.definition.audience.min_score}+
        </span>
      </div>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (row: Campaign) => {
      const state = stateOf(row);
      return (
        <Badge tone={state.tone} title={state.means}>
          {state.text}
        </Badge>
      );
    },
  },
  {
    id: 'steps',
    header: 'Steps',
    width: 120,
    cell: (row: Campaign) => (
      <span className={`small ${styles.unbroken}`}>
        {row.definition.steps.map(({ channel }) => channelName(channel)).join(' → ')}
      </span>
    ),
  },
  figure('sent', 'Sent', ({ metrics }) => formatCount(metrics['sent'])),
  figure('delivered', 'Delivered', share('delivered_rate')),
  figure('opened', 'Opened', share('open_rate')),
  figure('clicked', 'Clicked', share('click_rate')),
  figure('answered', 'Answered', share('answer_rate')),
  {
    id: 'held',
    header: 'Held, and why',
    width: 150,
    cell: (row: Campaign) => <Held campaignId={row.id} />,
  },
  {
    id: 'next',
    header: 'Next send',
    width: 110,
    cell: (row: Campaign) => <NextSend campaign={row} />,
  },
  figure('cost', 'Cost', ({ metrics }) => {
    const dollars = metrics['cost'] ?? 0;
    return dollars === 0 ? 'Free' : formatMicros(dollars * 1e6);
  }),
];

function figure(id: string, header: string, show: (metrics: CampaignMetrics) => string) {
  return {
    id,
    header,
    align: 'end' as const,
    cell: (row: Campaign) => <Figure campaignId={row.id} show={show} />,
  };
}

/** A share of messages; a dash before there are any. */
function share(name: string) {
  return ({ metrics }: CampaignMetrics) => {
    const rate = metrics[name];
    return rate === null || rate === undefined ? '–' : formatPercent(rate);
  };
}

function Figure({ campaignId, show }: { campaignId: string; show: (metrics: CampaignMetrics) => string }) {
  const { data, error } = useMetrics(campaignId);
  if (data !== undefined) return <span className="figures">{show(data)}</span>;
  return <span className="muted">{error ? 'Not known' : '…'}</span>;
}

function Held({ campaignId }: { campaignId: string }) {
  const { data } = useMetrics(campaignId);
  if (data === undefined) return <span className="muted">…</span>;
  const [first] = data.holds;
  if (first === undefined) return <span className="muted">Nothing waits</span>;
  return (
    <span className="small">
      <strong className="figures">{formatCount(data.messages.held)}</strong>: {first.reason}
      {data.holds.length > 1 &&
        ` And ${data.holds.length === 2 ? '1 more reason' : `${data.holds.length - 1} more reasons`}.`}
    </span>
  );
}

function NextSend({ campaign }: { campaign: Campaign }) {
  const { data } = useMetrics(campaign.id);
  if (data === undefined) return <span className="muted">…</span>;
  if (data.next_send_at === null) return <span className="muted small">None planned</span>;
  return <span title={formatMoment(data.next_send_at)}>{formatAgo(data.next_send_at)}</span>;
}
