import { Link } from '@tanstack/react-router';
import { api, type Schemas } from '../../app/api.ts';
import { formatAgo, formatDollars, formatMoment } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { nameOf } from './failed-properties.tsx';
import styles from './operations.module.css';

const MOST = 200;

const COLUMNS: ReadonlyArray<SimpleColumn<Schemas['Lifecycle']>> = [
  {
    id: 'property',
    header: 'Property',
    width: 240,
    cell: (one) => (
      <Link to="/properties/$propertyId" params={{ propertyId: one.property_id }}>
        {nameOf(one)}
      </Link>
    ),
  },
  { id: 'county', header: 'County', width: 110, cell: (one) => one.county },
  { id: 'status', header: 'Status', width: 120, cell: (one) => <StatusBadge status={one.status} /> },
  {
    id: 'score',
    header: 'Score',
    width: 80,
    align: 'end',
    cell: (one) =>
      one.bird_dog_score === null ? <span className="muted">None yet</span> : Math.round(one.bird_dog_score),
  },
  {
    id: 'value',
    header: 'Estimated value',
    width: 130,
    align: 'end',
    cell: (one) =>
      one.estimated_value === null ? <span className="muted">None yet</span> : formatDollars(one.estimated_value),
  },
  {
    id: 'changed',
    header: 'Last changed',
    width: 130,
    cell: (one) => <span title={formatMoment(one.updated_at)}>{formatAgo(one.updated_at)}</span>,
  },
];

/** Properties whose facts contradict each other: a score of one is less sure than it looks. */
export function OpenQuestions() {
  const query = api.useQuery('get', '/api/lifecycles', { params: { query: { needs_review: true, limit: MOST } } });
  return (
    <Card title="Properties with contradicting facts" isFlush>
      <QueryView
        query={query}
        lines={5}
        isEmpty={({ lifecycles }) => lifecycles.length === 0}
        empty={
          <EmptyState title="No property has facts that contradict">
            When two sources disagree too far, or a comparable sale looks wrong, the property is marked and appears
            here.
          </EmptyState>
        }
      >
        {({ lifecycles }) => (
          <>
            <SimpleTable
              label="Properties with contradicting facts"
              columns={COLUMNS}
              rows={lifecycles}
              getRowId={(one) => one.property_id}
            />
            <p className={styles.foot}>
              Best scores first. Open one to see what its sources say of each fact
              {lifecycles.length === MOST && `; the first ${MOST} are shown`}.
            </p>
          </>
        )}
      </QueryView>
    </Card>
  );
}
