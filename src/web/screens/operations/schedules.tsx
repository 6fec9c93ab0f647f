import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import { formatAgo, formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { cronWords, zoneName } from './cron-words.ts';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';
import { scheduleName } from './run-names.ts';
import { RunStatusBadge } from './run-status.tsx';
import { ScheduleOrders } from './schedule-orders.tsx';

type Schedule = Schemas['Schedule'];

/** When the installation's work runs, and orders to it. */
export function SchedulesScreen() {
  const query = api.useQuery('get', '/api/v1/schedules', {}, { refetchInterval: 30_000 });
  return (
    <OperationsPage title="Operations" about="When work runs. Times are shown in your time zone.">
      <WhyNot />
      <Card title="Schedules" isFlush>
        <QueryView
          query={query}
          lines={8}
          isEmpty={({ schedules }) => schedules.length === 0}
          empty={<EmptyState title="No schedule is declared" />}
        >
          {({ schedules }) => <ScheduleTable schedules={schedules} />}
        </QueryView>
      </Card>
    </OperationsPage>
  );
}

/** Why there are no buttons, where there are none. */
function WhyNot() {
  const may = useMay();
  const { data: me } = useMe();
  if (me === undefined || (me.is_operator && may('pipelines:update'))) return null;
  return (
    <p className={styles.notice} role="note">
      {me.is_operator
        ? 'You can look at schedules. To trigger, pause or backfill one, ask for a role with the permission pipelines:update.'
        : 'Schedules belong to the installation and serve every organisation on it. Only organisations of whoever runs it may trigger, pause or backfill them.'}
    </p>
  );
}

function ScheduleTable({ schedules }: { schedules: readonly Schedule[] }) {
  const may = useMay();
  const { data: me } = useMe();
  const queries = useQueryClient();
  const [, draw] = useState(0);
  const mayOrder = me?.is_operator === true && may('pipelines:update');
  const changed = () => {
    draw((count) => count + 1);
    void queries.invalidateQueries({ queryKey: ['get', '/api/v1/schedules'] });
    void queries.invalidateQueries({ queryKey: ['get', '/api/pipelines/runs'] });
  };
  const columns: Array<SimpleColumn<Schedule>> = [
    {
      id: 'schedule',
      header: 'Schedule',
      width: 240,
      cell: (one) => (
        <>
          <strong>{scheduleName(one.dag_id)}</strong>
          <span className={styles.under}>{one.description}</span>
          <span className={styles.hash}>{one.dag_id}</span>
        </>
      ),
    },
    {
      id: 'when',
      header: 'Runs',
      width: 150,
      cell: (one) => (
        <span title={`${one.schedule} (${one.time_zone})`}>
          {cronWords(one.schedule)}
          <span className={styles.under}>{zoneName(one.time_zone)}</span>
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      width: 120,
      cell: (one) => (
        <>
          <Badge tone={one.state === 'active' ? 'good' : one.state === 'paused' ? 'warn' : 'bad'}>
            {STATES[one.state]}
          </Badge>
          {one.note && <span className={styles.under}>{one.note}</span>}
        </>
      ),
    },
    {
      id: 'last',
      header: 'Last run',
      width: 120,
      cell: (one) =>
        one.last_run === null ? (
          <span className="muted">Not yet</span>
        ) : (
          <>
            <Link to="/operations/runs" search={{ schedule: one.dag_id } as never} title={formatMoment(one.last_run)}>
              {formatAgo(one.last_run)}
            </Link>
            <span className={styles.under}>
              {one.last_status === null ? 'Result no longer kept' : <RunStatusBadge status={one.last_status} />}
            </span>
          </>
        ),
    },
    {
      id: 'next',
      header: 'Next run',
      width: 130,
      cell: (one) =>
        one.next_run === null || one.state !== 'active' ? (
          <span className="muted">{one.state === 'paused' ? 'Paused' : 'None planned'}</span>
        ) : (
          <span title={formatMoment(one.next_run)}>{formatAgo(one.next_run)}</span>
        ),
    },
    ...(mayOrder
      ? [
          {
            id: 'orders',
            header: 'Orders',
            isHeaderHidden: true,
            width: 292,
            align: 'end' as const,
            cell: (one: Schedule) => <ScheduleOrders schedule={one} onChanged={changed} />,
          },
        ]
      : []),
  ];
  return <SimpleTable label="Schedules" columns={columns} rows={schedules} getRowId={(one) => one.dag_id} />;
}

const STATES: Readonly<Record<Schedule['state'], string>> = {
  active: 'Active',
  paused: 'Paused',
  missing: 'Not on the server',
};
