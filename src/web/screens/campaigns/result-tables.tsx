import { formatAgo, formatCount, formatMicros, formatMoment, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import type { CampaignMetrics } from './outreach-data.ts';
import { channelName } from './words.ts';

/** What waits, and for what. */
export function Holds({ figures: { holds } }: { figures: CampaignMetrics }) {
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

/** The figures by step and variant. */
export function Steps({ figures: { by_step: steps } }: { figures: CampaignMetrics }) {
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

/** Variants of a step held against each other. */
export function Tests({ tests }: { tests: CampaignMetrics['tests'] }) {
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

/** A share, or that there is nothing yet to take one of. */
export function rate(value: number | null | undefined) {
  return value === null || value === undefined ? (
    <span className="muted" title="There is nothing yet to take a share of">
      –
    </span>
  ) : (
    formatPercent(value)
  );
}
