import { Link } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { take } from '../../../sdk/client.ts';
import { api, client, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatCount, formatMoment, humanise } from '../../lib/format.ts';
import { countyName, placeName, streetName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useInstallation } from './installation.ts';
import styles from './operations.module.css';
import { groupFailures } from './resume-all.ts';
import { ResumingLine, useResuming } from './resuming.tsx';
import { temporalLink } from './temporal-link.ts';

type Lifecycle = Schemas['Lifecycle'];
const PAGE = 200;
const FAILED = { params: { query: { status: 'failed', limit: PAGE } } } as const;

/** Properties that stopped at a step, with the reason, and resuming of one or all. */
export function FailedProperties() {
  const query = api.useQuery('get', '/api/lifecycles', FAILED);
  const total = api.useQuery('get', '/api/v1/analytics/pipeline', {}).data?.failed;
  const { progress, running, resume } = useResuming();
  const mayOrder = useMay()('properties:update');
  const isBusy = running !== undefined;
  const rows = query.data?.lifecycles ?? [];
  return (
    <Card
      title="Stopped properties"
      isFlush
      actions={
        mayOrder &&
        rows.length > 0 && (
          <Button
            variant="primary"
            icon={<RotateCcw size={16} />}
            busy={isBusy}
            onClick={() => void allFailed().then(resume, (error) => showToast(messageOf(error), { isError: true }))}
          >
            Resume all {formatCount(total ?? rows.length)}
          </Button>
        )
      }
    >
      {progress !== null && <ResumingLine progress={progress} running={running} />}
      <QueryView
        query={query}
        lines={5}
        isEmpty={({ lifecycles }) => lifecycles.length === 0}
        empty={
          <EmptyState title="No property stopped">
            One that cannot be finished appears here with the reason; resuming goes on at the step that failed.
          </EmptyState>
        }
      >
        {({ lifecycles }) => (
          <>
            {groupFailures(lifecycles).map((group) => (
              <div key={group.key}>
                <div className={styles.group}>
                  <div className="grow">
                    <h3>{group.reason ?? 'No reason was recorded'}</h3>
                    <p className="small muted">
                      {group.rows.length === 1 ? '1 property' : `${formatCount(group.rows.length)} properties`}
                      {group.stage && `, at the step “${humanise(group.stage)}”`}
                    </p>
                  </div>
                  {mayOrder && group.rows.length > 1 && (
                    <Button
                      size="small"
                      busy={isBusy}
                      onClick={() => void resume(group.rows.map((one) => one.property_id))}
                    >
                      Resume these {formatCount(group.rows.length)}
                    </Button>
                  )}
                </div>
                <FailedTable
                  label={`Stopped: ${group.reason ?? 'no reason'}, ${group.stage ?? 'no step'}`}
                  rows={group.rows}
                  mayOrder={mayOrder}
                  isBusy={isBusy}
                  onResume={resume}
                />
              </div>
            ))}
            {total !== undefined && total > lifecycles.length && (
              <p className={styles.foot}>
                The {formatCount(lifecycles.length)} with the best scores are shown; {formatCount(total)} stopped in
                all.
              </p>
            )}
          </>
        )}
      </QueryView>
    </Card>
  );
}

interface FailedTableProps {
  label: string;
  rows: readonly Lifecycle[];
  mayOrder: boolean;
  isBusy: boolean;
  onResume: (ids: readonly string[]) => Promise<void>;
}

function FailedTable({ label, rows, mayOrder, isBusy, onResume }: FailedTableProps) {
  const installation = useInstallation().data;
  const columns: Array<SimpleColumn<Lifecycle>> = [
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
    { id: 'county', header: 'County', width: 150, cell: (one) => countyName(one.county) },
    {
      id: 'score',
      header: 'Score',
      width: 80,
      align: 'end',
      cell: (one) =>
        one.bird_dog_score === null ? <span className="muted">None yet</span> : Math.round(one.bird_dog_score),
    },
    {
      id: 'since',
      header: 'Stopped',
      width: 130,
      cell: (one) => <span title={formatMoment(one.updated_at)}>{formatAgo(one.updated_at)}</span>,
    },
    {
      id: 'orders',
      header: 'Orders',
      isHeaderHidden: true,
      width: 190,
      align: 'end',
      cell: (one) => {
        const link = temporalLink(installation, { workflowId: one.workflow_id });
        return (
          <span className={styles.orders}>
            {link && (
              <a href={link} target="_blank" rel="noreferrer" className="small">
                Temporal
                <span className="visually-hidden">: workflow of {nameOf(one)}</span>
              </a>
            )}
            {mayOrder && (
              <Button
                size="small"
                disabled={isBusy}
                aria-label={`Resume ${nameOf(one)}`}
                onClick={() => void onResume([one.property_id])}
              >
                Resume
              </Button>
            )}
          </span>
        );
      },
    },
  ];
  return <SimpleTable label={label} columns={columns} rows={rows} getRowId={(one) => one.property_id} />;
}

/** The ids of everything that stopped, page by page. */
async function allFailed(): Promise<string[]> {
  const ids: string[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const query = { status: 'failed', limit: PAGE, offset } as const;
    const page = await take<{ lifecycles: Lifecycle[] }>(client.GET('/api/lifecycles', { params: { query } }));
    ids.push(...page.lifecycles.map((one) => one.property_id));
    if (page.lifecycles.length < PAGE) return ids;
  }
}

/** What a property is called where space is short. */
export function nameOf(one: Pick<Lifecycle, 'address' | 'city' | 'apn' | 'property_id'>): string {
  const place = [one.address && streetName(one.address), one.city && placeName(one.city)].filter(Boolean).join(', ');
  return place || (one.apn === null ? one.property_id : `Parcel ${one.apn}`);
}
