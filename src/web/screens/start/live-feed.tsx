import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { onEvent, useLiveState } from '../../app/live.ts';
import { formatMoment } from '../../lib/format.ts';
import styles from './start.module.css';

const SHOWN = 8;
const QUIET_MS = 25_000;

const WORDS: Readonly<Record<string, string>> = {
  'property.discovered': 'was read',
  'property.enriched': 'has its public records',
  'property.scored': 'is scored',
  'memo.generated': 'has its memo',
};

interface Line {
  id: string;
  text: string;
  propertyId: string | null;
  at: number;
}

/** The latest events, as they come; and what to do when none come. */
export function LiveFeed() {
  const { status } = useLiveState();
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [isQuiet, setQuiet] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const waitAnew = useCallback(() => {
    setQuiet(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setQuiet(true), QUIET_MS);
  }, []);
  useEffect(() => {
    waitAnew();
    return () => clearTimeout(timer.current);
  }, [waitAnew]);
  useEffect(
    () =>
      onEvent(({ id, type, propertyId }) => {
        const text = WORDS[type];
        if (text === undefined) return;
        waitAnew();
        setLines((was) => [{ id, text, propertyId, at: Date.now() }, ...was].slice(0, SHOWN));
      }),
    [waitAnew],
  );
  return (
    <div className={styles.feed}>
      {isQuiet && (
        <p className={styles.quiet} role="status">
          {status === 'live'
            ? 'Nothing has happened for a while. Public services may not be reachable from this machine: they are asked again until they answer or the waiting time is over. Operations → Health shows them.'
            : 'The live connection is interrupted. The counts above are asked for every few seconds.'}
        </p>
      )}
      <ol aria-label="Latest events">
        {lines.map(({ id, text, propertyId, at }) => (
          <li key={id}>
            <span className="small muted figures">{formatMoment(at)}</span>{' '}
            {propertyId === null ? (
              'A property'
            ) : (
              <Link to="/properties/$propertyId" params={{ propertyId }}>
                Property {propertyId.slice(0, 8)}
              </Link>
            )}{' '}
            {text}
          </li>
        ))}
        {lines.length === 0 && <li className="muted">Waiting for the first event…</li>}
      </ol>
    </div>
  );
}
