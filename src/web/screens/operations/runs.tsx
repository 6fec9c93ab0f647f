import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { formatAgo, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';
import { RunDialog } from './run-dialog.tsx';
import { scheduleName } from './run-names.ts';
import { formatDuration, RUN_STATUSES, RUNS_PER_PAGE, type RunSearch, readRunSearch } from './run-search.ts';
import { RunStatusBadge } from './run-status.tsx';

type Run = Schemas['PipelineRun'];

/** What ran, newest first; each run opens with its tasks. */
export function RunsScreen() {
  const search = readRunSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const set = (change: Partial<RunSearch>) =>
    void navigate({ to: '/operations/runs', search: compact({ ...search, offset: 0, ...change }) as never });
  const schedules = api.useQuery('get', '/api/v1/schedules', {});
  const query = api.useQuery(
    'get',
    '/api/pipelines/runs',
    {
      params: {
        query: {
          limit: RUNS_PER_PAGE,
          offset: search.offset,
          ...(search.schedule && { dag_id: search.schedule }),
          ...(search.status && { status: search.status }),
        },
      },
    },
    { refetchInterval: 15_000 },
  );
  const open = query.data?.runs.find((one) => one.dag_run_id === search.run);
  return (
    <OperationsPage title="Operations" about="What ran, and how it went.">
      <Card
        title="Runs"
        isFlush
        actions={
          <>
            <SelectField
              label="Schedule"
              isLabelHidden
              value={search.schedule ?? ''}
              onChange={({ target }) => set({ schedule: target.value || undefined })}
            >
              <option value="">All schedules</option>
              {withChosen(
                schedules.data?.schedules.map((one) => one.dag_id),
                search.schedule,
              ).map((id) => (
                <option key={id} value={id}>
                  {scheduleName(id)}
                </option>
              ))}
            </SelectField>
            <SelectField
              label="Result"
              isLabelHidden
              value={search.status ?? ''}
              onChange={({ target }) => set({ status: RUN_STATUSES.find((one) => one === target.value) })}
            >
              <option value="">All results</option>
              {RUN_STATUSES.map((status) => (
                <option key={status} value={status}>
                  {RESULTS[status]}
                </option>
              ))}
            </SelectField>
          </>
        }
      >
        <QueryView
          query={query}
          lines={8}
          isEmpty={({ runs }) => runs.length === 0}
          empty={
            <EmptyState
              title={search.schedule || search.status ? 'No run fits' : 'Nothing has run yet'}
              action={
                (search.schedule || search.status) && (
                  <Button onClick={() => set({ schedule: undefined, status: undefined })}>Show all runs</Button>
                )
              }
            />
          }
        >
          {({ runs, has_more: hasMore }) => (
            <>
              <RunTable runs={runs} openId={search.run} onOpen={(run) => set({ offset: search.offset, run })} />
              <div className={styles.pager}>
                <span className="small muted">
                  {search.offset + 1}–{search.offset + runs.length}, newest first
                </span>
                <Button
                  size="small"
                  disabled={search.offset === 0}
                  onClick={() => set({ offset: Math.max(0, search.offset - RUNS_PER_PAGE) })}
                >
                  Newer
                </Button>
                <Button size="small" disabled={!hasMore} onClick={() => set({ offset: search.offset + RUNS_PER_PAGE })}>
                  Older
                </Button>
              </div>
            </>
          )}
        </QueryView>
      </Card>
      {search.run !== undefined && (
        <RunDialog runId={search.run} run={open} onClose={() => set({ offset: search.offset, run: undefined })} />
      )}
    </OperationsPage>
  );
}

const RESULTS = { running: 'Running', success: 'Succeeded', failed: 'Failed', cancelled: 'Cancelled' } as const;

function RunTable({
  runs,
  openId,
  onOpen,
}: {
  runs: readonly Run[];
  openId: string | undefined;
  onOpen: (id: string) => void;
}) {
  const columns = useMemo<Array<SimpleColumn<Run>>>(
    () => [
      {
        id: 'schedule',
        header: 'Schedule',
        width: 220,
        cell: (one) => (
          <button type="button" className={styles.linkButton} onClick={() => onOpen(one.dag_run_id)}>
            {scheduleName(one.dag_id)}
            <span className="visually-hidden">, started {formatMoment(one.execution_date)}: open its tasks</span>
          </button>
        ),
      },
      { id: 'status', header: 'Result', width: 110, cell: (one) => <RunStatusBadge status={one.status} /> },
      {
        id: 'started',
        header: 'Started',
        width: 150,
        cell: (one) => <span title={formatMoment(one.execution_date)}>{formatAgo(one.execution_date)}</span>,
      },
      {
        id: 'took',
        header: 'Took',
        width: 90,
        align: 'end',
        cell: (one) =>
          one.duration_seconds === null && one.status === 'running' ? (
            <span className="muted">Still running</span>
          ) : (
            formatDuration(one.duration_seconds)
          ),
      },
      {
        id: 'tasks',
        header: 'Tasks for you',
        width: 130,
        align: 'end',
        cell: (one) =>
          one.tasks_total === 0 ? (
            <span className="muted" title="It did no work for this organisation, or does not count it">
              None counted
            </span>
          ) : (
            <>
              {one.tasks_success} of {one.tasks_total}
              {one.tasks_failed > 0 && <span className={styles.bad}>, {one.tasks_failed} failed</span>}
            </>
          ),
      },
      { id: 'detail', header: 'Detail', width: 180, cell: (one) => one.detail ?? <span className="muted">None</span> },
    ],
    [onOpen],
  );
  return (
    <SimpleTable label="Runs" columns={columns} rows={runs} getRowId={(one) => one.dag_run_id} markedId={openId} />
  );
}

/** The ids to choose from; the chosen one is among them though it is not declared. */
function withChosen(ids: readonly string[] = [], chosen: string | undefined): string[] {
  return [...new Set([...ids, ...(chosen === undefined ? [] : [chosen])])].sort();
}

function compact(search: RunSearch): Record<string, unknown> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== 0));
}
