import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../../app/api.ts';
import { useLiveState } from '../../app/live.ts';
import { formatAgo, formatMoment } from '../../lib/format.ts';
import { Card } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { activityTone, activityWords } from './activity-words.ts';
import styles from './overview.module.css';

const SHOWN = 12;

/** What happened last, by itself as it happens. */
export function ActivityFeed() {
  const query = api.useQuery('get', '/api/v1/activity', { params: { query: { limit: SHOWN } } });
  const { status } = useLiveState();
  useTicking(30_000);
  return (
    <Card
      title="Activity"
      actions={<span className="small muted">{status === 'live' ? 'As it happens' : 'Not live now'}</span>}
      isFlush
    >
      <QueryView
        query={query}
        lines={6}
        isEmpty={({ items }) => items.length === 0}
        empty={<EmptyState title="Nothing has happened yet" />}
      >
        {({ items }) => (
          <ul className={styles.feed}>
            {items.map((one) => {
              const { who, what } = activityWords(one);
              return (
                <li key={one.id} className={styles.event} data-tone={activityTone(one.what)}>
                  <span className="grow">
                    <span className={styles.eventWhat}>
                      {who && <strong>{who} </strong>}
                      {who ? what : what.charAt(0).toUpperCase() + what.slice(1)}
                    </span>
                    {one.property && (
                      <Link
                        to="/properties/$propertyId"
                        params={{ propertyId: one.property.id }}
                        className={styles.eventPlace}
                      >
                        {one.property.label}
                      </Link>
                    )}
                  </span>
                  <time className="small muted" dateTime={one.at} title={formatMoment(one.at)}>
                    {formatAgo(one.at)}
                  </time>
                </li>
              );
            })}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}

/** Draws anew now and then, so that "3 minutes ago" stays true. */
function useTicking(everyMs: number): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
