import { formatAgo, formatCount, formatMicros, formatPercent } from '../../lib/format.ts';
import { BarChart, LineChart } from '../../ui/charts/index.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { type Funnel, funnelOf } from './figures.ts';
import { type Campaign, type CampaignMetrics, useMetrics } from './outreach-data.ts';
import { Holds, rate, Steps, Tests } from './result-tables.tsx';
import styles from './results.module.css';

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

function shareNote(value: number | null | undefined, of: string): string | undefined {
  return value === null || value === undefined ? undefined : `${formatPercent(value)} of ${of}`;
}
