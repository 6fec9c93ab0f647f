import { useQueryClient } from '@tanstack/react-query';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { beginWork, keepOutcome, useOutcome, useWork, type Work } from '../../app/works.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { messageOf } from '../../ui/states.tsx';
import { waitingWords } from '../properties/bulk.ts';
import styles from './operations.module.css';
import { orderEach, type Progress } from './resume-all.ts';

/** The store's name of resuming. */
const WORK = 'resume';

/** Resuming of many, with its progress; it goes on when the screen is left. */
export function useResuming() {
  const queries = useQueryClient();
  const running = useWork(WORK);
  const outcome = useOutcome<Progress>(WORK);
  const resume = async (ids: readonly string[]) => {
    keepOutcome(WORK, undefined);
    const work = beginWork({ key: WORK, words: 'Resuming', to: '/operations/failures', total: ids.length });
    const order = (id: string, key: string) => {
      const headers = { 'Idempotency-Key': key };
      return take(client.POST('/api/v1/properties/{id}/resume', { params: { path: { id } }, headers, body: {} }));
    };
    const result = await orderEach(
      ids,
      order,
      (now) => {
        work.update({ done: now.done + now.failed, failed: now.failed });
        keepOutcome(WORK, now);
      },
      {
        signal: work.signal,
        wordsOf: messageOf,
        onWaiting: (error) => work.update({ waitsFor: waitingWords(error) }),
      },
    );
    work.end();
    keepOutcome(WORK, work.signal.aborted ? { ...result, total: result.done + result.failed } : result);
    for (const path of ['/api/lifecycles', '/api/v1/analytics/pipeline']) {
      void queries.invalidateQueries({ queryKey: ['get', path] });
    }
  };
  const begun: Progress | null =
    running === undefined ? null : { done: 0, failed: 0, total: running.total, firstError: null };
  return { progress: outcome ?? begun, running, resume };
}

/** How far resuming is, what it waits for, and what failed first. */
export function ResumingLine({ progress, running }: { progress: Progress; running: Work | undefined }) {
  const { done, failed, total, firstError } = progress;
  const words = `${formatCount(done)} of ${formatCount(total)} were told to go on`;
  return (
    <div className={styles.progress} role="status">
      <span className="row spread">
        <span>
          {words}
          {failed > 0 && (
            <span className={styles.bad}>
              , {formatCount(failed)} could not be: {firstError}
            </span>
          )}
          {running?.waitsFor && <span className="muted">. {running.waitsFor}</span>}
          {running === undefined && failed === 0 && '. Those that stop again come back here.'}
        </span>
        {running !== undefined && (
          <Button size="small" onClick={running.stop}>
            Stop
          </Button>
        )}
      </span>
      <progress value={done + failed} max={total} aria-label={words} />
    </div>
  );
}
