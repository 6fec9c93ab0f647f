import { formatAgo, formatCount, formatMoment, formatPercent, humanise } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { Badge } from '../../ui/badge.tsx';
import type { SimpleColumn } from '../../ui/simple-table.tsx';
import { formatCost } from './costs.ts';
import styles from './operations.module.css';
import { metricWords, type ProviderFigures } from './quality.ts';

/** What each provider answered, how sure and how fresh. */
export const PROVIDER_COLUMNS: ReadonlyArray<SimpleColumn<ProviderFigures>> = [
  { id: 'provider', header: 'Provider', width: 180, cell: (one) => <strong>{sourceName(one.provider)}</strong> },
  { id: 'answers', header: 'Answers', align: 'end', width: 90, cell: (one) => formatCount(one.answers) },
  {
    id: 'confidence',
    header: 'Mean confidence',
    align: 'end',
    width: 120,
    cell: (one) => formatPercent(one.average_confidence, 0),
  },
  {
    id: 'simulated',
    header: 'Simulated',
    align: 'end',
    width: 110,
    cell: (one) =>
      one.simulated === 0 ? 'None' : <Badge tone="warn">{formatPercent(one.simulated / one.answers, 0)}</Badge>,
  },
  {
    id: 'expired',
    header: 'Past their time',
    align: 'end',
    width: 120,
    cell: (one) => (one.expired === 0 ? 'None' : formatPercent(one.expired / one.answers, 0)),
  },
  {
    id: 'newest',
    header: 'Newest answer',
    width: 130,
    cell: (one) => <span title={formatMoment(one.newest_at)}>{formatAgo(one.newest_at)}</span>,
  },
  {
    id: 'oldest',
    header: 'Oldest answer',
    width: 130,
    cell: (one) => <span title={formatMoment(one.oldest_at)}>{formatAgo(one.oldest_at)}</span>,
  },
  { id: 'cost', header: 'Cost', align: 'end', width: 90, cell: (one) => formatCost(one.cost) },
];

/** One measurement held against what is expected. */
export interface Metric {
  metric_type: string;
  metric_name: string;
  entity_type: string;
  entity_id: string;
  value: number;
  threshold: number | null;
  is_passing: boolean;
  measured_at: string;
}

/** What was measured, and whether it is as expected. */
export const METRIC_COLUMNS: ReadonlyArray<SimpleColumn<Metric>> = [
  {
    id: 'metric',
    header: 'Expectation',
    width: 200,
    cell: (one) => (
      <>
        {humanise(one.metric_name)}
        <span className={styles.under}>{humanise(one.metric_type)}</span>
      </>
    ),
  },
  {
    id: 'of',
    header: 'Measured on',
    width: 260,
    cell: (one) => (
      <>
        {humanise(one.entity_type)}
        <span className={styles.hash}> {one.entity_id}</span>
      </>
    ),
  },
  { id: 'value', header: 'Value', align: 'end', width: 90, cell: (one) => metricWords(one.metric_name, one.value) },
  {
    id: 'threshold',
    header: 'At least',
    align: 'end',
    width: 90,
    cell: (one) => (one.threshold === null ? 'No bound' : metricWords(one.metric_name, one.threshold)),
  },
  {
    id: 'passing',
    header: 'Result',
    width: 100,
    cell: (one) => <Badge tone={one.is_passing ? 'good' : 'bad'}>{one.is_passing ? 'Met' : 'Missed'}</Badge>,
  },
  {
    id: 'when',
    header: 'Measured',
    width: 120,
    cell: (one) => <span title={formatMoment(one.measured_at)}>{formatAgo(one.measured_at)}</span>,
  },
];
