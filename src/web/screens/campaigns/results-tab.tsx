import { formatAgo, formatCount, formatMicros, formatMoment, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { BarChart, LineChart } from '../../ui/charts/index.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import styles from './campaigns.module.css';
import { type Funnel, funnelOf } from './figures.ts';
import { type Campaign, type CampaignMetrics, useMetrics } from './outreach-data.ts';
import { channelName } from './words.ts';

/** What came of a campaign, as it is now: it is renewed with each event. */
export function ResultsTab({ campaign }: { campaign: Campaign }) {
  const query = useMetrics(campaign.id);
  return (
    <QueryView
      query={query}
      label="Loading the results"
      isEmpty={({ messages }) => messages.total === 0}
      empty={
        <EmptyState title="Nothing was planned yet">
          Results appear with the first run. The preview shows who would get what, and what it would cost.
        </EmptyState>
      }
    >
      {(figures) => <Results figures={figures} />}
    </QueryView>
  );
}

function Results({ figures }: { figures: CampaignMetrics }) {
  const { metrics } = figures;
  const funnel = funnelOf(metrics);
  return (
    <>
      <Headline figures={figures} funnel={funnel} />
      <div className="grid">
        <Card>
          <BarChart
            label="From sent to answered"
            unit="messages"
            max={Math.max(1, funnel.sent)}
            bars={[
              { name: 'Sent', value: funnel.sent },
              { name: 'Delivered', value: funnel.delivered, note: shareNote(metrics['delivered_rate'], 'sent') },
              { name: 'Opened', value: funnel.opened, note: shareNote(metrics['open_rate'], 'delivered') },
              { name: 'Clicked', value: funnel.clicked, note: shareNote(metrics['click_rate'], 'delivered') },
              { name: 'Answered', value: funnel.answered, note: shareNote(metrics['answer_rate'], 'delivered') },
            ]}
            empty="Nothing has left yet."
          />
        </Card>
        <Card>
          <BarChart
            label="What went wrong"
            unit="%"
            bars={[
              { name: 'Hard bounces', value: metrics['hard_bounce_rate'] ?? null },
              { name: 'Soft bounces', value: metrics['soft_bounce_rate'] ?? null },
              { name: 'Unsubscribed', value: metrics['unsubscribe_rate'] ?? null },
              { name: 'Spam reports', value: metrics['complaint_rate'] ?? null },
            ]}
            note="Bounces of sent, the others of delivered. 2% hard bounces pause the channel by themselves."
          />
        </Card>
      </div>
      {figures.by_day.length > 1 && (
        <Card>
          <LineChart
            label="Messages by the day they left"
            unit="messages"
            fromZero
            series={(['sent', 'delivered', 'opened', 'clicked', 'answered'] as const).map((name) => ({
              name: name.charAt(0).toUpperCase() + name.slice(1),
              points: figures.by_day.map((one) => ({ x: one.day, y: one[name] })),
            }))}
            note="Days in UTC. An open counts for the day the message left."
          />
        </Card>
      )}
      <Holds figures={figures} />
      <Steps figures={figures} />
      <Tests tests={figures.tests} />
      <Card>
        <details>
          <summary>What the figures mean</summary>
          <dl className={styles.meanings}>
            {figures.definitions.map(({ name, meaning }) => (
              <div key={name}>
                <dt>{name.replaceAll('_', ' ')}</dt>
                <dd className="muted">{meaning}</dd>
              </div>
            ))}
          </dl>
        </details>
      </Card>
    </>
  );
}

function Headline({
  figures: { metrics, messages, next_send_at: next },
  funnel,
}: {
  figures: CampaignMetrics;
  funnel: Funnel;
}) {
  const cost = metrics['cost'] ?? 0;
  const replyRate = metrics['reply_rate'];
  return (
    <div className={styles.quarter}>
      <Stats>
        <Stat label="Sent" value={formatCount(funnel.sent)} note={`of ${formatCount(messages.total)} planned`} />
        <Stat
          label="Delivered"
          value={rate(metrics['delivered_rate'])}
          note={`${formatCount(funnel.delivered)} of ${formatCount(funnel.sent)} sent`}
        />
        <Stat
          label="Opened by people"
          value={rate(metrics['open_rate'])}
          note={`${formatCount(funnel.opened)} of ${formatCount(funnel.delivered)} delivered`}
        />
        <Stat
          label="Clicked"
          value={rate(metrics['click_rate'])}
          note={`${formatCount(funnel.clicked)} of ${formatCount(funnel.delivered)} delivered`}
        />
        <Stat
          label="Answered"
          value={rate(metrics['answer_rate'])}
          note={
            replyRate
              ? `${formatPercent(replyRate)} by a written reply`
              : 'by a press on the button; no written reply yet'
          }
        />
        <Stat
          label="Held"
          value={formatCount(messages.held)}
          note={
            next
              ? `next may leave ${formatAgo(next)}`
              : messages.waiting > 0
                ? `${formatCount(messages.waiting)} are leaving now`
                : 'none has a time to leave'
          }
        />
        <Stat
          label="Not sent or unknown"
          value={formatCount(messages.errors + messages.unknown)}
          note={
            messages.unknown > 0 ? `${formatCount(messages.unknown)} to settle` : 'refused by a rule or the provider'
          }
        />
        <Stat
          label="Cost"
          value={formatMicros(cost * 1e6)}
          note={
            metrics['cost_per_reply'] == null
              ? 'paid to providers so far'
              : `${formatMicros(metrics['cost_per_reply'] * 1e6)} for each reply`
          }
        />
      </Stats>
    </div>
  );
}

function Holds({ figures: { holds } }: { figures: CampaignMetrics }) {
  if (holds.length === 0) return null;
  return (
    <Card title="What waits, and for what" isFlush>
      <SimpleTable
        label="Held messages by reason"
        rows={holds}
        getRowId={({ channel, reason }) => `${channel} ${reason}`}
        columns={[
          { id: 'reason', header: 'Reason', width: 260, cell: (row) => row.reason },
          { id: 'channel', header: 'Channel', cell: (row) => channelName(row.channel) },
          { id: 'messages', header: 'Messages', align: 'end', cell: (row) => formatCount(row.messages) },
          {
            id: 'until',
            header: 'The first may leave',
            cell: (row) =>
              row.until === null ? (
                <span className="muted">when a person decides</span>
              ) : (
                <span title={formatMoment(row.until)}>{formatAgo(row.until)}</span>
              ),
          },
        ]}
      />
    </Card>
  );
}

function Steps({ figures: { by_step: steps } }: { figures: CampaignMetrics }) {
  const count = (name: string) => (row: CampaignMetrics['by_step'][number]) => formatCount(row.metrics[name]);
  const share = (name: string) => (row: CampaignMetrics['by_step'][number]) => rate(row.metrics[name]);
  return (
    <Card title="By step" isFlush>
      <SimpleTable
        label="Results by step and variant"
        rows={steps}
        getRowId={({ step, variant }) => `${step} ${variant ?? ''}`}
        columns={[
          {
            id: 'step',
            header: 'Step',
            width: 150,
            cell: (row) => `${row.step}. ${channelName(row.channel)}${row.variant ? `, ${row.variant}` : ''}`,
          },
          { id: 'planned', header: 'Planned', align: 'end', cell: count('planned') },
          { id: 'sent', header: 'Sent', align: 'end', cell: count('sent') },
          { id: 'held', header: 'Held', align: 'end', cell: count('held') },
          { id: 'errors', header: 'Not sent', align: 'end', cell: count('errors') },
          { id: 'delivered', header: 'Delivered', align: 'end', cell: share('delivered_rate') },
          { id: 'opened', header: 'Opened', align: 'end', cell: share('open_rate') },
          { id: 'machines', header: 'Opened by machines', align: 'end', cell: share('machine_open_rate') },
          { id: 'clicked', header: 'Clicked', align: 'end', cell: share('click_rate') },
          { id: 'answered', header: 'Answered', align: 'end', cell: share('answer_rate') },
          { id: 'bounced', header: 'Hard bounces', align: 'end', cell: share('hard_bounce_rate') },
          { id: 'cost', header: 'Cost', align: 'end', cell: (row) => formatMicros((row.metrics['cost'] ?? 0) * 1e6) },
        ]}
      />
    </Card>
  );
}

function Tests({ tests }: { tests: CampaignMetrics['tests'] }) {
  if (tests.length === 0) return null;
  return (
    <Card title="Variants against each other" isFlush>
      <SimpleTable
        label="Tests of variants"
        rows={tests}
        getRowId={(row) => `${row.step} ${row.goal} ${row.variant} ${row.against}`}
        columns={[
          { id: 'step', header: 'Step', cell: (row) => row.step },
          {
            id: 'goal',
            header: 'Counted',
            cell: (row) => (row.goal === 'answers' ? 'People who answered' : 'People who clicked'),
          },
          { id: 'pair', header: 'Variants', cell: (row) => `${row.variant} against ${row.against}` },
          { id: 'conclusion', header: 'Conclusion', width: 260, cell: (row) => row.conclusion },
          {
            id: 'p',
            header: 'p-value',
            align: 'end',
            cell: (row) => (
              <Badge tone={row.p_value < 0.05 ? 'good' : 'neutral'} title="How often chance alone would differ as much">
                {row.p_value.toFixed(3)}
              </Badge>
            ),
          },
        ]}
      />
    </Card>
  );
}

function rate(value: number | null | undefined) {
  return value === null || value === undefined ? (
    <span className="muted" title="There is nothing yet to take a share of">
      none yet
    </span>
  ) : (
    formatPercent(value)
  );
}

function shareNote(value: number | null | undefined, of: string): string | undefined {
  return value === null || value === undefined ? undefined : `${formatPercent(value)} of ${of}`;
}
