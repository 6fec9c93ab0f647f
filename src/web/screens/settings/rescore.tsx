import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import styles from './weights.module.css';

const KEY = 'reos.rescore.run';

/** Scoring all properties again, with its progress. */
export function Rescore() {
  const may = useMay();
  const [runId, setRunId] = useState(() => sessionStorage.getItem(KEY));
  const start = api.useMutation('post', '/api/v1/rescores', {
    onSuccess: ({ run_id: started }) => {
      sessionStorage.setItem(KEY, started);
      setRunId(started);
    },
  });
  if (!may('properties:update')) return null;
  const begin = (outdated: boolean) => start.mutate({ body: { outdated } });
  return (
    <Card title="Score again">
      <div className="stack">
        <p className="muted">
          After other weights, a new model or newer sales. A run that is under way is joined, not started twice;
          campaigns are not sent by it.
        </p>
        <div className="row">
          <Button busy={start.isPending} onClick={() => begin(true)}>
            What is outdated
          </Button>
          <Button busy={start.isPending} onClick={() => begin(false)}>
            All properties
          </Button>
        </div>
        {start.isError && (
          <p role="alert" className="error-text">
            {messageOf(start.error)}
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
