import { useMemo } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { LineChart } from '../../ui/charts/index.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, joined, QueryView } from '../../ui/states.tsx';
import { Budgets } from './budgets.tsx';
import { type DayCost, dailySeries, forecastMonth, formatCost, mainBudget } from './costs.ts';
import { OperationsPage } from './operations-page.tsx';

const DAYS = 31;

/** What providers and messages cost, against what may be spent. */
export function CostsScreen() {
  const may = useMay();
  return (
    <OperationsPage title="Operations" about="What providers and messages cost, against what may be spent.">
      <MonthFigures />
      <Budgets mayRead={may('tenant:read')} mayChange={may('tenant:update')} />
      <Daily />
      <ByProvider />
    </OperationsPage>
  );
}

function useDaily() {
  return api.useQuery('get', '/api/v1/analytics/costs/days', { params: { query: { days: DAYS } } });
}

function useMonths() {
  return api.useQuery('get', '/api/v1/analytics/costs', { params: { query: { months: 12 } } });
}

function MonthFigures() {
  const daily = useDaily();
  const months = useMonths();
  return (
    <QueryView query={joined(daily, months)} lines={3} label="Loading the month’s figures">
      {([days, costs]) => <MonthStats daily={days} months={costs} />}
    </QueryView>
  );
}

type Answer<T extends () => { data: unknown }> = NonNullable<ReturnType<T>['data']>;

function MonthStats({ daily, months }: { daily: Answer<typeof useDaily>; months: Answer<typeof useMonths> }) {
  const now = new Date();
  const month = now.toISOString().slice(0, 7);
  const thisMonth = months.costs.filter((one) => one.month === month);
  const spent = thisMonth.reduce((sum, one) => sum + one.cost, 0);
  const calls = thisMonth.reduce((sum, one) => sum + one.calls, 0);
  const simulated = daily.days.filter(({ day }) => day.startsWith(month)).reduce((sum, one) => sum + one.simulated, 0);
  const forecast = forecastMonth(daily.days, now);
  const budget = mainBudget(months.budgets);
  const isOver = budget !== null && forecast !== null && budget.period === 'month' && forecast.expected > budget.limit;
  return (
    <Stats>
      <Stat
        label="Spent this month (UTC)"
        value={formatCost(spent)}
        note={`in ${formatCount(calls)} calls and messages`}
      />
      <Stat
        label="Expected by the month’s end"
        value={forecast === null ? formatCost(0) : formatCost(forecast.expected)}
        note={
          forecast === null
            ? 'Nothing has cost anything in the last 31 days'
            : `A forecast: what was spent, and ${formatCost(forecast.perDay)} a day (the mean of ${forecast.days === 1 ? 'one day' : `${forecast.days} days`}) for ${forecast.daysLeft} more${isOver ? '. That is above the budget' : ''}`
        }
      />
      <Stat
        label="Left to spend"
        value={budget === null ? 'No budget' : formatCost(Math.max(0, budget.limit - budget.spent))}
        note={
          budget === null
            ? 'Nothing that costs money is bought without one'
            : `of ${formatCost(budget.limit)} a ${budget.period} for ${budget.name}`
        }
      />
      <Stat
        label="Simulated calls"
        value={formatCount(simulated)}
        note={simulated === 0 ? 'Every call was real' : 'answered by a simulator: they cost nothing'}
      />
    </Stats>
  );
}

function Daily() {
  const query = useDaily();
  return (
    <Card title="By day">
      <QueryView query={query} lines={6}>
        {({ days }) => <DailyChart rows={days} />}
      </QueryView>
    </Card>
  );
}

function DailyChart({ rows }: { rows: readonly DayCost[] }) {
  const series = useMemo(() => dailySeries(rows, new Date().toISOString().slice(0, 10), DAYS), [rows]);
  const isFree = rows.every(({ cost }) => cost === 0);
  if (rows.length === 0) {
    return (
      <EmptyState title="No call or message was paid or free">
        Each one is written into the ledger with its price.
      </EmptyState>
    );
  }
  if (isFree) {
    const calls = rows.reduce((sum, one) => sum + one.calls, 0);
    return (
      <EmptyState title="Nothing cost anything in the last 31 days">
        {formatCount(calls)} calls and messages were free: public sources and the local outbox have no price.
      </EmptyState>
    );
  }
  return (
    <LineChart
      label="Cost each day"
      unit="$"
      series={series}
      fromZero
      note={`The last ${DAYS} days (UTC), today included; the dearest first.`}
    />
  );
}

interface ProviderMonth {
  resource: string;
  kind: string;
  calls: number;
  cost: number;
  before: number;
}

function ByProvider() {
  const query = useMonths();
  const month = new Date().toISOString().slice(0, 7);
  return (
    <Card title="By provider and channel, this month" isFlush>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ costs }) => costs.length === 0}
        empty={<EmptyState title="No provider was asked and no message was sent yet" />}
      >
        {({ costs, total }) => (
          <SimpleTable
            label="Costs by provider and channel"
            columns={providerColumns(total)}
            rows={[...new Set(costs.map(({ resource }) => resource))]
              .map((resource): ProviderMonth => {
                const own = costs.filter((one) => one.resource === resource);
                const now = own.filter((one) => one.month === month);
                const sum = (rows: typeof own, key: 'calls' | 'cost') => rows.reduce((all, one) => all + one[key], 0);
                return {
                  resource,
                  kind: own[0]?.kind ?? '',
                  calls: sum(now, 'calls'),
                  cost: sum(now, 'cost'),
                  before: sum(
                    own.filter((one) => one.month !== month),
                    'cost',
                  ),
                };
              })
              .sort((a, b) => b.cost - a.cost || b.calls - a.calls)}
            getRowId={(one) => one.resource}
          />
        )}
      </QueryView>
    </Card>
  );
}

const KINDS: Readonly<Record<string, string>> = { enrichment: 'Facts', send: 'Messages', model: 'Models' };

function providerColumns(total: number): ReadonlyArray<SimpleColumn<ProviderMonth>> {
  return [
    {
      id: 'resource',
      header: 'Provider or channel',
      width: 200,
      cell: (one) => <strong>{sourceName(one.resource)}</strong>,
    },
    { id: 'kind', header: 'For', width: 110, cell: (one) => KINDS[one.kind] ?? one.kind },
    { id: 'calls', header: 'Calls', align: 'end', width: 90, cell: (one) => formatCount(one.calls) },
    { id: 'cost', header: 'Cost', align: 'end', width: 100, cell: (one) => formatCost(one.cost) },
    {
      id: 'each',
      header: 'Per call',
      align: 'end',
      width: 100,
      cell: (one) => (one.calls === 0 ? <span className="muted">No call</span> : formatCost(one.cost / one.calls)),
    },
    {
      id: 'before',
      header: 'The 11 months before',
      align: 'end',
      width: 150,
      cell: (one) => formatCost(one.before),
    },
    {
      id: 'share',
      header: 'Share of the year',
      align: 'end',
      width: 120,
      cell: (one) =>
        total === 0 ? <span className="muted">All free</span> : formatPercent((one.cost + one.before) / total, 0),
    },
  ];
}
