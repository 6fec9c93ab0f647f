import { Link } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import { formatMoment } from '../../lib/format.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState, Loading, QueryView } from '../../ui/states.tsx';
import { ActivityFeed } from './activity-feed.tsx';
import { Attention } from './attention.tsx';
import { BestProperties } from './best-properties.tsx';
import { Funnel } from './funnel.tsx';
import { HealthSummary } from './health-summary.tsx';
import { KeyFigures } from './key-figures.tsx';
import styles from './overview.module.css';
import { Throughput } from './throughput.tsx';

/** The whole system at a glance, each figure a way to what is behind it. */
export function OverviewScreen() {
  const may = useMay();
  const { data: me, isPending, error, refetch } = useMe();
  const mayRead = may('properties:read');
  const query = api.useQuery('get', '/api/v1/analytics/dashboard', {}, { enabled: mayRead });
  const asOf = query.data?.as_of;
  return (
    <Page
      title="Overview"
      about={
        me === undefined ? undefined : `${me.tenant.name}${asOf === undefined ? '' : `, as of ${formatMoment(asOf)}`}`
      }
      actions={
        may('properties:create') && (
          <Link to="/upload" className={styles.action}>
            Upload properties
          </Link>
        )
      }
    >
      {isPending && <Loading lines={8} />}
      {me === undefined && !isPending && <ErrorState error={error} onRetry={() => void refetch()} />}
      {me !== undefined && !mayRead && <EmptyState title="Your role sees no properties" />}
      {mayRead && (
        <QueryView query={query} lines={8} isEmpty={({ properties }) => properties.total === 0} empty={<FirstRun />}>
          {(figures) => (
            <div className={styles.layout}>
              <KeyFigures figures={figures} />
              <div className={styles.main}>
                <Funnel />
                <BestProperties />
                <Throughput />
              </div>
              <div className={styles.side}>
                <Attention />
                {may('timeline:read') && <ActivityFeed />}
                <HealthSummary />
              </div>
            </div>
          )}
        </QueryView>
      )}
    </Page>
  );
}

const STEPS = [
  ['A file becomes properties', 'Columns are recognised; rows that fail the checks are kept apart with the reason.'],
  ['Facts and a score', 'Public sources fill in what is missing; each figure says where it came from.'],
  ['A memo to decide by', 'From a score of 50 on a PDF is written, with comparable sales and an honest error.'],
] as const;

/** Nothing is there yet: the way to the first memo. */
function FirstRun() {
  const may = useMay();
  return (
    <div className={styles.first}>
      <EmptyState
        title="No property is here yet"
        action={
          may('properties:create') && (
            <Link to="/start" className={styles.primary}>
              Start with a file
            </Link>
          )
        }
      >
        {may('properties:create')
          ? 'Bring a CSV of parcels or listings, with whatever headers it has, and watch it become scored properties and a memo. It takes some minutes and needs no account anywhere.'
          : 'Ask somebody who may add properties to upload a file; what comes of it appears here by itself.'}
      </EmptyState>
      <ol className={styles.steps}>
        {STEPS.map(([title, text]) => (
          <li key={title}>
            <strong>{title}</strong>
            <span className="muted">{text}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
