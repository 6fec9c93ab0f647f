import { useSearch } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { BarChart } from '../../ui/charts/index.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, joined, QueryView } from '../../ui/states.tsx';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';
import { completenessBars, type ProviderFigures, providerTotals } from './quality.ts';
import { METRIC_COLUMNS, PROVIDER_COLUMNS } from './quality-columns.tsx';

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
  return (
    <QueryView query={joined(facts, enrichment)} lines={3} label="Loading the figures of the facts">
      {([known, asked]) => <TotalStats facts={known} enrichment={asked} contradicting={stats.data?.needs_review} />}
    </QueryView>
  );
}

interface TotalStatsProps {
  facts: {
    overall_completeness: number;
    total_properties: number;
    field_completeness: Readonly<Record<string, unknown>>;
  };
  enrichment: {
    properties: { enrichment_rate: number; enriched: number };
    providers: readonly ProviderFigures[];
  };
  /** Undefined until it is known. */
  contradicting: number | undefined;
}

function TotalStats({ facts, enrichment, contradicting }: TotalStatsProps) {
  const totals = providerTotals(enrichment.providers);
  return (
    <Stats>
      <Stat
        label="Facts known"
        value={`${facts.overall_completeness}%`}
        note={`of ${Object.keys(facts.field_completeness).length} facts for ${formatCount(facts.total_properties)} properties`}
      />
      <Stat
        label="Enriched"
        value={`${enrichment.properties.enrichment_rate}%`}
        note={`${formatCount(enrichment.properties.enriched)} properties have an answer of a provider`}
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
        value={formatCount(contradicting)}
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
