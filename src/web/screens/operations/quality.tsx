import { useSearch } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { formatAgo, formatCount, formatMoment, formatPercent, humanise } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { BarChart } from '../../ui/charts/index.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { formatCost } from './costs.ts';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';
import { completenessBars, metricWords, type ProviderFigures, providerTotals } from './quality.ts';

/** How complete, how fresh and how real the data are. */
export function QualityScreen() {
  return (
    <OperationsPage title="Operations" about="How complete, how fresh and how real the facts of your properties are.">
      <Totals />
      <Completeness />
      <Providers />
      <Expectations />
    </OperationsPage>
  );
}

function Totals() {
  const facts = api.useQuery('get', '/api/enrichment/stats/data-quality', {});
  const enrichment = api.useQuery('get', '/api/enrichment/stats/overview', {});
  const stats = api.useQuery('get', '/api/v1/properties/stats', {});
  if (facts.data === undefined || enrichment.data === undefined) return null;
  const totals = providerTotals(enrichment.data.providers);
  return (
    <Stats>
      <Stat
        label="Facts known"
        value={`${facts.data.overall_completeness}%`}
        note={`of ${Object.keys(facts.data.field_completeness).length} facts for ${formatCount(facts.data.total_properties)} properties`}
      />
      <Stat
        label="Enriched"
        value={`${enrichment.data.properties.enrichment_rate}%`}
        note={`${formatCount(enrichment.data.properties.enriched)} properties have an answer of a provider`}
      />
      <Stat
        label="Made up by a simulator"
        value={formatPercent(totals.simulatedShare)}
        note={
          totals.simulated === 0
            ? 'Every answer came from a real source'
            : `${formatCount(totals.simulated)} of ${formatCount(totals.answers)} answers; they never enter a memo unmarked`
        }
      />
      <Stat
        label="Past their time"
        value={formatPercent(totals.expiredShare)}
        note={`${formatCount(totals.expired)} of ${formatCount(totals.answers)} answers are asked again at the next enrichment`}
      />
      <Stat
        label="Contradicting"
        value={formatCount(stats.data?.needs_review)}
        note="properties whose sources disagree; see Failures"
      />
    </Stats>
  );
}

function Completeness() {
  const query = api.useQuery('get', '/api/enrichment/stats/data-quality', {});
  return (
    <Card title="Completeness">
      <QueryView
        query={query}
        lines={8}
        isEmpty={({ total_properties: total }) => total === 0}
        empty={<EmptyState title="There are no properties yet" />}
      >
        {(answer) => (
          <BarChart
            label="Properties that have the fact"
            unit="%"
            max={1}
            bars={completenessBars(answer.field_completeness)}
            note={`Of ${formatCount(answer.total_properties)} properties, the rarest fact first. List prices exist only for listed homes, last sales only where one was found.`}
          />
        )}
      </QueryView>
    </Card>
  );
}

const PROVIDER_COLUMNS: ReadonlyArray<SimpleColumn<ProviderFigures>> = [
  { id: 'provider', header: 'Provider', width: 180, cell: (one) => <strong>{one.provider}</strong> },
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

function Providers() {
  const query = api.useQuery('get', '/api/enrichment/stats/overview', {});
  return (
    <Card title="Where facts come from" isFlush>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ providers }) => providers.length === 0}
        empty={<EmptyState title="No provider was asked yet" />}
      >
        {({ providers }) => (
          <SimpleTable label="Providers" columns={PROVIDER_COLUMNS} rows={providers} getRowId={(one) => one.provider} />
        )}
      </QueryView>
    </Card>
  );
}

interface Metric {
  metric_type: string;
  metric_name: string;
  entity_type: string;
  entity_id: string;
  value: number;
  threshold: number | null;
  is_passing: boolean;
  measured_at: string;
}

const METRIC_COLUMNS: ReadonlyArray<SimpleColumn<Metric>> = [
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

function Expectations() {
  const query = api.useQuery('get', '/api/metrics/quality', {});
  const marked = (useSearch({ strict: false }) as { metric?: string }).metric;
  return (
    <Card title="Expectations" isFlush>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ metrics }) => metrics.length === 0}
        empty={<EmptyState title="Nothing was measured yet">Each discovery is measured at its end.</EmptyState>}
      >
        {({ metrics, passing, failing }) => (
          <>
            <SimpleTable
              label="Expectations"
              columns={METRIC_COLUMNS}
              rows={[...metrics].sort((a, b) => Number(a.is_passing) - Number(b.is_passing)).slice(0, 100)}
              getRowId={(one) => `${one.metric_name} ${one.entity_id}`}
              markedId={marked}
            />
            <p className={styles.foot}>
              {formatCount(passing)} met, {formatCount(failing)} missed, the newest measurement of each.
            </p>
          </>
        )}
      </QueryView>
    </Card>
  );
}
