import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import type { useRescore } from './use-rescore.ts';
import styles from './weights.module.css';

/** Scoring all properties again, with its progress. */
export function Rescore({ rescore }: { rescore: ReturnType<typeof useRescore> }) {
  const may = useMay();
  const { runId, isStarting, error, begin } = rescore;
  if (!may('properties:update')) return null;
  return (
    <Card title="Score again">
      <div className="stack">
        <p className="muted">
          After other weights, a new model or newer sales. A run that is under way is joined, not started twice;
          campaigns are not sent by it.
        </p>
        <div className="row">
          <Button busy={isStarting} onClick={() => begin(true)}>
            What is outdated
          </Button>
          <Button busy={isStarting} onClick={() => begin(false)}>
            All properties
          </Button>
        </div>
        {error !== null && (
          <p role="alert" className="error-text">
            {messageOf(error)}
          </p>
        )}
        {runId !== null && <Progress runId={runId} />}
      </div>
    </Card>
  );
}

const WORDS = { running: 'Scoring', success: 'Done', failed: 'Stopped' } as const;

function Progress({ runId }: { runId: string }) {
  const query = api.useQuery(
    'get',
    '/api/v1/rescores/{run_id}',
    { params: { path: { run_id: runId } } },
    { refetchInterval: ({ state }) => (state.data === undefined || state.data.status === 'running' ? 2_000 : false) },
  );
  return (
    <QueryView query={query} label="Loading the run" lines={2}>
      {({ status, total, scored, changed, problems }) => (
        <div className={styles.progress}>
          <progress
            aria-label="Properties scored again"
            max={total ?? 1}
            value={status === 'success' ? (total ?? 1) : (scored ?? undefined)}
          />
          <p role="status">
            {WORDS[status]}
            {scored !== null && `: ${formatCount(scored)}${total === null ? '' : ` of ${formatCount(total)}`} scored`}
            {changed !== null && `, ${formatCount(changed)} with another score`}.
          </p>
          {problems.map((text) => (
            <p key={text} className="error-text">
              {text}
            </p>
          ))}
        </div>
      )}
    </QueryView>
  );
}
