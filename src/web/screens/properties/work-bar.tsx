import type { Work } from '../../app/works.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import styles from './bulk-bar.module.css';

/** Work that is under way: how far it is, what failed, what it waits for, and the way to stop it. */
export function WorkBar({ work }: { work: Work }) {
  const { words, done, total, isEstimate, note, failed, waitsFor, stop } = work;
  return (
    <div className={styles.bar} role="status">
      <span>
        {words} {formatCount(done)} of {isEstimate && 'about '}
        {formatCount(total)}
        {note !== null && <span className="muted"> · {note}</span>}
        {failed > 0 && <span className="error-text"> · {formatCount(failed)} failed</span>}
        {waitsFor !== null && <span className="muted"> · {waitsFor}</span>}
      </span>
      <progress
        className={styles.progress}
        value={Math.min(done, total)}
        max={Math.max(1, total)}
        aria-label="How far it is"
      />
      <Button size="small" onClick={stop}>
        Stop
      </Button>
    </div>
  );
}
