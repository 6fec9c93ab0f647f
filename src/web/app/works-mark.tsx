import { Link, useRouterState } from '@tanstack/react-router';
import { formatCount } from '../lib/format.ts';
import { Button } from '../ui/button.tsx';
import { useWorks } from './works.ts';
import styles from './works-mark.module.css';

/** Work on many things, told on every screen but its own, which tells it better. */
export function WorksMark() {
  const works = useWorks();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shown = works.filter(({ to }) => to !== path);
  if (shown.length === 0) return null;
  return (
    <ul className={styles.works} aria-label="Work under way">
      {shown.map(({ key, words, to, done, total, isEstimate, note, failed, waitsFor, stop }) => (
        <li key={key} className={styles.work} role="status">
          <Link to={to}>
            {words} {formatCount(done)} of {isEstimate && 'about '}
            {formatCount(total)}
          </Link>
          {note !== null && <span className="muted">{note}</span>}
          {failed > 0 && <span className="error-text">{formatCount(failed)} failed</span>}
          {waitsFor !== null && <span className="muted">{waitsFor}</span>}
          <Button size="small" aria-label={`Stop ${words.toLowerCase()}`} onClick={stop}>
            Stop
          </Button>
        </li>
      ))}
    </ul>
  );
}
