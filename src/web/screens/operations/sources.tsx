import { api, type Schemas } from '../../app/api.ts';
import { formatAgo, formatCount, formatDollarsShort, formatMoment, formatPercent, humanise } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { cronWords, zoneName } from './cron-words.ts';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';

type Source = Schemas['Source'];
type County = Schemas['County'];

/** Where properties are found: sites and files, and the counties that are known. */
export function SourcesScreen() {
  const sources = api.useQuery('get', '/api/v1/sources', {});
  const counties = api.useQuery('get', '/api/v1/counties', {});
  return (
    <OperationsPage title="Operations" about="Where properties are found, and whether those places answer.">
      <Card title="Sources" isFlush>
        <QueryView
          query={sources}
          lines={6}
          isEmpty={({ items }) => items.length === 0}
          empty={<EmptyState title="No source is set up" />}
        >
          {({ items }) => (
            <SimpleTable
              label="Sources"
              columns={SOURCE_COLUMNS}
              rows={[...items].sort((a, b) => rankOf(a) - rankOf(b) || a.name.localeCompare(b.name))}
              getRowId={(one) => `${one.kind} ${one.name}`}
            />
          )}
        </QueryView>
      </Card>
      <Card title="Counties" isFlush>
        <QueryView
          query={counties}
          lines={6}
          isEmpty={({ items }) => items.length === 0}
          empty={<EmptyState title="No county is set up">A county is one file in config/counties.</EmptyState>}
        >
          {({ items }) => (
            <SimpleTable label="Counties" columns={COUNTY_COLUMNS} rows={items} getRowId={(one) => one.slug} />
          )}
        </QueryView>
      </Card>
    </OperationsPage>
  );
}

/** What fails first, then what runs, then what is off. */
function rankOf({ health, last_run: last, enabled }: Source): number {
  if (health === 'failing') return 0;
  if (last !== null) return 1;
  return enabled ? 2 : 3;
}

const KINDS = { listing_site: 'Listing site', file: 'File layout' } as const;

const SOURCE_COLUMNS: ReadonlyArray<SimpleColumn<Source>> = [
  {
    id: 'name',
    header: 'Source',
    width: 180,
    cell: (one) => (
      <>
        <strong>{sourceName(one.name)}</strong>
        <span className={styles.under}>{KINDS[one.kind]}</span>
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 260,
    cell: (one) => (
      <>
        <Badge tone={one.health === 'failing' ? 'bad' : one.health === 'ok' ? 'good' : 'neutral'}>
          {one.health === 'failing' ? 'Fails' : one.health === 'ok' ? 'Works' : one.enabled ? 'Not used yet' : 'Off'}
        </Badge>
        {!one.enabled && one.blocked_reason && <span className={styles.under}>{one.blocked_reason}</span>}
        {one.last_run?.error && <span className={styles.taskError}>{one.last_run.error}</span>}
      </>
    ),
  },
  {
    id: 'last',
    header: 'Last run',
    width: 130,
    cell: (one) =>
      one.last_run === null ? (
        <span className="muted">Not yet</span>
      ) : (
        <span title={formatMoment(one.last_run.started_at)}>{formatAgo(one.last_run.started_at)}</span>
      ),
  },
  {
    id: 'rows',
    header: 'Rows then',
    width: 150,
    cell: (one) =>
      one.last_run === null ? (
        <span className="muted">None</span>
      ) : (
        <>
          {formatCount(one.last_run.items_scraped)} read
          <span className={styles.under}>
            {formatCount(one.last_run.items_failed)} refused, {formatCount(one.last_run.items_blocked)} without data
          </span>
        </>
      ),
  },
  {
    id: 'runs',
    header: 'Runs in 30 days',
    width: 130,
    align: 'end',
    cell: (one) => (
      <>
        {formatCount(one.runs_30d)}
        {one.failed_runs_30d > 0 && <span className={styles.bad}>, {formatCount(one.failed_runs_30d)} failed</span>}
      </>
    ),
  },
];

const COUNTY_COLUMNS: ReadonlyArray<SimpleColumn<County>> = [
  {
    id: 'name',
    header: 'County',
    width: 180,
    cell: (one) => (
      <>
        <strong>
          {one.name}, {one.state}
        </strong>
        <span className={styles.under}>FIPS {one.fips}</span>
      </>
    ),
  },
  {
    id: 'when',
    header: 'Read',
    width: 160,
    cell: (one) => (
      <>
        {cronWords(one.schedule)}
        <span className={styles.under}>{zoneName(one.time_zone)}</span>
      </>
    ),
  },
  {
    id: 'sources',
    header: 'Public records',
    width: 260,
    cell: (one) =>
      one.endpoints.length === 0 ? (
        <span className="muted">None known</span>
      ) : (
        humanise(one.endpoints.map(({ id }) => id.replace(/-/g, ' ')).join(', '))
      ),
  },
  {
    id: 'price',
    header: 'Median price',
    width: 110,
    align: 'end',
    cell: (one) => formatDollarsShort(one.median_price),
  },
  {
    id: 'growth',
    header: 'A year',
    width: 80,
    align: 'end',
    cell: (one) => formatPercent(one.appreciation_annual),
  },
];
