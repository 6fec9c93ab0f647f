import { ExternalLink } from 'lucide-react';
import { api, type Schemas } from '../../app/api.ts';
import { formatMoment } from '../../lib/format.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { useInstallation } from './installation.ts';
import styles from './operations.module.css';
import { scheduleName, taskName } from './run-names.ts';
import { formatDuration } from './run-search.ts';
import { RunStatusBadge } from './run-status.tsx';
import { temporalLink } from './temporal-link.ts';

interface RunDialogProps {
  runId: string;
  /** What the list knows of it; undefined when it is not on this page of the list. */
  run: Schemas['PipelineRun'] | undefined;
  onClose: () => void;
}

/** One run with its tasks: attempts, times, and why one failed. */
export function RunDialog({ runId, run: listed, onClose }: RunDialogProps) {
  // An address may name a run of another page of the list.
  const asked = api.useQuery(
    'get',
    '/api/pipelines/runs/{dag_run_id}',
    { params: { path: { dag_run_id: runId } } },
    {
      enabled: listed === undefined,
      refetchInterval: ({ state }) => (state.data?.status === 'running' ? 3_000 : false),
    },
  );
  const run = listed ?? asked.data;
  const installation = useInstallation();
  const query = api.useQuery(
    'get',
    '/api/pipelines/runs/{dag_run_id}/tasks',
    { params: { path: { dag_run_id: runId } } },
    { refetchInterval: run === undefined || run.status === 'running' ? 3_000 : false },
  );
  const link = temporalLink(installation.data, { workflowId: run?.workflow_id ?? null, runId });
  return (
    <Dialog title={run === undefined ? 'Run' : scheduleName(run.dag_id)} place="side" size="wide" onClose={onClose}>
      <div className="stack">
        {run === undefined && (
          <QueryView query={asked} lines={4} label="Loading the run">
            {() => null}
          </QueryView>
        )}
        {run && (
          <Facts
            facts={[
              ['Result', <RunStatusBadge key="status" status={run.status} />],
              ['Started', formatMoment(run.execution_date)],
              ['Ended', run.end_date === null ? 'Not yet' : formatMoment(run.end_date)],
              ['Took', run.status === 'running' ? 'Still running' : formatDuration(run.duration_seconds)],
              ...(run.detail === null ? [] : ([['Detail', run.detail]] as const)),
              ['Run', <code key="id">{runId}</code>],
            ]}
          />
        )}
        {link !== null && (
          <p>
            <a href={link} target="_blank" rel="noreferrer">
              Open in the Temporal Web UI <ExternalLink size={14} aria-hidden="true" />
            </a>
          </p>
        )}
        {run?.workflow_id === null && (
          <p className="small muted">
            It is known from this organisation’s journal alone: Temporal has no page for it.
          </p>
        )}
        <h3>Tasks</h3>
        <QueryView
          query={query}
          lines={5}
          isEmpty={({ tasks }) => tasks.length === 0}
          empty={<EmptyState title="It did no task for this organisation" />}
        >
          {({ tasks }) => (
            <ol className={styles.tasks}>
              {tasks.map((task) => (
                <Task key={task.task_id} task={task} />
              ))}
            </ol>
          )}
        </QueryView>
      </div>
    </Dialog>
  );
}

function Task({ task }: { task: Schemas['PipelineTask'] }) {
  const seconds =
    task.start_date === null || task.end_date === null
      ? null
      : (Date.parse(task.end_date) - Date.parse(task.start_date)) / 1_000;
  return (
    <li className={styles.task}>
      <span className="row spread">
        <strong>{taskName(task.name)}</strong>
        <RunStatusBadge status={task.status} />
      </span>
      <span className="small muted">
        {task.attempt > 1 ? `Attempt ${task.attempt}` : task.attempt === 0 ? 'Not begun' : 'First attempt'}
        {task.start_date !== null && `, begun ${formatMoment(task.start_date)}`}
        {seconds !== null && `, took ${formatDuration(seconds)}`}
      </span>
      {task.error !== null && (
        <span className={styles.taskError}>
          {task.status === 'failed' ? 'Failed: ' : 'The attempt before failed: '}
          {task.error}
        </span>
      )}
    </li>
  );
}
